using Guerdon.Dialects.Calls;
using Guerdon.Pricing.Costing;

namespace Guerdon.Dialects.Gemini;

/// <summary>Tools that Google runs, by the member that asks for each.</summary>
internal static class GeminiTools
{
    // Charged by the prompt unless the model's row says that it is by the query.
    private static readonly HostedRule Grounding = new("web_search", HostedTool.GroundedPrompt, Bounded.Once);
    private static readonly HostedRule GroundingByQuery = new("web_search", HostedTool.WebSearch, Bounded.ByQueries);
    private static readonly HostedRule Maps = new("maps", HostedTool.MapsPrompt, Bounded.Once);
    private static readonly HostedRule Urls =
        new("url_context", HostedTool.WebFetch, Bounded.Once) { IsFreeUnpriced = true };

    private static readonly HostedRule Code = new("code_execution", null, Bounded.Once);
    private static readonly HostedRule Files = new("file_search", null, Bounded.Once);
    private static readonly HostedRule Remote = new("mcp", null, Bounded.ByNothing) { BringsAtOnce = true };

    public static readonly IReadOnlyList<HostedRule> All =
        [Grounding, GroundingByQuery, Maps, Urls, Code, Files, Remote];

    public static HostedRule? Of(in FoldedName name)
    {
        if (name.Is("googlesearch"u8) || name.Is("googlesearchretrieval"u8) || name.Is("enterprisewebsearch"u8))
            return Grounding;
        if (name.Is("googlemaps"u8)) return Maps;
        if (name.Is("urlcontext"u8)) return Urls;
        if (name.Is("codeexecution"u8)) return Code;
        if (name.Is("filesearch"u8)) return Files;
        return name.Is("mcpservers"u8) ? Remote : null;
    }

    /// <summary>The same tool by what its model's row has a fee for: newer models charge each query of a search.
    /// </summary>
    public static HostedCall ByFee(HostedCall call, Price price) =>
        call.Rule == Grounding && price.FeeOf(HostedTool.GroundedPrompt) is null
            && price.FeeOf(HostedTool.WebSearch) is not null
            ? call with { Rule = GroundingByQuery }
            : call;
}
