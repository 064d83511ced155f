namespace Guerdon.Grants.Lines;

/// <summary>What a person was granted before, and how they used it.</summary>
/// <param name="Had">Kinds granted to them in this period, or at all where they come once, as <c>kind</c> or, for
/// tiers, <c>tier:name</c>.</param>
/// <param name="Tiers">Tiers unlocked for them.</param>
/// <param name="LastGrantedMilli">The allowance of the period before.</param>
/// <param name="LastUsedMilli">What they were charged in that period.</param>
internal sealed record PersonHistory(
    IReadOnlyList<string> Had, IReadOnlyList<string> Tiers, long LastGrantedMilli, long LastUsedMilli)
{
    public static readonly PersonHistory None = new([], [], 0, 0);

    public bool Has(string kind) => Had.Contains(kind);
}
