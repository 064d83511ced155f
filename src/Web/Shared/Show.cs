using System.Globalization;
using Guerdon.Kernel;
using Guerdon.Ledger.Transfers;

namespace Guerdon.Web.Shared;

/// <summary>
/// Amounts and times as people read them. Shortened figures are cut, never rounded up: no page promises more.
/// </summary>
public static class Show
{
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    /// <summary>Three significant digits: <c>1.25 M</c>, <c>987</c>. Pages put the exact figure beside it.</summary>
    public static string Compact(Tokens tokens)
    {
        var magnitude = Magnitude(tokens.Milli);
        var sign = tokens.Milli < 0 ? "−" : "";
        return sign + magnitude switch
        {
            < 1_000_000 => Decimals.Format(magnitude / 1_000, 0, 0),
            < 1_000_000_000 => Cut(magnitude, 1_000_000, "k"),
            < 1_000_000_000_000 => Cut(magnitude, 1_000_000_000, "M"),
            < 1_000_000_000_000_000 => Cut(magnitude, 1_000_000_000_000, "B"),
            _ => Cut(magnitude, 1_000_000_000_000_000, "T"),
        };
    }

    /// <summary>Exact, with the decimals that say something: <c>1,250.5</c>.</summary>
    public static string Exact(Tokens tokens) =>
        (tokens.Milli < 0 ? "−" : "") + Decimals.Format(Magnitude(tokens.Milli), 3, 0);

    /// <summary>As <see cref="Exact"/>, with its sign.</summary>
    public static string WithSign(Tokens tokens) => (tokens.Milli < 0 ? "" : "+") + Exact(tokens);

    /// <summary>What is said of more dollars than <see cref="Usd"/> can hold.</summary>
    public static readonly string TooMuch = "over " + Money(new(long.MaxValue));

    /// <summary>What tokens are worth, as <see cref="Money"/> has it.</summary>
    public static string Worth(Tokens tokens, long nanosPerToken) =>
        tokens.WorthAt(nanosPerToken) is { } usd ? Money(usd) : TooMuch;

    /// <summary>A sum of money: always two decimals. <c>$1,234.50</c>, <c>&lt;$0.01</c>.</summary>
    public static string Money(Usd money)
    {
        var magnitude = Magnitude(money.Nanos);
        var sign = money.Nanos < 0 ? "−" : "";
        return magnitude is > 0 and < 10_000_000
            ? sign + "<$0.01" : sign + "$" + Decimals.Format(magnitude / 10_000_000, 2, 2);
    }

    /// <summary>What a single request, or a part of it, cost: cents from a dollar up; below it four decimals, so that
    /// it is not nothing.</summary>
    public static string Cost(Usd money)
    {
        var magnitude = Magnitude(money.Nanos);
        var sign = money.Nanos < 0 ? "−" : "";
        if (magnitude is > 0 and < 100_000) return sign + "<$0.0001";
        return magnitude is 0 or >= 1_000_000_000
            ? sign + "$" + Decimals.Format(magnitude / 10_000_000, 2, 2)
            : sign + "$" + Decimals.Format(magnitude / 100_000, 4, 4);
    }

    /// <summary>What a million tokens are worth, whole, with all its decimals.</summary>
    public static string Million(long nanosPerToken) => "$" + Decimals.Format(nanosPerToken, 3, 2);

    /// <summary>What part of a count was audio and pictures: <c>120 audio, 85 pictures</c>; null
    /// where none was.</summary>
    public static string? Media(long audio, long pictures) => (audio, pictures) switch
    {
        (0, 0) => null,
        (_, 0) => $"{Count(audio)} audio",
        (0, _) => $"{Count(pictures)} pictures",
        _ => $"{Count(audio)} audio, {Count(pictures)} pictures",
    };

    public static string Count(long number) => number.ToString("#,0", Plain);

    // One form of dates on all pages: 28 Nov 2026; 28 Nov 2026, 14:03:05; November 2026. Its blanks do not break, so
    // that a day stays on one line. Addresses, fields and files have ISO 8601.
    public static string Day(DateOnly day) => day.ToString("d\u00A0MMM\u00A0yyyy", Plain);

    public static string Day(DateTimeOffset at) => Day(DateOnly.FromDateTime(at.UtcDateTime));

    public static string Time(DateTimeOffset at) => Day(at) + at.UtcDateTime.ToString(", HH:mm:ss", Plain);

    /// <summary>A month that is stored as <c>2026-11</c>; anything else stays as it is.</summary>
    public static string Period(string text) =>
        Days.TryParse(text + "-01", out var first) ? new Month(first).Name : text;

    public static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", Plain);

    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", Plain);

    public static string Year(DateOnly day) => day.ToString("yyyy", Plain);

    public static string Iso(Month month) => month.First.ToString("yyyy-MM", Plain);

    /// <summary>Per cent of a whole, with a decimal for drawing. For geometry only, never for money.</summary>
    public static string Share(long part, long whole) =>
        whole <= 0 ? "0" : Decimals.Format((long)((Int128)Math.Max(0, part) * 10_000 / whole), 2, 0);

    public static string Kind(TransferKind kind) => TransferWords.Of(kind);

    private static long Magnitude(long value) => Math.Abs(Math.Max(value, -long.MaxValue));

    private static string Cut(long magnitude, long unit, string name)
    {
        var hundredths = magnitude / (unit / 100);
        var text = hundredths switch
        {
            < 1_000 => Decimals.Format(hundredths, 2, 2),
            < 10_000 => Decimals.Format(hundredths / 10, 1, 1),
            _ => Decimals.Format(hundredths / 100, 0, 0),
        };
        return text + "\u00A0" + name;
    }
}
