using Guerdon.Dialects.Calls;

namespace Guerdon.Dialects.Anthropic;

/// <summary>Anthropic's calls.</summary>
internal static class AnthropicApis
{
    public static readonly Api Messages = new(AnthropicDialect.Instance, "Messages", "/v1/messages")
    {
        Members = AnthropicMembers.Messages, Makes = Made.Capped, CapName = "max_tokens", CapIsPerTurn = true,
        CapMayBeZero = true, // which writes nothing but a cache
        StandardTier = "standard_only",
    };

    /// <summary>Counts tokens and generates none.</summary>
    public static readonly Api CountTokens = new(AnthropicDialect.Instance, "CountTokens", "/v1/messages/count_tokens")
    {
        Members = AnthropicMembers.CountTokens, Makes = Made.Nothing, IsFree = true,
    };

    public static readonly IReadOnlyList<Api> All = [Messages, CountTokens];
}
