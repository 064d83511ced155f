using Guerdon.Dialects.Calls;

namespace Guerdon.Dialects.OpenAi;

/// <summary>OpenAI's calls.</summary>
internal static class OpenAiApis
{
    private const string StandardTier = "default";

    public static readonly Api Chat = new(OpenAiDialect.Instance, "Chat", "/v1/chat/completions")
    {
        Members = OpenAiMembers.Chat, Makes = Made.Capped, CapName = "max_completion_tokens",
        StandardTier = StandardTier, MustAskForUsage = true, HostsTools = false, DiffersByMaker = true,
    };

    public static readonly Api Responses = new(OpenAiDialect.Instance, "Responses", "/v1/responses")
    {
        Members = OpenAiMembers.Responses, ContentName = "input", Content = ContentForm.Items, Makes = Made.Capped,
        CapName = "max_output_tokens", StandardTier = StandardTier, IsTriedBySocket = true,
    };

    public static readonly Api Embeddings = new(OpenAiDialect.Instance, "Embeddings", "/v1/embeddings")
    {
        Members = OpenAiMembers.Embeddings, ContentName = "input", Content = ContentForm.Texts,
        Makes = Made.Nothing, AnswersInBulk = true,
    };

    /// <summary>Pictures from a prompt, by models that price them by tokens.</summary>
    public static readonly Api Images = new(OpenAiDialect.Instance, "Images", "/v1/images/generations")
    {
        Members = OpenAiMembers.Images, ContentName = "prompt", Content = ContentForm.Prompt, Makes = Made.Pictures,
        AnswersInBulk = true,
    };

    /// <summary>Makes a conversation shorter; the model writes what stands in its place.</summary>
    public static readonly Api Compact = new(OpenAiDialect.Instance, "Compact", "/v1/responses/compact")
    {
        Members = OpenAiMembers.Responses, ContentName = "input", Content = ContentForm.Items, Makes = Made.Uncapped,
        StandardTier = StandardTier,
    };

    public static readonly IReadOnlyList<Api> All = [Chat, Responses, Embeddings, Images, Compact];
}
