using Guerdon.Dialects.Calls;
using Guerdon.Pricing.Costing;

namespace Guerdon.Dialects.Anthropic;

/// <summary>Tools that Anthropic runs, each as often as its own <c>max_uses</c> says, or in each of the turns that it
/// takes.</summary>
internal static class AnthropicTools
{
    private static readonly HostedRule Search = new("web_search", HostedTool.WebSearch, Bounded.ByItsMaxUses);
    private static readonly HostedRule Fetch =
        new("web_fetch", HostedTool.WebFetch, Bounded.ByItsMaxUses) { IsFreeUnpriced = true };

    private static readonly HostedRule Code = new("code_execution", HostedTool.CodeExecution, Bounded.ByTurns);
    private static readonly HostedRule Advisor =
        new("advisor", null, Bounded.ByItsMaxUses) { Brings = false, RunsModel = true };

    private static readonly HostedRule FindTools = new("tool_search", null, Bounded.ByTurns) { MayBeCallers = true };

    public static readonly ToolTable Table = new(
        ("web_search_2", Search), ("web_fetch_2", Fetch), ("code_execution_2", Code), ("advisor_2", Advisor),
        ("tool_search_tool_regex", FindTools), ("tool_search_tool_bm25", FindTools),
        ("mcp_toolset", HostedRules.RemoteServers), ("bash_2", null), ("text_editor_2", null), ("computer_2", null),
        ("memory_2", null), ("computer_toolset_2", null), ("browser_toolset_2", null));
}
