using System.Buffers;
using Guerdon.Dialects.Calls;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Dialects.Gemini;

/// <summary>Reads Gemini's addresses: <c>/v1beta/models/{model}:{method}</c> and its options.</summary>
internal static class GeminiPaths
{
    public const string KeyHeader = "x-goog-api-key";

    private const int MostModelChars = 256;
    private const string Stream = "streamGenerateContent";

    private static readonly SearchValues<char> ModelChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_");

    /// <summary>Whether a request is Gemini's: by its path, or by the header that Google's SDKs send.</summary>
    public static bool IsGemini(HttpRequest request) =>
        request.Headers.ContainsKey(KeyHeader)
        || request.Path.StartsWithSegments("/v1beta") || request.Path.StartsWithSegments("/v1alpha")
        || request.Path.StartsWithSegments("/upload")
        || (request.Path.StartsWithSegments("/v1/models", out var rest) && rest.Value?.Contains(':') == true);

    /// <summary>Whether the answer, and so a refusal, is an element of an array.</summary>
    public static bool IsArrayStream(HttpRequest request) =>
        request.Path.Value?.EndsWith(":" + Stream, StringComparison.Ordinal) == true && !IsSse(request.Query);

    /// <summary>The call that a path's last segment names, or why it is not served.</summary>
    public static Result<PathCall> Read(HttpRequest request, string segment)
    {
        var colon = segment.LastIndexOf(':');
        var model = colon < 0 ? "" : segment[..colon];
        if (CheckQuery(request.Query) is { } refused) return refused;

        var method = colon < 0 ? "" : segment[(colon + 1)..];
        var isSse = IsSse(request.Query);
        var api = method switch
        {
            "generateContent" => GeminiApis.GenerateContent,
            "countTokens" => GeminiApis.CountTokens,
            Stream => isSse ? GeminiApis.StreamEvents : GeminiApis.StreamArray,
            _ => null,
        };
        if (api is null)
            return DialectRefusals.PathNotServed.With($"{request.Method} {request.Path} is not served.");
        if (isSse && !api.IsStream)
            return DialectRefusals.UnknownOption.With($"'{method}' does not stream: 'alt=sse' is for streams.");
        return IsName(model) ? new PathCall(api, model)
            : DialectRefusals.UnknownModel.With("The path names no model.");
    }

    /// <summary>Refuses keys in the address, and options that are not known to leave the usage in the answer.</summary>
    /// <remarks><c>fields</c> leaves it out, <c>alt=proto</c> makes it unreadable. None at all is sent on.</remarks>
    public static Refused? CheckQuery(IQueryCollection query)
    {
        foreach (var name in query.Keys)
        {
            if (name is "key" or "access_token" or "oauth_token")
                return DialectRefusals.KeyInUrl.With($"The address carries a key, as '{name}'.");
        }

        foreach (var (name, values) in query)
        {
            var isKnown = name switch
            {
                "alt" => values is ["sse" or "json"],
                "$alt" => values is [{ } form] && form.Split(';')[0] == "json",
                "prettyPrint" or "pageSize" or "pageToken" => true,
                _ => false,
            };
            if (!isKnown) return DialectRefusals.UnknownOption.With("The address has an option that is not served.");
        }

        return null;
    }

    private static bool IsSse(IQueryCollection query) => query.TryGetValue("alt", out var alt) && alt is ["sse"];

    // It goes into the provider's address, so it must not lead anywhere else in it.
    private static bool IsName(string model) => model.Length is > 0 and <= MostModelChars
        && char.IsAsciiLetterOrDigit(model[0]) && !model.AsSpan().ContainsAnyExcept(ModelChars);
}
