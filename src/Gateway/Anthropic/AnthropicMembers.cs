namespace Stipend.Gateway;

/// <summary>
/// Top-level members of Anthropic's requests that the gateway acts on; it forwards all others unread.
/// </summary>
internal static class AnthropicMembers
{
    public static readonly MemberName[] Messages =
    [
        new("model", Member.Model),
        new("messages", Member.Content),
        new("system", Member.System),
        new("stream", Member.Stream),
        new("max_tokens", Member.Cap),
        new("tools", Member.Tools),
        new("thinking", Member.Thinking),
        new("cache_control", Member.CacheControl),
        new("service_tier", Member.ServiceTier),
        new("speed", Member.Speed),
        new("inference_geo", Member.Geography),
        new("mcp_servers", Member.Beyond),
        new("container", Member.Beyond2),
    ];

    public static readonly MemberName[] CountTokens = [new("model", Member.Model), new("messages", Member.Content)];
}
