using Guerdon.Dialects.Known;
using Guerdon.Gateway.Keys;
using Guerdon.Relay.Callers;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Gateway.Forwarding;

/// <summary>
/// The headers that callers' keys come in, as each provider's tools send them. None of them goes up:
/// <see cref="HeaderRules.Up"/> has none.
/// </summary>
internal static class KeyHeaders
{
    private const string Scheme = "Bearer ";
    private const int MostKeys = 8; // a caller cannot have us look up more

    /// <summary>In the order in which they are tried: OpenAI's, Anthropic's, Azure's, Google's.</summary>
    public static readonly IReadOnlyList<string> Names =
        [.. KnownDialects.All.SelectMany(dialect => dialect.CallerKeyHeaders)];

    /// <summary>What may be a key, in that order, each once.</summary>
    public static IEnumerable<string> Presented(IHeaderDictionary headers)
    {
        var seen = new List<string>(2);
        foreach (var name in Names)
            foreach (var value in headers[name])
            {
                if (KeyIn(name, value) is not { Length: > 0 } key || seen.Contains(key)) continue;
                yield return key;
                seen.Add(key);
                if (seen.Count == MostKeys) yield break;
            }
    }

    // Some tools send the same setting in each header, so that a scheme may come in any of them.
    private static string? KeyIn(string name, string? value)
    {
        if (value is null) return null;
        if (value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return value[Scheme.Length..].Trim();
        return name == "Authorization" && !value.StartsWith(ApiKey.Prefix, StringComparison.Ordinal)
            ? null // another scheme
            : value.Trim();
    }
}
