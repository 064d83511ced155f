using Guerdon.Dialects.Calls;
using Guerdon.Pricing.Costing;

namespace Guerdon.Bounds.Plans;

/// <summary>A model that may answer, at the most expensive of the rows that the answer may be charged by.</summary>
/// <param name="Name">As the caller named it.</param>
/// <param name="Price">Of the model.</param>
/// <param name="Cap">Its own output cap; without tokens where the call's holds for it.</param>
public readonly record struct PlannedModel(string Name, Price Price, AskedCap Cap);

/// <summary>A tool that the provider may run, and how far.</summary>
/// <param name="Call">The tool.</param>
/// <param name="Limit">What the policy lets it have.</param>
/// <param name="Advisor">The model that it runs, if it runs one.</param>
public readonly record struct PlannedTool(HostedCall Call, ToolLimit Limit, PlannedModel? Advisor)
{
    public HostedRule Rule => Call.Rule;
}

/// <summary>
/// All that the provider may do in the course of one call, and the most that it can cost. docs/holds.md gives the rule,
/// and why it is true.
/// </summary>
/// <param name="Facts">The call.</param>
/// <param name="Models">The asked one first, then those that answer where it declines.</param>
/// <param name="Tools">What the provider may run.</param>
public sealed record CallPlan(CallFacts Facts, IReadOnlyList<PlannedModel> Models, IReadOnlyList<PlannedTool> Tools)
{
    /// <summary>More uses than any tool is let have: no ceiling.</summary>
    public const int NoCeiling = int.MaxValue;

    // More than for a call, because a summary or an advisor reads the conversation and, around it,
    // words of the provider's.
    private const int TemplateTokens = 2_048;

    private Price Asked => Models[0].Price;

    /// <summary>Every model that may run, by which rates count.</summary>
    public IEnumerable<PlannedModel> Named => Models.Concat(Tools.Select(tool => tool.Advisor).OfType<PlannedModel>());

    /// <summary>One model, one run: the call's own bounds say all.</summary>
    public bool IsPlain => Models.Count == 1 && Tools.Count == 0 && !Facts.Compacts;

    /// <summary>Each answer has a search's fee, whether it tells of one or not.</summary>
    public bool IsSureToSearch => Tools.Count > 0 && Tools.Any(tool => tool.Rule.IsCertain);

    /// <summary>The most that the call can cost with this output cap.</summary>
    /// <param name="outputCap">Over all choices.</param>
    /// <param name="ceiling">No tool is used more often.</param>
    /// <param name="tokenValueNanos">What a compute token is worth.</param>
    public Costing AtMost(long outputCap, int ceiling, long tokenValueNanos) =>
        Cost.AtMost(Bounds(outputCap, ceiling).ToArray(), tokenValueNanos);

    /// <summary>The most tokens that all its models together can read and write.</summary>
    public long TokensAtMost(long outputCap, int ceiling)
    {
        long tokens = 0;
        foreach (var bound in Bounds(outputCap, ceiling)) tokens += bound.Input + bound.Output;
        return tokens;
    }

    /// <summary>The ceiling below this one, or null where fewer uses would hold no less than their fees.</summary>
    public int? Lower(int ceiling)
    {
        var most = 0;
        var isLong = OwnUses(ceiling) > HostedRule.MostTurns;
        foreach (var tool in Tools)
            if (tool.Rule.Bound == Bounded.ByMaxToolCalls || (tool.Rule.Bound == Bounded.ByItsMaxUses
                && (isLong || tool.Advisor is not null || tool.Limit.TokensPerUse is not null)))
                most = Math.Max(most, UsesOf(tool, ceiling));
        return most > 1 ? most / 2 : null;
    }

    /// <summary>How often a tool may be used.</summary>
    public int UsesOf(in PlannedTool tool, int ceiling)
    {
        var most = Math.Min(tool.Limit.MaxUses, ceiling);
        return tool.Rule.Bound switch
        {
            Bounded.ByItsMaxUses => (int)Math.Min(tool.Call.MaxUses.Tokens ?? most, most),
            Bounded.ByMaxToolCalls => ToolCalls(ceiling),
            Bounded.ByNothing => tool.Limit.MaxUses,
            Bounded.ByQueries => HostedRule.MostQueries * (int)Facts.Choices,
            _ => (int)Facts.Choices, // once a prompt, or in one container
        };
    }

    /// <summary>What goes out as <c>max_tool_calls</c>, which all tools share; 0 where no tool needs it.</summary>
    public int ToolCalls(int ceiling)
    {
        var least = int.MaxValue;
        foreach (var tool in Tools)
            if (tool.Rule.Bound == Bounded.ByMaxToolCalls) least = Math.Min(least, tool.Limit.MaxUses);
        if (least == int.MaxValue) return 0;
        return (int)Math.Min(Facts.MaxToolCalls.Tokens ?? least, Math.Min(least, ceiling));
    }

    /// <summary>How many turns a model may take, each of which reads the whole context again. Anthropic's tools share
    /// its turns, and a tool that has had its uses may be asked for in the rest of them.</summary>
    public int Turns(int ceiling)
    {
        var (turns, isAnthropics) = (1 + ToolCalls(ceiling), false);
        foreach (var tool in Tools)
        {
            isAnthropics |= tool.Rule.Bound is Bounded.ByTurns or Bounded.ByItsMaxUses;
            if (tool.Rule.Bound is Bounded.ByNothing or Bounded.Once) turns += UsesOf(tool, ceiling);
            if (tool.Rule.Bound == Bounded.ByQueries) turns += (int)Facts.Choices;
        }

        return isAnthropics ? turns + Math.Max(OwnUses(ceiling), HostedRule.MostTurns) : turns;
    }

    private int OwnUses(int ceiling)
    {
        var uses = 0;
        foreach (var tool in Tools)
            if (tool.Rule.Bound == Bounded.ByItsMaxUses) uses += UsesOf(tool, ceiling);
        return uses;
    }

    private static long CapOf(in PlannedModel model, long outputCap) =>
        model.Cap.Tokens is { } own ? Math.Min(own, model.Price.MaxOutputTokens) : outputCap;

    private List<CostBound> Bounds(long outputCap, int ceiling)
    {
        var turns = Turns(ceiling);
        var isBroughtAtOnce = Tools.Any(tool => tool.Rule.BringsAtOnce);
        var bounds = new List<CostBound>();
        for (var i = 0; i < Models.Count; i++)
        {
            var (model, context) = (Models[i].Price, Context(Models[i].Price, outputCap, ceiling));
            // A model that takes over begins with the context, since it reads what the ones
            // before have read and written.
            var first = i == 0 && !isBroughtAtOnce ? CallBounds.Input(Facts, model) : context;
            var output = (CapOf(Models[i], outputCap) + CallBounds.BesideCap(Facts, model))
                * (Facts.Api.CapIsPerTurn ? turns : 1);
            bounds.Add(CostBound.OfTokens(model, first + (turns - 1) * context, output, MediaRules.MayUse(Facts)));
            if (Facts.Compacts)
                bounds.Add(CostBound.OfTokens(model, turns * model.ContextTokens, turns * model.MaxOutputTokens));
        }

        AddTools(bounds, outputCap, ceiling);
        return bounds;
    }

    private void AddTools(List<CostBound> bounds, long outputCap, int ceiling)
    {
        (HostedTool Tool, long Nanos)? shared = null; // of those that share their uses, the most expensive
        long? context = null; // of whichever model asks an advisor
        foreach (var tool in Tools)
        {
            if (tool.Advisor is { } advisor) bounds.Add(OfAdvisor(advisor, UsesOf(tool, ceiling), context ??= Most()));
            if (tool.Rule.Fee is not { } fee || Asked.FeeOf(fee) is not { } usd) continue;
            if (tool.Rule.Bound != Bounded.ByMaxToolCalls)
                bounds.Add(CostBound.OfUses(Asked, fee, UsesOf(tool, ceiling)));
            else if (shared is null || usd.Nanos > shared.Value.Nanos) shared = (fee, usd.Nanos);
        }

        if (shared is { } dearest) bounds.Add(CostBound.OfUses(Asked, dearest.Tool, ToolCalls(ceiling)));

        long Most() => Models.Max(model => Context(model.Price, outputCap, ceiling));
    }

    private static CostBound OfAdvisor(in PlannedModel advisor, int uses, long context)
    {
        var reads = Math.Min(advisor.Price.ContextTokens, context + TemplateTokens);
        return CostBound.OfTokens(advisor.Price, uses * reads, uses * AdviceOf(advisor));
    }

    private static long AdviceOf(in PlannedModel advisor) =>
        Math.Min(advisor.Cap.Tokens ?? advisor.Price.MaxOutputTokens, advisor.Price.MaxOutputTokens);

    private long Context(Price price, long outputCap, int ceiling)
    {
        long written = 0; // in each turn at most, by whichever model has the largest cap
        foreach (var model in Models) written = Math.Max(written, CapOf(model, outputCap));
        // Twice, because a use too many is answered by an error, which is no longer than the words that asked for it.
        if (OwnUses(ceiling) > 0) written *= 2;
        // More turns are counted, because a model that declines has written too, and the next one makes the turn again.
        var context = CallBounds.Input(Facts, price) + written * (Turns(ceiling) + Math.Max(0, Models.Count - 2));
        foreach (var tool in Tools)
        {
            var uses = tool.Rule.Bound == Bounded.ByTurns ? HostedRule.MostTurns : UsesOf(tool, ceiling);
            if (tool.Advisor is { } advisor) context += uses * AdviceOf(advisor);
            if (!tool.Rule.Brings) context += uses * TemplateTokens;
            else if (tool.Limit.TokensPerUse is { } each) context += uses * each;
            else return price.ContextTokens;
        }

        return Math.Min(context, price.ContextTokens);
    }
}
