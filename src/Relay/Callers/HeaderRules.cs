using System.Buffers;
using System.Collections.Frozen;
using System.Net.Http.Headers;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Relay.Callers;

/// <summary>
/// Which headers pass between callers and providers: those on two lists, and no others. docs/guides/clients.md shows
/// both, and a test compares them.
/// </summary>
public static class HeaderRules
{
    /// <summary>The longest value that goes up, in bytes: providers refuse header sections of
    /// more than 16 KB.</summary>
    public const int MostBytes = 8_192;

    /// <summary>All values that go up, together.</summary>
    public const int MostBytesTogether = 12_288;

    private static readonly SearchValues<char> Sendable = SearchValues.Create(
        "\t" + string.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code)));

    /// <summary>Callers' headers that go up. None of them carries a credential or says who pays.</summary>
    // Left out on purpose: openai-organization and openai-project, which must match the company's key; accept and
    // x-goog-fieldmask, which change the answer that the usage is read from; x-goog-user-project, which bills another;
    // idempotency-key, since two callers may choose the same one and are one account to the provider.
    public static readonly FrozenSet<string> Up = Set(
        "anthropic-beta", "anthropic-version", "conversation_id", "openai-beta", "originator", "session-id",
        "session_id", "thread-id", "user-agent", "version", "x-app", "x-claude-code-session-id", "x-client-request-id",
        "x-codex-beta-features", "x-codex-installation-id", "x-codex-parent-thread-id", "x-codex-turn-metadata",
        "x-codex-turn-state", "x-codex-window-id", "x-goog-api-client", "x-openai-subagent", "x-sandbox",
        "x-server-timeout", "x-stainless-arch", "x-stainless-async", "x-stainless-helper", "x-stainless-helper-method",
        "x-stainless-lang", "x-stainless-os", "x-stainless-package-version", "x-stainless-poll-helper",
        "x-stainless-read-timeout", "x-stainless-retry-count", "x-stainless-runtime", "x-stainless-runtime-version",
        "x-stainless-timeout");

    /// <summary>Providers' headers that come down. A last '*' stands for any end.</summary>
    // Left out, because it makes the caller's program act on our address (location, set-cookie, clear-site-data,
    // strict-transport-security, alt-svc, refresh, link …), is for one hop alone, or names the company's account.
    public static readonly FrozenSet<string> Down = Set(
        "anthropic-ratelimit-*", "content-encoding", "content-type", "openai-model", "openai-processing-ms",
        "openai-version", "request-id", "retry-after", "retry-after-ms", "x-codex-turn-state", "x-ratelimit-*",
        "x-reasoning-included", "x-request-id", "x-should-retry");

    private static readonly string[] DownPrefixes = [.. Down.Where(IsPrefix).Select(name => name[..^1])];

    public static bool PassesUp(string name) => Up.Contains(name);

    public static bool PassesDown(string name)
    {
        if (Down.Contains(name) && !IsPrefix(name)) return true;
        foreach (var prefix in DownPrefixes)
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    /// <summary>Why a caller's headers cannot be sent on, or null.</summary>
    public static Refused? Refuses(IHeaderDictionary headers)
    {
        var together = 0;
        foreach (var (name, values) in headers)
        {
            if (!PassesUp(name)) continue;
            var value = (string?)values ?? "";
            if (value.AsSpan().IndexOfAnyExcept(Sendable) is >= 0 and var at)
                return RelayRefusals.UnsendableHeader.With(
                    $"'{name}' has a character that no header can carry, at {at + 1}.");
            if (value.Length > MostBytes)
                return RelayRefusals.UnsendableHeader.With(
                    $"'{name}' has {value.Length} bytes, {MostBytes} may be sent.");
            together += name.Length + value.Length;
        }

        return together <= MostBytesTogether
            ? null
            : RelayRefusals.UnsendableHeader.With(
                $"The headers for the provider have {together} bytes together, {MostBytesTogether} may be sent.");
    }

    /// <summary>Copies what goes up. <see cref="Refuses"/> has looked at it.</summary>
    public static void CopyUp(IHeaderDictionary from, HttpRequestHeaders to)
    {
        foreach (var (name, values) in from)
        {
            if (PassesUp(name)) to.TryAddWithoutValidation(name, (string?)values);
        }
    }

    /// <summary>Copies what comes down. A value that the caller's connection could not carry is left out.</summary>
    public static void CopyDown(HttpResponseMessage from, IHeaderDictionary to)
    {
        Copy(from.Headers.NonValidated, to);
        Copy(from.Content.Headers.NonValidated, to);
        to.CacheControl = "no-store"; // it is one person's, whatever the provider says
        to.XContentTypeOptions = "nosniff";
        if (IsPage(to.ContentType)) to.ContentType = "text/plain";
    }

    // A page of a provider's own proxy, which answers for its failures, must not pass as one of ours.
    // By the text, however it is written: browsers read what no parser of ours does.
    private static bool IsPage(string? type) => type is not null
        && (type.Contains("html", StringComparison.OrdinalIgnoreCase)
            || type.Contains("xml", StringComparison.OrdinalIgnoreCase)
            || type.Contains("script", StringComparison.OrdinalIgnoreCase));

    private static void Copy(HttpHeadersNonValidated from, IHeaderDictionary to)
    {
        foreach (var (name, values) in from)
        {
            if (!PassesDown(name)) continue;
            var value = values.ToString();
            if (value.Length <= MostBytes && !value.AsSpan().ContainsAnyExcept(Sendable)) to[name] = value;
        }
    }

    private static bool IsPrefix(string name) => name.EndsWith('*');

    private static FrozenSet<string> Set(params string[] names) => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
