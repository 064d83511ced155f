using Guerdon.Dialects.Calls;

namespace Guerdon.Dialects.Anthropic;

/// <summary>Top-level members of Anthropic's requests.</summary>
internal static class AnthropicMembers
{
    public static readonly NameTable<Member> Messages = new(
        (Member.Model, ["model"]), (Member.Content, ["messages"]), (Member.System, ["system"]),
        (Member.Stream, ["stream"]), (Member.Cap, ["max_tokens"]), (Member.Tools, ["tools"]),
        (Member.Thinking, ["thinking"]), (Member.CacheControl, ["cache_control"]),
        (Member.ServiceTier, ["service_tier"]), (Member.Speed, ["speed"]), (Member.Geography, ["inference_geo"]),
        (Member.Servers, ["mcp_servers"]), (Member.Beyond, ["container", "thread"]),
        (Member.Fallbacks, ["fallbacks"]), (Member.Contexts, ["context_management"]),
        (Member.Compaction, ["compaction"]), (Member.OtherModel, ["models", "fallback", "fallback_model", "route"]),
        (Member.Known, ["temperature", "top_p", "top_k", "diagnostics", "fallback_credit_token",
            "billing_policy", "anthropic_version"]),
        (Member.Betas, ["anthropic_beta", "betas"]),
        (Member.OutputConfig, ["output_config", "output_format"]),
        (Member.Free, ["metadata", "stop_sequences", "tool_choice"]));

    public static readonly NameTable<Member> CountTokens = new(
        (Member.Model, ["model"]), (Member.Content, ["messages"]));
}
