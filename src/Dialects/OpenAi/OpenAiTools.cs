using Guerdon.Dialects.Calls;
using Guerdon.Pricing.Costing;

namespace Guerdon.Dialects.OpenAi;

/// <summary>Tools that OpenAI runs: all together as often as the body's <c>max_tool_calls</c> says.</summary>
internal static class OpenAiTools
{
    private const Bounded Together = Bounded.ByMaxToolCalls;

    private static readonly HostedRule Search = new("web_search", HostedTool.WebSearch, Together);
    private static readonly HostedRule Files = new("file_search", HostedTool.FileSearch, Together);
    private static readonly HostedRule Pictures =
        new("image_generation", HostedTool.ImageGeneration, Together) { Model = "gpt-image-1" };

    private static readonly HostedRule Remote = HostedRules.RemoteServers with { Bound = Together };
    private static readonly HostedRule FindTools = new("tool_search", null, Together) { MayBeCallers = true };

    public static readonly ToolTable Table = new(
        ("web_search", Search), ("file_search", Files), ("code_interpreter", HostedRules.Container),
        ("image_generation", Pictures), ("mcp", Remote), ("tool_search", FindTools));
}
