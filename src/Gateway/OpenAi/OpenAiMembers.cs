namespace Stipend.Gateway;

/// <summary>Top-level members of OpenAI's requests that the gateway acts on; it forwards all others unread.</summary>
internal static class OpenAiMembers
{
    public static readonly MemberName[] Chat =
    [
        new("model", Member.Model),
        new("messages", Member.Content),
        new("stream", Member.Stream),
        new("stream_options", Member.StreamOptions),
        new("max_completion_tokens", Member.Cap),
        new("max_tokens", Member.OldCap),
        new("n", Member.Choices),
        new("tools", Member.Tools),
        new("functions", Member.Functions),
        new("service_tier", Member.ServiceTier),
        new("web_search_options", Member.Beyond),
        new("modalities", Member.Modalities),
        new("audio", Member.Audio),
    ];

    public static readonly MemberName[] Responses =
    [
        new("model", Member.Model),
        new("input", Member.Content),
        new("stream", Member.Stream),
        new("max_output_tokens", Member.Cap),
        new("tools", Member.Tools),
        new("service_tier", Member.ServiceTier),
        new("background", Member.Background),
        new("previous_response_id", Member.Beyond),
        new("conversation", Member.Beyond2),
        new("prompt", Member.Beyond3),
    ];

    public static readonly MemberName[] Images =
    [
        new("model", Member.Model),
        new("prompt", Member.Content),
        new("stream", Member.Stream),
        new("n", Member.Choices),
        new("partial_images", Member.PartialImages),
    ];

    public static readonly MemberName[] Embeddings = [new("model", Member.Model), new("input", Member.Content)];
}
