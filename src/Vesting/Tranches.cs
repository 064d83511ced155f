namespace Guerdon.Vesting;

/// <summary>
/// What one condition gives in so many instalments, spread in whole units. It depends on nothing that comes after the
/// condition, so that the future cannot change the past.
/// </summary>
/// <param name="Type">How to spread.</param>
/// <param name="Count">Instalments.</param>
/// <param name="Each">What one of them is worth exactly, in units over <paramref name="Denominator"/>.</param>
/// <param name="Before">What the conditions before were worth exactly, likewise.</param>
/// <param name="VestedBefore">What vested of that, in whole units.</param>
/// <param name="Denominator">Of the terms; up to a thousand million.</param>
/// <param name="Most">The whole grant, which is never passed.</param>
internal readonly record struct Tranches(
    AllocationType Type, int Count, Int128 Each, Int128 Before, long VestedBefore, long Denominator, long Most)
{
    /// <summary>What has vested of all conditions after so many instalments, in whole units.</summary>
    public long After(int instalments)
    {
        var exact = Before + Each * instalments;
        var vested = Type switch
        {
            AllocationType.CumulativeRounding => (2 * exact + Denominator) / (2 * Denominator),
            AllocationType.CumulativeRoundDown or AllocationType.Fractional => exact / Denominator,
            _ => VestedBefore + Loaded(instalments),
        };
        return (long)Int128.Clamp(vested, VestedBefore, Most);
    }

    private Int128 Loaded(int instalments)
    {
        if (instalments == 0) return 0;
        var total = Int128.Clamp((Before + Each * Count) / Denominator, VestedBefore, Most) - VestedBefore;
        var (equal, over) = Int128.DivRem(total, Count);
        return equal * instalments + Type switch
        {
            AllocationType.FrontLoaded => Int128.Min(instalments, over),
            AllocationType.BackLoaded => Int128.Max(0, instalments - (Count - over)),
            AllocationType.FrontLoadedToSingleTranche => over,
            AllocationType.BackLoadedToSingleTranche => instalments == Count ? over : 0,
            _ => 0,
        };
    }
}
