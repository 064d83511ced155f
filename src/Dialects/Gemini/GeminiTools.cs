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

    // By the member of a tool that asks for it, in small letters.
    private static readonly (string[] Members, HostedRule Rule)[] Rows =
    [
        (["googlesearch", "googlesearchretrieval", "enterprisewebsearch"], Grounding),
        (["googlemaps"], Maps), (["urlcontext"], Urls), (["codeexecution"], Code), (["filesearch"], Files),
        (["mcpservers"], Remote),
    ];

    private static readonly NameTable<int> RowOf = new(Rows.Select((row, number) => (number, row.Members)));

    /// <summary>Those that a body can ask for.</summary>
    public static IEnumerable<HostedRule> Rules => Rows.Select(row => row.Rule);

    public static HostedRule? Of(in FoldedName name) => RowOf.OfFolded(name) is { } number ? Rows[number].Rule : null;

    /// <summary>The same tool by what its model's row has a fee for: newer models charge each query of a search.
    /// </summary>
    public static HostedCall ByFee(HostedCall call, Price price) =>
        call.Rule == Grounding && price.FeeOf(HostedTool.GroundedPrompt) is null
            && price.FeeOf(HostedTool.WebSearch) is not null
            ? call with { Rule = GroundingByQuery }
            : call;
}
