using System.Text.RegularExpressions;
using Guerdon.Bounds.Edits;
using Guerdon.Dialects.Known;
using Guerdon.Outbound;
using Guerdon.Relay.Callers;
using Microsoft.Extensions.Options;

namespace Guerdon.Providers;

/// <summary>
/// What a provider must be like, wherever it is set: keys and prompts go to the addresses given there. Configuration is
/// checked when the program starts.
/// </summary>
internal sealed partial class ProviderRules : IValidateOptions<GatewayOptions>
{
    /// <summary>Longer than any key; a header that is longer is refused by servers.</summary>
    public const int MaxKeyLength = 4_096;

    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        var at = $"{GatewayOptions.Section}:Providers";
        List<string> wrong =
        [
            .. options.Providers.SelectMany(pair => Nulls(pair.Value).Select(reason => $"{at}:{pair.Key}:{reason}")),
        ];
        if (wrong.Count > 0) return ValidateOptionsResult.Fail(wrong); // what follows reads them
        wrong =
        [
            .. options.Providers.SelectMany(pair => Wrong(pair.Value).Select(reason => $"{at}:{pair.Key}:{reason}")),
            .. options.Providers.SelectMany(pair => NotAllowed(pair.Value, options).Select(
                reason => $"{at}:{pair.Key}:{reason}")),
            .. options.LocalProviders.Where(entry => !InsideAddresses.IsEntry(entry)).Select(
                entry => $"{GatewayOptions.Section}:LocalProviders: '{entry}' is not a host, host:port or network."),
            .. DialectsThatDiffer(options.Providers).Select(reason => $"{at}: {reason}"),
            .. options.AllowedOrigins.Where(origin => !BrowserAccess.IsOrigin(origin)).Select(origin =>
                $"{GatewayOptions.Section}:AllowedOrigins: '{origin}' is not an origin; write it as "
                    + "https://chat.example.com, with a port where it has one and without a path."),
        ];
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    /// <summary>Why this node may not call a provider where it is, or nothing.</summary>
    public static IEnumerable<string> NotAllowed(ProviderOptions settings, GatewayOptions options) =>
        TryAddress(settings.BaseUrl, out var address)
        && InsideAddresses.Wrong(address, options.AllowedInside) is { } reason
            ? [$"BaseUrl {reason}"]
            : [];

    // JSON can say null where a text was meant; what is left out is the usual one.
    private static IEnumerable<string> Nulls(ProviderOptions settings)
    {
        if (settings.Dialect is null) yield return $"Dialect is null: it must be {KnownDialects.Names}, or left out.";
        foreach (var (setting, text) in new (string, string?)[]
        {
            ("BaseUrl", settings.BaseUrl), ("ApiKey", settings.ApiKey), ("SecondKey", settings.SecondKey),
            ("Serves", settings.Serves), ("CapMember", settings.CapMember),
        })
        {
            if (text is null) yield return $"{setting} is null: it must be a text, or left out.";
        }
    }

    /// <summary>All that is wrong with one provider, each beginning with the setting's name. No key is in it.</summary>
    public static IEnumerable<string> Wrong(ProviderOptions settings)
    {
        if (!TryAddress(settings.BaseUrl, out var address))
            yield return "BaseUrl must be https, or http inside, without user, query or fragment.";
        else if (settings.ApiKey.Length == 0 && !address.IsLoopback)
            yield return "ApiKey is missing.";
        foreach (var (setting, key) in new[] { ("ApiKey", settings.ApiKey), ("SecondKey", settings.SecondKey) })
        {
            if (key.AsSpan().ContainsAnyExceptInRange('!', '~'))
                yield return $"{setting} has characters that no header can carry.";
            if (key.Length > MaxKeyLength) yield return $"{setting} has more than {MaxKeyLength} characters.";
        }

        if (!CapMembers.IsOne(settings.CapMember))
            yield return $"CapMember must be {CapMembers.Old} or {CapMembers.New}.";
        if (settings.Weight is < 0 or > 1_000_000) yield return "Weight must be from 0 to 1000000.";
    }

    /// <summary>Those who serve the same models must be called alike.</summary>
    public static IEnumerable<string> DialectsThatDiffer(
        IEnumerable<KeyValuePair<string, ProviderOptions>> providers) =>
        from pair in providers
        group pair.Value.Dialect by pair.Value.ServesOr(pair.Key).ToLowerInvariant() into dialects
        where dialects.Distinct().Count() > 1
        select $"those that serve {dialects.Key} differ in Dialect.";

    /// <summary>Whether a provider that is set, or whose models are served, can have this name.</summary>
    public static bool IsName(string? name) => name is not null && Name().IsMatch(name);

    /// <summary>
    /// The address as calls use it: without the <c>/v1</c>, <c>/v1beta</c> and the slash that people copy along.
    /// </summary>
    public static bool TryAddress(string text, out Uri address)
    {
        var trimmed = text.TrimEnd('/');
        if (trimmed.EndsWith("/v1", StringComparison.Ordinal)) trimmed = trimmed[..^3];
        if (trimmed.EndsWith("/v1beta", StringComparison.Ordinal)) trimmed = trimmed[..^7];
        if (!Uri.TryCreate(trimmed, UriKind.Absolute, out address!)) return false;

        var isSafe = address.Scheme == Uri.UriSchemeHttps
            || (address.Scheme == Uri.UriSchemeHttp && InsideAddresses.IsInside(address));
        return isSafe && address.UserInfo.Length == 0 && address.Query.Length == 0 && address.Fragment.Length == 0;
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,63}\z")]
    private static partial Regex Name();
}
