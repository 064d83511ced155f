using System.Globalization;

namespace Guerdon.Pricing.TokenValue;

/// <summary>What a company used of one class of one model, and what that costs before and now.</summary>
/// <param name="Model">As in the price book.</param>
/// <param name="Class">Such as <c>input</c> or <c>long output</c>.</param>
/// <param name="Quantity">Tokens (or requests, of the class <c>request</c>) in the base period.</param>
/// <param name="BaseNanosPerMillion">Price of the base period.</param>
/// <param name="CurrentNanosPerMillion">Price of the period that is calibrated.</param>
public sealed record BasketRow(
    string Model, string Class, long Quantity, long BaseNanosPerMillion, long CurrentNanosPerMillion);

/// <summary>
/// How much more the base period's basket costs now: the sum of quantity × current price over the sum of
/// quantity × base price (Laspeyres). The fraction is exact and reduced. It is rounded once, half up, to
/// <see cref="Ppm"/>, and everything that follows is computed from that.
/// </summary>
public sealed record LaspeyresIndex
{
    private const int Million = 1_000_000;

    /// <summary>Sums in nano-USD per million, reduced. As text, since they pass what JSON readers
    /// take for exact.</summary>
    public required string Numerator { get; init; }

    public required string Denominator { get; init; }

    /// <summary>In millionths: 1,000,000 where nothing has changed.</summary>
    public required long Ppm { get; init; }

    /// <summary>The index of a basket; null where the basket cost nothing, so that there is
    /// nothing to compare.</summary>
    /// <exception cref="OverflowException">The basket passes 10^31 nano-USD, or the index a trillion.</exception>
    public static LaspeyresIndex? Of(IEnumerable<BasketRow> basket)
    {
        Int128 before = 0, now = 0;
        foreach (var row in basket)
        {
            before = checked(before + (Int128)row.Quantity * row.BaseNanosPerMillion);
            now = checked(now + (Int128)row.Quantity * row.CurrentNanosPerMillion);
        }

        if (before <= 0) return null;
        var common = Gcd(before, now);
        (before, now) = (before / common, now / common);
        return new LaspeyresIndex
        {
            Numerator = now.ToString(CultureInfo.InvariantCulture),
            Denominator = before.ToString(CultureInfo.InvariantCulture),
            Ppm = checked((long)((now * 2 * Million + before) / (before * 2))),
        };
    }

    /// <summary>A token's worth once the basket costs this much: the same token buys the same basket. Rounded once,
    /// half up, to a whole nano-USD, and at least one.</summary>
    /// <param name="valueNanos">Its worth at the end of the base period.</param>
    public long ValueOf(long valueNanos)
    {
        var scaled = (Int128)valueNanos * Ppm;
        return Math.Max(1, checked((long)((scaled * 2 + Million) / (2 * Million))));
    }

    private static Int128 Gcd(Int128 a, Int128 b)
    {
        while (b != 0) (a, b) = (b, a % b);
        return a;
    }
}
