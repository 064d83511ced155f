using Guerdon.Kernel;
using Guerdon.People.Employees;

namespace Guerdon.Plans;

/// <summary>How last period's use moves an allowance: <c>1 + weight × (used share − target)</c>,
/// within bounds.</summary>
/// <param name="TargetPpm">The share of the last allowance whose use changes nothing.</param>
/// <param name="WeightPpm">How much of the difference counts.</param>
/// <param name="LeastPpm">Never below this factor.</param>
/// <param name="MostPpm">Never above this factor.</param>
public sealed record UsageFactor(int TargetPpm, int WeightPpm, int LeastPpm, int MostPpm)
{
    /// <summary>The factor in millionths, rounded to the nearest.</summary>
    /// <param name="usedMilli">Of the last period's allowance.</param>
    /// <param name="grantedMilli">The last period's allowance; 0: there was none, and nothing changes.</param>
    public int Of(long usedMilli, long grantedMilli)
    {
        if (grantedMilli <= 0) return Factors.One;
        var used = (Int128)usedMilli * Factors.One / grantedMilli;
        var moved = (used - TargetPpm) * WeightPpm;
        var factor = Factors.One + (moved + (moved < 0 ? -1 : 1) * Factors.One / 2) / Factors.One;
        return (int)Int128.Clamp(factor, LeastPpm, MostPpm);
    }
}

/// <summary>What an allowance is multiplied by, in millionths. Each is in the plan, for everybody to read.</summary>
/// <param name="ByLevel">By level; one that is not named has 1.</param>
/// <param name="ByTeam">How complex a team's projects are: the nearest team above somebody counts; else 1.</param>
/// <param name="Usage">By last period's use; null: switched off.</param>
public sealed record Factors(
    IReadOnlyDictionary<string, int> ByLevel, IReadOnlyDictionary<string, int> ByTeam, UsageFactor? Usage)
{
    /// <summary>A factor of 1.</summary>
    public const int One = 1_000_000;

    public static readonly Factors None = new(new Dictionary<string, int>(), new Dictionary<string, int>(), null);

    /// <summary>The three factors of somebody.</summary>
    public FactorsOf Of(Person person, long usedMilli, long grantedMilli) => new(
        ByLevel.GetValueOrDefault(person.Level, One), OfTeam(person.Team),
        Usage?.Of(usedMilli, grantedMilli) ?? One);

    private int OfTeam(string team)
    {
        for (var path = team; path.Length > 0; path = path[..Math.Max(0, path.LastIndexOf('/'))])
            if (ByTeam.TryGetValue(path, out var factor)) return factor;
        return One;
    }
}

/// <summary>One person's factors, in millionths.</summary>
public readonly record struct FactorsOf(int Level, int Team, int Usage)
{
    public bool AreOne => (Level, Team, Usage) == (Factors.One, Factors.One, Factors.One);

    /// <summary>An amount times all three, rounded once, to the nearest.</summary>
    /// <exception cref="OverflowException">It passes what a ledger can count.</exception>
    public Usd Times(Usd amount)
    {
        if (AreOne) return amount;
        var scale = (Int128)Factors.One * Factors.One * Factors.One;
        return new Usd(checked((long)(((Int128)amount.Nanos * Level * Team * Usage + scale / 2) / scale)));
    }

    /// <summary>As <c>level 1.25, complexity 1.2</c>; those of 1 are left out.</summary>
    public override string ToString() => string.Join(", ",
        new[] { ("level", Level), ("complexity", Team), ("usage", Usage) }.Where(f => f.Item2 != Factors.One)
            .Select(f => $"{f.Item1} {Decimals.Format(f.Item2, 6, 0)}"));
}
