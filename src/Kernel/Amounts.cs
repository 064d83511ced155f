using System.Globalization;

namespace Guerdon.Kernel;

/// <summary>An amount of tokens of one asset, in milli-tokens (1 token = 1,000). Overflow throws.</summary>
public readonly record struct Tokens(long Milli) : IComparable<Tokens>
{
    public static readonly Tokens Zero;

    public static Tokens operator +(Tokens a, Tokens b) => new(checked(a.Milli + b.Milli));
    public static Tokens operator -(Tokens a, Tokens b) => new(checked(a.Milli - b.Milli));
    public static Tokens operator -(Tokens a) => new(checked(-a.Milli));
    public static bool operator <(Tokens a, Tokens b) => a.Milli < b.Milli;
    public static bool operator >(Tokens a, Tokens b) => a.Milli > b.Milli;
    public static bool operator <=(Tokens a, Tokens b) => a.Milli <= b.Milli;
    public static bool operator >=(Tokens a, Tokens b) => a.Milli >= b.Milli;

    public static Tokens Min(Tokens a, Tokens b) => a < b ? a : b;
    public static Tokens Max(Tokens a, Tokens b) => a > b ? a : b;

    public int CompareTo(Tokens other) => Milli.CompareTo(other.Milli);

    /// <summary>What they are worth, cut to a whole nano-USD.</summary>
    /// <param name="nanosPerToken">Nano-USD that one token is worth.</param>
    /// <returns>Null where it is more than <see cref="Usd"/> can hold.</returns>
    public Usd? WorthAt(long nanosPerToken) =>
        ((Int128)Milli * nanosPerToken / 1_000) is var nanos && nanos >= long.MinValue && nanos <= long.MaxValue
            ? new Usd((long)nanos) : null;

    /// <summary>
    /// Whole tokens with thousands separators, and the milli-tokens after a point where there are any.
    /// </summary>
    public override string ToString() => Decimals.Format(Milli, 3, minDecimals: 0);
}

/// <summary>Money in nano-USD (1 USD = 1,000,000,000). Overflow throws.</summary>
public readonly record struct Usd(long Nanos) : IComparable<Usd>
{
    public static readonly Usd Zero;

    /// <summary>Nano-USD of a dollar.</summary>
    public const long Dollar = 1_000_000_000;

    /// <summary>Nano-USD of a cent.</summary>
    public const long Cent = 10_000_000;

    public static Usd operator +(Usd a, Usd b) => new(checked(a.Nanos + b.Nanos));
    public static Usd operator -(Usd a, Usd b) => new(checked(a.Nanos - b.Nanos));
    public static bool operator <(Usd a, Usd b) => a.Nanos < b.Nanos;
    public static bool operator >(Usd a, Usd b) => a.Nanos > b.Nanos;
    public static bool operator <=(Usd a, Usd b) => a.Nanos <= b.Nanos;
    public static bool operator >=(Usd a, Usd b) => a.Nanos >= b.Nanos;

    public int CompareTo(Usd other) => Nanos.CompareTo(other.Nanos);

    /// <summary>With two decimals, cut and never rounded up: <c>1,234.50</c>; <c>&lt;0.01</c> where there is less than
    /// a cent, and something.</summary>
    public string Cents => (Nanos / Cent) switch
    {
        0 when Nanos > 0 => "<0.01",
        0 when Nanos < 0 => ">-0.01",
        var cents => Decimals.Format(cents, 2, 2),
    };

    /// <summary>The cents alone, for a file of figures: <c>1234.50</c>.</summary>
    public string Plain => Decimals.Format(Nanos / Cent, 2, 2).Replace(",", "", StringComparison.Ordinal);

    /// <summary>Exact, with at least two decimals: <c>1,234.50</c> or <c>0.000374</c>.</summary>
    public override string ToString() => Decimals.Format(Nanos, 9, minDecimals: 2);
}

/// <summary>Exact decimal text of a scaled integer, and back. No floating point on the way.</summary>
public static class Decimals
{
    /// <summary>Text of <paramref name="value"/> divided by ten to the <paramref name="scale"/>.</summary>
    public static string Format(long value, int scale, int minDecimals)
    {
        var magnitude = UInt128.CreateChecked(Int128.Abs(value));
        var one = (UInt128)Int128.Parse("1" + new string('0', scale), CultureInfo.InvariantCulture);
        var whole = ((ulong)(magnitude / one)).ToString("#,0", CultureInfo.InvariantCulture);
        var fraction = ((ulong)(magnitude % one)).ToString(CultureInfo.InvariantCulture).PadLeft(scale, '0');
        var kept = fraction.TrimEnd('0').PadRight(Math.Min(minDecimals, scale), '0');
        return (value < 0 ? "-" : "") + whole + (kept.Length > 0 ? "." + kept : "");
    }

    /// <summary>
    /// Reads a plain decimal such as <c>-12.5</c> into units of ten to the minus <paramref name="scale"/>.
    /// </summary>
    /// <returns>False for anything else: exponents, separators, more decimals than the scale, or overflow.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, int scale, out long value)
    {
        value = 0;
        var negative = text is ['-', ..];
        if (negative) text = text[1..];

        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        ReadOnlySpan<char> fraction = point < 0 ? [] : text[(point + 1)..];
        if (!AreDigits(whole) || (point >= 0 && !AreDigits(fraction))) return false;
        if (whole.Length + fraction.Length > 30 || fraction.Length > scale) return false;

        // Checked before it is scaled up, since thirty digits with nine more would wrap around at 2^127.
        var scaled = Append(Append(0, whole), fraction);
        if (scaled > long.MaxValue) return false;

        for (var i = fraction.Length; i < scale; i++) scaled *= 10;
        if (scaled > long.MaxValue) return false;

        value = negative ? -(long)scaled : (long)scaled;
        return true;
    }

    private static bool AreDigits(ReadOnlySpan<char> text) =>
        text.Length > 0 && !text.ContainsAnyExceptInRange('0', '9');

    private static Int128 Append(Int128 number, ReadOnlySpan<char> digits)
    {
        foreach (var digit in digits) number = number * 10 + (digit - '0');
        return number;
    }
}
