using System.Collections.Frozen;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace Stipend.Gateway;

/// <summary>
/// Which headers pass. A caller's pass by name, a provider's unless named: credentials are the callers'.
/// </summary>
internal static class HeaderRules
{
    private static readonly FrozenSet<string> FromCaller = new[]
    {
        "accept", "user-agent", "idempotency-key", "x-client-request-id", "x-app", "originator", "session_id",
        "conversation_id", "version", "x-goog-api-client", "x-server-timeout",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // Not x-goog- as a whole: x-goog-fieldmask leaves the usage out of answers, x-goog-user-project bills another.
    private static readonly string[] FromCallerPrefixes =
        ["anthropic-", "openai-", "x-stainless-", "x-sandbox", "x-codex-"];

    // Those of one hop, those that Kestrel writes itself, and those that would bind the caller to the provider's host.
    private static readonly FrozenSet<string> NotFromProvider = new[]
    {
        "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "te", "trailer", "transfer-encoding",
        "upgrade", "content-length", "date", "server", "set-cookie", "alt-svc", "strict-transport-security",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool PassesUp(string name)
    {
        if (FromCaller.Contains(name)) return true;
        foreach (var prefix in FromCallerPrefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    public static bool PassesDown(string name) =>
        !NotFromProvider.Contains(name) && !name.StartsWith("x-stipend-", StringComparison.OrdinalIgnoreCase);

    public static void CopyUp(IHeaderDictionary from, HttpRequestHeaders to)
    {
        foreach (var (name, values) in from)
        {
            if (PassesUp(name)) to.TryAddWithoutValidation(name, (string?)values);
        }
    }

    public static void CopyDown(HttpResponseMessage from, IHeaderDictionary to)
    {
        foreach (var (name, values) in from.Headers.NonValidated)
        {
            if (PassesDown(name)) to[name] = values.ToString();
        }

        foreach (var (name, values) in from.Content.Headers.NonValidated)
        {
            if (PassesDown(name)) to[name] = values.ToString();
        }
    }
}
