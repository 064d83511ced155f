using Guerdon.Dialects.Calls;

namespace Guerdon.Dialects.Gemini;

/// <summary>Gemini's calls: the path names the model and the method.</summary>
internal static class GeminiApis
{
    private const string Cap = "maxOutputTokens";
    private const string Config = "generationConfig";
    private const string Contents = "contents";

    public static readonly Api GenerateContent =
        new(GeminiDialect.Instance, "GenerateContent", "/v1beta/models/{model}:generateContent")
        {
            ContentName = Contents, Makes = Made.Capped, CapName = Cap, CapParent = Config,
        };

    /// <summary>The stream of events, <c>?alt=sse</c>.</summary>
    public static readonly Api StreamEvents =
        new(GeminiDialect.Instance, "StreamEvents", "/v1beta/models/{model}:streamGenerateContent?alt=sse")
        {
            ContentName = Contents, Makes = Made.Capped, CapName = Cap, CapParent = Config, IsStream = true,
        };

    /// <summary>The stream as one JSON array, an element a chunk: what it sends without <c>alt=sse</c>.</summary>
    public static readonly Api StreamArray =
        new(GeminiDialect.Instance, "StreamArray", "/v1beta/models/{model}:streamGenerateContent")
        {
            ContentName = Contents, Makes = Made.Capped, CapName = Cap, CapParent = Config, IsStream = true,
            IsArray = true,
        };

    /// <summary>Counts tokens and generates none.</summary>
    public static readonly Api CountTokens =
        new(GeminiDialect.Instance, "GeminiCountTokens", "/v1beta/models/{model}:countTokens")
        {
            ContentName = Contents, Makes = Made.Nothing, IsFree = true,
        };

    public static readonly IReadOnlyList<Api> All = [GenerateContent, StreamEvents, StreamArray, CountTokens];
}
