using Guerdon.Pricing.Costing;

namespace Guerdon.Dialects.Calls;

/// <summary>What kind of a tool a body brings.</summary>
public enum ToolKind
{
    /// <summary>The caller runs it, and the body describes it whole.</summary>
    Declared = 1,

    /// <summary>The caller runs it, and the provider describes it to the model.</summary>
    BuiltIn,

    /// <summary>The provider runs it.</summary>
    Hosted,
}

/// <summary>How often the provider may use a tool by itself in one call.</summary>
public enum Bounded
{
    /// <summary>As often as the tool's <c>max_uses</c> says.</summary>
    ByItsMaxUses = 1,

    /// <summary>All tools together as often as the body's <c>max_tool_calls</c> says.</summary>
    ByMaxToolCalls,

    /// <summary>In each of Anthropic's own turns, which it ends after <see cref="HostedRule.MostTurns"/>.</summary>
    ByTurns,

    /// <summary>Once for each prompt, however much is looked up.</summary>
    Once,

    /// <summary>Once for each prompt, with up to <see cref="HostedRule.MostQueries"/> that are charged each.</summary>
    ByQueries,

    /// <summary>By nothing that the provider says: only the policy can say for how many uses it is held.</summary>
    ByNothing,
}

/// <summary>What is known of a tool that a provider runs by itself.</summary>
/// <param name="Name">As the policy's <c>hosted_tools</c> calls it.</param>
/// <param name="Fee">What a use is charged as; null: nothing but its tokens.</param>
/// <param name="Bound">What bounds its uses.</param>
public sealed record HostedRule(string Name, HostedTool? Fee, Bounded Bound)
{
    /// <summary>Turns of its own tools after which Anthropic ends a call with <c>pause_turn</c>. A tool that has had
    /// its uses may be asked for until then: each try is answered by an error, and the model reads it all again.
    /// </summary>
    public const int MostTurns = 10;

    /// <summary>Queries of a search that Gemini makes for one prompt: many times what was ever seen of it, for it
    /// states no limit.</summary>
    public const int MostQueries = 100;

    /// <summary>Whether what it brings into the context is bounded by nothing but the window. Otherwise it brings what
    /// a model writes.</summary>
    public bool Brings { get; init; } = true;

    /// <summary>What it brings is there before it is first used: servers of tools are asked for their lists.</summary>
    public bool BringsAtOnce { get; init; }

    /// <summary>Whether it is free of a fee where the model's row has none for it.</summary>
    public bool IsFreeUnpriced { get; init; }

    /// <summary>It is used for every answer, which need not tell.</summary>
    public bool IsCertain { get; init; }

    /// <summary>It runs a model that the tool itself names.</summary>
    public bool RunsModel { get; init; }

    /// <summary>The model that it runs where it names none; it must be approved too.</summary>
    public string? Model { get; init; }

    /// <summary>It runs in a container, whose size has a price.</summary>
    public bool HasContainer { get; init; }
}

/// <summary>The tools that Guerdon knows, by the dialect's own words for them.</summary>
public static class HostedRules
{
    /// <summary>Tools of the provider's in one body: as many tools of any kind as OpenAI takes.</summary>
    public const int MostTools = 128;

    /// <summary>Uses that a tool is let have where neither the policy nor the caller names fewer.</summary>
    public const int DefaultUses = 5;

    private static readonly HostedRule Search = new("web_search", HostedTool.WebSearch, Bounded.ByItsMaxUses);
    private static readonly HostedRule Fetch =
        new("web_fetch", HostedTool.WebFetch, Bounded.ByItsMaxUses) { IsFreeUnpriced = true };
    private static readonly HostedRule Code = new("code_execution", HostedTool.CodeExecution, Bounded.ByTurns);
    private static readonly HostedRule Advisor =
        new("advisor", null, Bounded.ByItsMaxUses) { Brings = false, RunsModel = true };
    private static readonly HostedRule FindTools = new("tool_search", null, Bounded.ByTurns);
    private static readonly HostedRule Remote = new("mcp", null, Bounded.ByTurns) { BringsAtOnce = true };

    private static readonly HostedRule Search2 = Search with { Bound = Bounded.ByMaxToolCalls };
    private static readonly HostedRule Files =
        new("file_search", HostedTool.FileSearch, Bounded.ByMaxToolCalls);
    private static readonly HostedRule Code2 = Code with { Bound = Bounded.ByMaxToolCalls, HasContainer = true };
    private static readonly HostedRule Pictures =
        new("image_generation", HostedTool.ImageGeneration, Bounded.ByMaxToolCalls) { Model = "gpt-image-1" };
    private static readonly HostedRule Remote2 = Remote with { Bound = Bounded.ByMaxToolCalls };
    private static readonly HostedRule FindTools2 = FindTools with { Bound = Bounded.ByMaxToolCalls };

    /// <summary>Chat's search models look up once before they answer.</summary>
    public static readonly HostedRule ChatSearch = Search with { Bound = Bounded.Once };

    /// <summary>The same for a model that is made to search: it does so for each answer.</summary>
    public static readonly HostedRule ChatSearchAlways = ChatSearch with { IsCertain = true };

    /// <summary>Anthropic's servers of tools, which the body's root names.</summary>
    public static HostedRule RemoteServers => Remote;

    /// <summary>A container that a shell of OpenAI's runs in.</summary>
    public static HostedRule Shell => Code2;

    /// <summary>OpenAI's search among deferred tools, where it runs at the provider.</summary>
    public static HostedRule ToolSearch => FindTools2;

    /// <summary>Every name that a policy may use.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "web_search", "web_fetch", "code_execution", "advisor", "tool_search", "mcp", "file_search",
        "image_generation", "maps", "url_context",
    ];

    private static readonly NameTable<ToolKind> OfCaller = new(
        (ToolKind.Declared,
        [
            "function", "custom", "namespace", "tool_reference", "tool_definition", "mcp_tool_reference",
            "mcp_toolset_reference",
        ]),
        (ToolKind.BuiltIn, ["local_shell", "shell", "apply_patch", "computer", "computer_use_preview"]));

    private static readonly (string Prefix, HostedRule? Rule)[] Anthropics =
    [
        ("web_search_2", Search), ("web_fetch_2", Fetch), ("code_execution_2", Code), ("advisor_2", Advisor),
        ("tool_search_tool_regex", FindTools), ("tool_search_tool_bm25", FindTools), ("mcp_toolset", Remote),
        ("bash_2", null), ("text_editor_2", null), ("computer_2", null), ("memory_2", null),
        ("computer_toolset_2", null), ("browser_toolset_2", null),
    ];

    private static readonly (string Prefix, HostedRule? Rule)[] OpenAis =
    [
        ("web_search", Search2), ("file_search", Files), ("code_interpreter", Code2),
        ("image_generation", Pictures), ("mcp", Remote2), ("tool_search", FindTools2),
    ];

    // Google's names, folded. A search is charged by the prompt, or by the query where the row says so.
    public static HostedRule? OfGemini(in FoldedName name)
    {
        if (name.Is("googlesearch"u8) || name.Is("googlesearchretrieval"u8) || name.Is("enterprisewebsearch"u8))
            return Grounding;
        if (name.Is("googlemaps"u8)) return Maps;
        if (name.Is("urlcontext"u8)) return Urls;
        if (name.Is("codeexecution"u8)) return GeminiCode;
        if (name.Is("filesearch"u8)) return GeminiFiles;
        return name.Is("mcpservers"u8) ? GeminiRemote : null;
    }

    private static readonly HostedRule Grounding = new("web_search", HostedTool.GroundedPrompt, Bounded.Once);
    private static readonly HostedRule GroundingByQuery = new("web_search", HostedTool.WebSearch, Bounded.ByQueries);
    private static readonly HostedRule Maps = new("maps", HostedTool.MapsPrompt, Bounded.Once);
    private static readonly HostedRule Urls =
        new("url_context", HostedTool.WebFetch, Bounded.Once) { IsFreeUnpriced = true };
    private static readonly HostedRule GeminiCode = new("code_execution", null, Bounded.Once);
    private static readonly HostedRule GeminiFiles = new("file_search", null, Bounded.Once);
    private static readonly HostedRule GeminiRemote = new("mcp", null, Bounded.ByNothing) { BringsAtOnce = true };

    /// <summary>The same tool by what its model's row has a fee for: newer models of Gemini's charge each query of a
    /// search.</summary>
    public static HostedCall ByFee(HostedCall call, Price price) =>
        call.Rule == Grounding && price.FeeOf(HostedTool.GroundedPrompt) is null
            && price.FeeOf(HostedTool.WebSearch) is not null
            ? call with { Rule = GroundingByQuery }
            : call;

    /// <summary>Takes note of a tool, or refuses the body where it has too many: a plan looks at each of them often.
    /// </summary>
    public static void Add(ref StrictJson json, ref CallFacts facts, HostedCall call)
    {
        if (facts.Hosted?.Count >= MostTools)
            json.Refuse(DialectRefusals.MalformedBody, call.At,
                $"{{0}}, at byte {call.At + 1} of the body, is one too many: it may have up to {MostTools} tools that "
                + "the provider runs.");
        else (facts.Hosted ??= []).Add(call);
    }

    /// <summary>What a tool's <c>type</c> means, which the reader stands on; null where nobody knows.</summary>
    public static (ToolKind Kind, HostedRule? Rule)? Of(Dialect dialect, in StrictJson json)
    {
        if (OfCaller.OfValue(json) is { } kind) return (kind, null);
        Span<byte> buffer = stackalloc byte[128];
        if (!json.TryPlain(buffer, out var type)) return null;
        foreach (var (prefix, rule) in dialect == Dialect.Anthropic ? Anthropics : OpenAis)
        {
            if (!IsVersionOf(type, prefix)) continue;
            return rule is null ? (ToolKind.BuiltIn, null) : (ToolKind.Hosted, rule);
        }

        return null;
    }

    // A name may go on with a date or a version, such as _2025_08_26, _preview or _20251119.
    private static bool IsVersionOf(ReadOnlySpan<byte> type, string prefix)
    {
        if (type.Length < prefix.Length || !System.Text.Ascii.Equals(type[..prefix.Length], prefix)) return false;
        var rest = type[prefix.Length..];
        if (rest.StartsWith("_preview"u8)) rest = rest["_preview"u8.Length..];
        foreach (var letter in rest)
            if (letter != '_' && letter is < (byte)'0' or > (byte)'9') return false;
        return true;
    }
}
