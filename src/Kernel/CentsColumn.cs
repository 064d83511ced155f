namespace Guerdon.Kernel;

/// <summary>
/// Money in a column whose rows, cut to cents, add up to its total, cut to cents: each row is what the sum so far grows
/// by, and so can be a cent more than it would be alone. A row that adds no cent, and is less than one, stays as it is.
/// </summary>
public static class CentsColumn
{
    /// <summary>The rows as they are shown, in their order.</summary>
    public static IReadOnlyList<Usd> Of(IEnumerable<Usd> rows) =>
        [.. Rows(0, rows.Select(r => (Int128)r.Nanos), 1).Select(r => r!.Value)];

    /// <summary>What each row's tokens are worth, where an opening balance and the rows make a closing one.</summary>
    /// <returns>For each row; null where it is more than <see cref="Usd"/> can hold.</returns>
    public static IReadOnlyList<Usd?> Of(Tokens opening, IEnumerable<Tokens> rows, long nanosPerToken) =>
        [.. Rows((Int128)opening.Milli * nanosPerToken, rows.Select(r => (Int128)r.Milli * nanosPerToken), 1_000)];

    private static IEnumerable<Usd?> Rows(Int128 sum, IEnumerable<Int128> rows, int scale)
    {
        foreach (var row in rows)
        {
            var (alone, cents) = (row / scale, Cut(sum + row) - Cut(sum));
            sum += row;
            var shown = cents == 0 && Int128.Abs(alone) < Usd.Cent ? alone : cents;
            yield return shown >= long.MinValue && shown <= long.MaxValue ? new Usd((long)shown) : null;
        }

        Int128 Cut(Int128 nanos) => nanos / scale / Usd.Cent * Usd.Cent;
    }
}
