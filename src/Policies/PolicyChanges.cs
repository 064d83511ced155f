using System.Globalization;
using Guerdon.Bounds.Plans;
using Guerdon.Pricing.Costing;

namespace Guerdon.Policies;

/// <summary>One thing that another policy would change.</summary>
/// <param name="What">Such as <c>model gpt-5</c> or <c>max_body_bytes</c>.</param>
/// <param name="Was">By the policy in force.</param>
/// <param name="Becomes">By the other.</param>
internal sealed record PolicyChange(string What, string Was, string Becomes);

/// <summary>Compares policies by what they do to the models that the price book has.</summary>
internal static class PolicyChanges
{
    private const string None = "none";
    private const string ForSome = "for ";
    private const string AsForAll = "as for all";

    /// <param name="was">The policy in force; null: none.</param>
    /// <param name="becomes">The other.</param>
    /// <param name="prices">Every model that can be called.</param>
    public static IReadOnlyList<PolicyChange> Of(Policy? was, Policy becomes, IReadOnlyList<Price> prices)
    {
        var before = Facts(was ?? new Policy(), prices);
        var after = Facts(becomes, prices);
        return
        [
            .. from what in before.Keys.Union(after.Keys)
            let missing = what.StartsWith(ForSome, StringComparison.Ordinal) ? AsForAll : None
            let old = before.GetValueOrDefault(what, missing)
            let now = after.GetValueOrDefault(what, missing)
            where old != now
            select new PolicyChange(what, old, now),
        ];
    }

    /// <summary>What a policy says of everything that can be called, by setting.</summary>
    internal static Dictionary<string, string> Facts(Policy policy, IReadOnlyList<Price> prices)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["closed"] = policy.Closed ?? "open",
            ["max_body_bytes"] = policy.MaxBodyBytes?.ToString(CultureInfo.InvariantCulture) ?? None,
        };
        foreach (var (tool, limit) in policy.HostedTools) facts[$"hosted_tools {tool}"] = Words(limit);
        foreach (var member in policy.Members) facts[$"members {member}"] = "pass";
        foreach (var rule in policy.Rates) facts[$"rates {rule.Number}"] = rule.Words;
        foreach (var price in prices) facts[$"model {price.Model}"] = Fate(policy, price);
        foreach (var section in policy.Sections) AddSection(facts, section.Rules, prices);
        return facts;
    }

    // Only what differs from the rules for all.
    private static void AddSection(Dictionary<string, string> facts, Policy rules, IReadOnlyList<Price> prices)
    {
        foreach (var (what, fact) in Facts(rules with { Sections = [] }, prices))
            if (facts.GetValueOrDefault(what) != fact) facts[$"{ForSome}{rules.Whom}: {what}"] = fact;
        if (rules.Rates.Count == 0 && facts.ContainsKey("rates 1")) facts[$"{ForSome}{rules.Whom}: rates"] = None;
    }

    private static string Words(ToolLimit limit) => limit.MaxUses == 0 ? "refused"
        : limit.TokensPerUse is { } tokens ? $"{limit.MaxUses} uses of {tokens} tokens" : $"{limit.MaxUses} uses";

    private static string Fate(Policy policy, Price price)
    {
        if (policy.Services.Refuses(price.Provider, price.Provider) is { } service)
            return $"refused: services.{service}";
        if (policy.Models.Refuses(price.Model, price.Model) is { } model) return $"refused: models.{model}";
        return policy.IsZeroRated(price.Model, price) ? "approved, zero-rated" : "approved";
    }
}
