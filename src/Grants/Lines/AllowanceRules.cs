using Guerdon.Kernel;
using Guerdon.People.Spans;
using Guerdon.Plans;

namespace Guerdon.Grants.Lines;

/// <summary>What a grant is worth, and the tokens that makes.</summary>
public readonly record struct GrantAmount(Usd Money, Tokens Tokens);

/// <summary>
/// From pay to tokens, in integers. A year is rounded once, to the nearest nano-USD; its months share it without a
/// remainder; a grant is rounded up, so that nobody gets less than the plan says, by less than a milli-token.
/// </summary>
public static class AllowanceRules
{
    private const int WholePpm = 1_000_000;
    private const int MonthsPerYear = 12;

    /// <summary>A year's allowance, or null where it passes a billion USD: then the pay or the rate
    /// is a mistake.</summary>
    /// <param name="share">The share.</param>
    /// <param name="payCents">A year's pay in the currency's smallest unit.</param>
    /// <param name="rateNanos">Nano-USD that one unit of the currency is worth.</param>
    /// <param name="perUnit">How many of those one unit of the currency has.</param>
    /// <param name="ofFullTimeBp">Where it is to be as for full time: the part of it that is paid, in hundredths of a
    /// percent.</param>
    public static Usd? OfYear(
        ShareOfPay share, long payCents, long rateNanos, long perUnit = 100, int ofFullTimeBp = Standing.FullTimeBp)
    {
        // A share s of the new total is s / (1 - s) of the pay, because the rest, 1 - s, is the pay itself.
        var whole = share.Mode == ShareMode.OnTop ? WholePpm : WholePpm - share.Ppm;
        var divisor = (Int128)perUnit * whole * ofFullTimeBp;
        var year = ((Int128)payCents * rateNanos * share.Ppm * Standing.FullTimeBp + divisor / 2) / divisor;
        return year <= (Int128)Usd.Dollar * Usd.Dollar ? new Usd((long)year) : null;
    }

    /// <summary>
    /// One month's part of a year, in nano-USD. What January to this month have had is that many twelfths rounded down,
    /// so that twelve months are the year exactly and no two months differ by more than one nano-USD.
    /// </summary>
    /// <param name="year">The year's allowance.</param>
    /// <param name="month">1 to 12.</param>
    public static Usd OfMonth(Usd year, int month) =>
        new((long)((Int128)year.Nanos * month / MonthsPerYear - (Int128)year.Nanos * (month - 1) / MonthsPerYear));

    /// <summary>What several months of a year come to together.</summary>
    public static Usd OfMonths(Usd year, int first, int months)
    {
        var sum = Usd.Zero;
        for (var month = first; month < first + months; month++) sum += OfMonth(year, month);
        return sum;
    }

    /// <summary>A month's part for who was employed on so many of its days.</summary>
    /// <exception cref="OverflowException">More tokens than a wallet can count.</exception>
    public static GrantAmount ForDays(Usd month, int employed, int days, long tokenValueNanos)
    {
        // Both are rounded up from the same exact number, never one from the other, which would round twice.
        var scaled = (Int128)month.Nanos * employed;
        return new GrantAmount(
            new Usd((long)CeilDiv(scaled, days)),
            new Tokens(checked((long)CeilDiv(scaled * 1_000, (Int128)days * tokenValueNanos))));
    }

    private static Int128 CeilDiv(Int128 value, Int128 by) => (value + by - 1) / by;
}
