namespace Guerdon.Pricing.PriceImports;

/// <summary>How a number's text reads as a whole count of small units.</summary>
internal enum Exactness
{
    /// <summary>It is one, without a remainder.</summary>
    Exact,

    /// <summary>It is below zero.</summary>
    Negative,

    /// <summary>It has digits below the unit; rounding it would be another price.</summary>
    TooFine,

    /// <summary>It passes 64 bits.</summary>
    TooLarge,

    /// <summary>It is not a number at all.</summary>
    NoNumber,
}

/// <summary>
/// Decimal text, with or without an exponent (<c>1.25e-06</c>), as a count of units of ten to the minus scale. Digits
/// are counted in integers: a binary fraction has no exact 1.25e-06.
/// </summary>
internal static class ExactDecimal
{
    private const int MaxDigits = 30; // significant ones; more cannot be a price, and 38 fit 128 bits
    private const int MaxExponent = 1_000;

    public static Exactness Read(ReadOnlySpan<char> text, int scale, out long units)
    {
        units = 0;
        var isNegative = text is ['-', ..];
        if (isNegative) text = text[1..];

        var cut = text.IndexOfAny('e', 'E');
        var exponent = 0;
        if (cut >= 0 && !TryExponent(text[(cut + 1)..], out exponent)) return Exactness.NoNumber;
        if (!TryDigits(cut >= 0 ? text[..cut] : text, out var digits, out var decimals)) return Exactness.NoNumber;
        if (digits < 0) return Exactness.TooFine;
        if (digits == 0) return Exactness.Exact;

        var answer = Shift(digits, exponent - decimals + scale, out units);
        return isNegative ? Exactness.Negative : answer;
    }

    private static Exactness Shift(Int128 digits, int power, out long units)
    {
        units = 0;
        for (; power < 0; power++)
        {
            if (digits % 10 != 0) return Exactness.TooFine;
            digits /= 10;
        }

        for (; power > 0; power--)
        {
            if (digits > long.MaxValue) return Exactness.TooLarge;
            digits *= 10;
        }

        if (digits > long.MaxValue) return Exactness.TooLarge;
        units = (long)digits;
        return Exactness.Exact;
    }

    // All digits as one integer, and how many of them are after the point; -1 where there are
    // more than a price can have.
    private static bool TryDigits(ReadOnlySpan<char> text, out Int128 digits, out int decimals)
    {
        (digits, decimals) = (0, 0);
        var (significant, point) = (0, -1);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '.' && point < 0) point = i;
            else if (!char.IsAsciiDigit(text[i])) return false;
            else if (significant > 0 || text[i] != '0') significant++;
        }

        if (text.Length == 0 || text.Length > MaxExponent || point == 0 || point == text.Length - 1) return false;
        decimals = point < 0 ? 0 : text.Length - point - 1;
        if (significant > MaxDigits) digits = -1;
        else foreach (var c in text)
            if (c != '.') digits = digits * 10 + (c - '0');
        return true;
    }

    private static bool TryExponent(ReadOnlySpan<char> text, out int exponent)
    {
        exponent = 0;
        var isNegative = text is ['-', ..];
        if (text is ['-' or '+', ..]) text = text[1..];
        if (text.Length is 0 or > 9) return false;

        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c)) return false;
            exponent = exponent * 10 + (c - '0');
        }

        exponent = Math.Min(exponent, MaxExponent); // beyond it every price but zero is refused all the same
        if (isNegative) exponent = -exponent;
        return true;
    }
}
