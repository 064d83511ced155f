using Guerdon.Dialects.Anthropic;
using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Gemini;
using Guerdon.Dialects.OpenAi;

namespace Guerdon.Dialects;

/// <summary>Whose words a caller speaks. Refusals go back in the same.</summary>
public enum Dialect
{
    OpenAi = 1,
    Anthropic = 2,
    Gemini = 3,
}

/// <summary>The calls that the gateway forwards; every other path is refused.</summary>
public enum Api
{
    Chat = 1,
    Responses = 2,
    Embeddings = 3,
    Messages = 4,

    /// <summary>Counts tokens and generates none. Providers give it away, so it passes without a hold.</summary>
    CountTokens = 5,

    // Gemini names the model and the method in the path.
    GenerateContent = 6,

    /// <summary>Gemini's stream of events, <c>?alt=sse</c>.</summary>
    StreamEvents = 7,

    /// <summary>Gemini's stream as one JSON array, an element a chunk: what it sends without <c>alt=sse</c>.</summary>
    StreamArray = 8,

    /// <summary>Gemini's count, free like the other.</summary>
    GeminiCountTokens = 9,

    /// <summary>Pictures from a prompt, by models that price them by tokens.</summary>
    Images = 10,

    /// <summary>Makes a conversation shorter; the model writes what stands in its place.</summary>
    Compact = 11,
}

public static class Apis
{
    private sealed record Row(Dialect Dialect, string Path, NameTable<Member>? Members, string? CapName = null);

    // By the enum's numbers. In a path {model} stands for the model's name.
    private static readonly Row[] Table =
    [
        null!, // no API has the number 0
        new(Dialect.OpenAi, "/v1/chat/completions", OpenAiMembers.Chat, "max_completion_tokens"),
        new(Dialect.OpenAi, "/v1/responses", OpenAiMembers.Responses, "max_output_tokens"),
        new(Dialect.OpenAi, "/v1/embeddings", OpenAiMembers.Embeddings),
        new(Dialect.Anthropic, "/v1/messages", AnthropicMembers.Messages, "max_tokens"),
        new(Dialect.Anthropic, "/v1/messages/count_tokens", AnthropicMembers.CountTokens),
        new(Dialect.Gemini, "/v1beta/models/{model}:generateContent", null, "maxOutputTokens"),
        new(Dialect.Gemini, "/v1beta/models/{model}:streamGenerateContent?alt=sse", null, "maxOutputTokens"),
        new(Dialect.Gemini, "/v1beta/models/{model}:streamGenerateContent", null, "maxOutputTokens"),
        new(Dialect.Gemini, "/v1beta/models/{model}:countTokens", null),
        new(Dialect.OpenAi, "/v1/images/generations", OpenAiMembers.Images),
        new(Dialect.OpenAi, "/v1/responses/compact", OpenAiMembers.Responses),
    ];

    /// <summary>Those whose path is the same for every model.</summary>
    public static readonly Api[] OfOnePath = [.. Enum.GetValues<Api>().Where(api => api.Dialect != Dialect.Gemini)];

    extension(Api api)
    {
        public Dialect Dialect => Table[(int)api].Dialect;

        /// <summary>The path below a provider's address, which is also the path that callers use.</summary>
        public string Path => Table[(int)api].Path;

        /// <summary>The members of its body that count; Gemini's are <see cref="GeminiReader"/>'s own.</summary>
        public NameTable<Member> Members => Table[(int)api].Members!;

        /// <summary>What it calls the output cap; null where it generates nothing.</summary>
        public string? CapName => Table[(int)api].CapName;

        /// <summary>Providers charge nothing for it.</summary>
        public bool IsFree => api is Api.CountTokens or Api.GeminiCountTokens;

        public string PathOf(string model) => api.Path.Replace("{model}", model, StringComparison.Ordinal);
    }
}
