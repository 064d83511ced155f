using Guerdon.Pricing.Costing;

namespace Guerdon.Metering.Reconciliation;

/// <summary>One class of tokens that providers report and Guerdon books.</summary>
internal sealed record TokenClass(string Name, bool IsInput, Func<Usage, long> Of, Func<Usage, long, Usage> With);

/// <summary>The classes that are compared, and sums over them.</summary>
internal static class TokenClasses
{
    public static readonly IReadOnlyList<TokenClass> All =
    [
        new("input", true, u => u.Input, (u, n) => u with { Input = n }),
        new("cached input", true, u => u.CachedInput, (u, n) => u with { CachedInput = n }),
        new("cache writes of 5 minutes", true, u => u.CacheWrite5m, (u, n) => u with { CacheWrite5m = n }),
        new("cache writes of an hour", true, u => u.CacheWrite1h, (u, n) => u with { CacheWrite1h = n }),
        new("output", false, u => u.Output, (u, n) => u with { Output = n }),
    ];

    public static Usage Plus(this Usage a, Usage b) => Each(c => checked(c.Of(a) + c.Of(b)));

    /// <summary>The difference; a class may fall below zero.</summary>
    public static Usage Minus(this Usage a, Usage b) => Each(c => checked(c.Of(a) - c.Of(b)));

    public static Usage Sum(IEnumerable<Usage> usages) => usages.Aggregate(default(Usage), Plus);

    public static bool IsZero(this Usage usage) => All.All(c => c.Of(usage) == 0);

    /// <summary>A usage class by class; without reasoning, which no provider reports.</summary>
    public static Usage Each(Func<TokenClass, long> tokens) =>
        All.Aggregate(default(Usage), (usage, c) => c.With(usage, tokens(c)));
}
