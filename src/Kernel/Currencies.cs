using System.Collections.Frozen;

namespace Guerdon.Kernel;

/// How many decimals each currency has. Source: ISO 4217, list one (maintained by SIX), minor units, as of 2026.
/// Amounts are stored in hundredths, and finer only where the currency is (KWD: thousandths): records were begun in
/// hundredths and are never rewritten. Every amount is whole minor units all the same: a yen has no hundredths.
public static class Currencies
{
    private const int Hundredths = 2;

    private static readonly FrozenDictionary<string, int> Others = new (int Decimals, string Codes)[]
    {
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
    }.SelectMany(row => row.Codes.Split(' ').Select(code => (code, row.Decimals)))
        .ToFrozenDictionary(row => row.code, row => row.Decimals, StringComparer.Ordinal);

    /// <summary>Decimals of the currency's smallest unit: JPY 0, EUR 2, KWD 3.</summary>
    public static int DecimalsOf(string? currency) => Others.GetValueOrDefault(currency ?? "", Hundredths);

    /// <summary>Decimals that amounts are stored with: JPY 2, EUR 2, KWD 3.</summary>
    public static int ScaleOf(string? currency) => Math.Max(Hundredths, DecimalsOf(currency));

    /// <summary>How many stored units one unit of the currency has: JPY 100, EUR 100, KWD 1,000.</summary>
    public static long PerUnit(string? currency) => Ten(ScaleOf(currency));

    /// <summary>How many stored units its smallest unit has: JPY 100, EUR 1, KWD 1.</summary>
    public static long Step(string? currency) => Ten(ScaleOf(currency) - DecimalsOf(currency));

    /// <summary>A stored amount to the nearest whole minor unit, half away from zero.</summary>
    public static long Round(Int128 kept, string? currency)
    {
        var step = (Int128)Step(currency);
        var half = kept < 0 ? -step / 2 : step / 2;
        return checked((long)((kept + half) / step * step));
    }

    /// <summary>A stored amount as text with the currency's own decimals: <c>1,250</c>, <c>1,250.50</c>. A fraction of
    /// a minor unit, from before they were refused, is shown as it is.</summary>
    public static string Format(long kept, string? currency) =>
        Decimals.Format(kept, ScaleOf(currency), DecimalsOf(currency));

    /// <summary>The same as files for programs have it: <c>1250.50</c>.</summary>
    public static string Plain(long kept, string? currency) =>
        Format(kept, currency).Replace(",", "", StringComparison.Ordinal);

    /// <summary>Reads an amount of a currency, as it is stored; nothing finer than its minor unit.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, string? currency, out long kept) =>
        TryParseMinor(text, currency, out kept) && Scaled(ref kept, Step(currency));

    /// <summary>An amount in minor units as text: offers count in these throughout.</summary>
    public static string FormatMinor(long minor, string? currency) =>
        Decimals.Format(minor, DecimalsOf(currency), DecimalsOf(currency));

    /// <summary>Reads an amount into minor units.</summary>
    public static bool TryParseMinor(ReadOnlySpan<char> text, string? currency, out long minor) =>
        Decimals.TryParse(text, DecimalsOf(currency), out minor);

    /// <summary>What an amount is like: <c>an amount in JPY, without decimals, such as 1250</c>.</summary>
    public static string Wanted(string? currency) => DecimalsOf(currency) switch
    {
        0 => $"an amount in {currency}, without decimals, such as 1250",
        3 => $"an amount in {currency} with at most three decimals, such as 1250.500",
        4 => $"an amount in {currency} with at most four decimals, such as 1250.5000",
        _ => "an amount with at most two decimals, such as 1250.50",
    };

    private static bool Scaled(ref long kept, long step)
    {
        var scaled = (Int128)kept * step;
        if (scaled > long.MaxValue || scaled < long.MinValue) return false;
        kept = (long)scaled;
        return true;
    }

    private static long Ten(int power) => power switch { 0 => 1, 1 => 10, 2 => 100, 3 => 1_000, _ => 10_000 };
}
