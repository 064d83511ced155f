using Guerdon.Kernel;

namespace Guerdon.Payroll.Terms;

/// <summary>What reward tokens bring: so many units for so many milli-tokens, exactly.</summary>
/// <param name="Units">Units in the smallest that is paid: hundredths of money or of a day, whole
/// units of equity.</param>
/// <param name="Milli">Milli-tokens for that many units.</param>
public readonly record struct ConversionRate(long Units, long Milli)
{
    private const int Hundredths = 100;
    private const long NanosPerUnit = 1_000_000_000;
    private const long MilliPerToken = 1_000;

    /// <summary>An amount of money, in billionths of the currency, for each token.</summary>
    // From nanos of a currency per token to its smallest unit (hundredths are ten million nanos) per thousand
    // milli-tokens, so that both stay whole numbers.
    public static ConversionRate OfMoney(long nanosPerToken, string currency) =>
        new(nanosPerToken, NanosPerUnit / Currencies.PerUnit(currency) * MilliPerToken);

    /// <summary>A day off for so many milli-tokens.</summary>
    public static ConversionRate OfDays(long milliPerDay) => new(Hundredths, milliPerDay);

    /// <summary>A unit of equity for so many milli-tokens.</summary>
    public static ConversionRate OfEquity(long milliPerUnit) => new(1, milliPerUnit);

    /// <summary>Whole units that milli-tokens bring, rounded down once: a part of a unit is never paid.</summary>
    /// <param name="milli">Milli-tokens.</param>
    /// <param name="step">What is paid at the least: 100 where a currency has no hundredths.</param>
    /// <exception cref="OverflowException">More units than there can be.</exception>
    public long UnitsFor(long milli, long step = 1) => checked((long)((Int128)milli * Units / Milli / step * step));

    /// <summary>The fewest milli-tokens that bring so many units: what is above stays the owner's.</summary>
    public long MilliFor(long units) => checked((long)(((Int128)units * Milli + Units - 1) / Units));
}
