using Guerdon.Bounds.Plans;
using Guerdon.Dialects;
using Guerdon.Dialects.Calls;
using Guerdon.Gateway.Keys;
using Guerdon.Kernel;
using Guerdon.Policies;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;

namespace Guerdon.Gateway.Forwarding;

/// <summary>Makes a plan of a call: every model and tool that the provider may run has passed key, policy and
/// price.</summary>
/// <param name="Book">The prices.</param>
/// <param name="Now">When the call came.</param>
/// <param name="Key">Whose key calls.</param>
/// <param name="Policy">What binds the caller; null: nothing does.</param>
/// <param name="Body">Of the call, to say where something stands in it.</param>
internal readonly record struct ModelRules(
    PriceBook Book, DateTimeOffset Now, ApiKey Key, Policy? Policy, ReadOnlyMemory<byte> Body)
{
    /// <summary>The row by which the call is charged unless the answer says otherwise, or why there is none.</summary>
    public Result<Price> Find(in CallFacts facts)
    {
        if (Book.Find(facts.Model, Now) is not { } standard)
            return DialectRefusals.UnknownModel.With($"There is no price for model '{facts.Model}'.");
        if (Refuses(facts.Model, standard) is { } refused) return refused;
        return OfTier(facts.Model, facts.Tier) is { } price
            ? facts.Widened(price)
            : DialectRefusals.Unpriced.With(
                $"There is no price for model '{facts.Model}' in the tier '{NameOf(facts.Tier)}'.");
    }

    /// <summary>Why a model may not be run for this caller, or null.</summary>
    public Refused? Refuses(string model, Price price)
    {
        if (!Key.MayCall(model) && !Key.MayCall(price.Model))
            return GatewayRefusals.ModelNotAllowed.With($"This key may not call '{model}'.");
        return Policy?.Refuses(model, price);
    }

    /// <summary>All that the provider may do for the call, or why it may not.</summary>
    public Result<CallPlan> Plan(in CallFacts facts, Price price)
    {
        var asked = new PlannedModel(facts.Model, facts.Widened(DearestOf(facts.Model, price, facts.Tier)), default);
        if (IsUnbounded(facts.Api, asked.Price))
            return DialectRefusals.Unbounded.With(
                $"'model' is '{facts.Model}', which searches or runs models as often as it sees fit.");
        var searches = facts.Api.Dialect.IsMadeToSearch(facts.Api, asked.Price);
        if (facts.Fallbacks is null && facts.Hosted is null && !searches)
            return new CallPlan(facts, [asked], []);

        var models = new List<PlannedModel> { asked };
        foreach (var named in facts.Fallbacks ?? [])
        {
            var tier = named.IsFast || facts.Tier == ServiceTier.Fast ? ServiceTier.Fast : facts.Tier;
            if (!Named(named, price.Provider, tier).Is(out var model, out var no)) return no;
            models.Add(model with { Price = facts.Widened(model.Price) });
        }

        var tools = new List<PlannedTool>();
        List<HostedCall> hosted = [.. facts.Hosted ?? []];
        if (searches)
        {
            hosted.RemoveAll(call => call.Rule == HostedRules.ChatSearch);
            hosted.Add(new HostedCall(HostedRules.ChatSearchAlways, facts.ModelAt));
        }

        foreach (var call in hosted)
        {
            if (!Tool(call, asked.Price, facts).Is(out var tool, out var no)) return no;
            tools.Add(tool);
        }

        return new CallPlan(facts, models, tools);
    }

    /// <summary>Whether the standard tier must be asked for, since the provider's settings could choose
    /// a more expensive one.</summary>
    public bool SetsTier(CallPlan plan)
    {
        var (facts, book, now) = (plan.Facts, Book, Now);
        if (facts.NamesTier || facts.Api.StandardTier is null) return false;
        return facts.AsksOpenTier
            || (facts.Tier == ServiceTier.Standard
                && plan.Named.Any(model => book.Find(model.Name, ServiceTier.Priority, now) is not null));
    }

    // xAI's agents run as many models as they see fit, whatever they are called by, so nothing bounds their cost.
    private static bool IsUnbounded(Api api, Price price) =>
        price.Model.Contains("multi-agent", StringComparison.Ordinal) || api.Dialect.IsUnbounded(api, price);

    private Result<PlannedModel> Named(NamedModel named, string provider, ServiceTier tier)
    {
        if (Book.Find(named.Name, Now) is not { } standard || standard.Provider != provider)
            return DialectRefusals.UnknownModel.With(
                $"{Where(named.At)} names '{named.Name}', for which there is no price of {provider}'s.");
        if (Refuses(named.Name, standard) is { } no)
            return no with { Detail = $"{no.Detail} It is {Where(named.At)}." };
        if (OfTier(named.Name, tier) is not { } price)
            return DialectRefusals.Unpriced.With(
                $"{Where(named.At)} names '{named.Name}', for which there is no price in the tier '{NameOf(tier)}'.");
        return new PlannedModel(named.Name, DearestOf(named.Name, price, tier), named.Cap);
    }

    private Result<PlannedTool> Tool(HostedCall call, Price price, in CallFacts facts)
    {
        call = facts.Api.Dialect.ByFee(call, price);
        var rule = call.Rule;
        var limit = Policy is null ? ToolLimit.Default : Policy.LimitOf(rule.Name);
        if (limit is not { MaxUses: > 0 })
            return Policy!.RefusesTool(rule.Name, Where(call.At));
        if (rule.Bound == Bounded.ByNothing && !limit.IsStated)
            return DialectRefusals.Unbounded.With(
                $"{Where(call.At)} is the tool '{rule.Name}', whose uses nothing bounds that can be sent. A policy can "
                + "say for how many uses it is held (hosted_tools).");
        // Others who speak a dialect need not know what bounds a tool in it, so the bound only counts at its own
        // provider.
        if ((rule.Bound == Bounded.ByMaxToolCalls && price.Provider != "openai")
            || (rule.Bound is Bounded.ByItsMaxUses or Bounded.ByTurns && price.Provider != "anthropic"))
            return DialectRefusals.Unbounded.With(
                $"{Where(call.At)} is the tool '{rule.Name}', whose uses cannot be bounded at {price.Provider}.");
        if (Unpriced(rule, price, facts) is { } why)
            return DialectRefusals.Unpriced.With($"{Where(call.At)} is the tool '{rule.Name}', {why}.");
        if (rule.Model is { } runs && Book.Find(runs, Now) is { } other && Refuses(runs, other) is { } no)
            return no with { Detail = $"{no.Detail} {Where(call.At)} runs it." };
        if (call.Model is not { } named) return new PlannedTool(call, limit, null);
        return Named(named, price.Provider, ServiceTier.Standard).Is(out var advisor, out var refused)
            ? new PlannedTool(call, limit, advisor with { Price = facts.Widened(advisor.Price) }) : refused;
    }

    // Reads the body again, so only a refusal asks for it.
    private string Where(int at) => BodyPath.At(Body.Span, at);

    private static string? Unpriced(HostedRule rule, Price price, in CallFacts facts)
    {
        if (rule.Fee is not { } fee || rule.IsFreeUnpriced || facts.Api.IsFree || price.FeeOf(fee) is not null)
            return null;
        return $"for which the price of '{facts.Model}' has no fee";
    }

    private Price? OfTier(string model, ServiceTier tier) => Book.Find(model, tier, Now)?.Price;

    // Held at the more expensive of both rows, because what is asked in another tier may be served in the standard one.
    private Price DearestOf(string model, Price price, ServiceTier tier) =>
        tier == ServiceTier.Standard || OfTier(model, ServiceTier.Standard) is not { } standard
            ? price
            : DearestPrice.Of(price, standard);

    private static string NameOf(ServiceTier tier) => tier.ToString().ToLowerInvariant();
}
