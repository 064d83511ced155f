using System.Globalization;
using System.Text.RegularExpressions;
using Guerdon.Kernel;

namespace Guerdon.Metering.UsageImports;

/// <summary>
/// Times as exports write them: RFC 3339 (a blank for its T, without an offset taken as UTC, a day alone as its first
/// moment), and Unix time in seconds, milliseconds, microseconds or nanoseconds. Cut to the microsecond.
/// </summary>
internal static partial class UsageTimes
{
    public const string Wanted =
        "a time such as 2026-11-01T09:30:00Z or 2026-11-01 09:30:00, or Unix seconds such as 1793525400";

    private const int MicroDigits = 6;

    // Units per second of Unix time. No time from 2000 to 2199 can be read in two of them,
    // so the unit need not be named.
    private static readonly long[] UnitsPerSecond = [1, 1_000, 1_000_000, 1_000_000_000];

    /// <returns>The time in UTC, or null where it is none; it may lie where nothing can have happened.</returns>
    public static DateTimeOffset? Read(string text)
    {
        if (UnixForm().Match(text) is { Success: true } unix) return Unix(unix);
        if (Form().Match(text) is not { Success: true } match) return null;

        var micros = Fraction(match.Groups["fraction"].Value);
        var offset = match.Groups["offset"].Value.ToUpperInvariant() is { Length: > 0 } given ? given : "Z";
        var time = match.Groups["time"].Value is { Length: > 0 } clock ? clock : "00:00:00";
        if (!DateTimeOffset.TryParseExact(
            $"{match.Groups["day"].Value}T{time}{offset}", "yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)) return null;
        return at.Year == 9999 ? at : at.AddMicroseconds(micros);
    }

    private static DateTimeOffset? Unix(Match match)
    {
        if (!long.TryParse(match.Groups["whole"].Value, CultureInfo.InvariantCulture, out var whole)) return null;

        var first = new DateTimeOffset(Days.FirstUse.ToDateTime(default), TimeSpan.Zero).ToUnixTimeSeconds();
        var last = new DateTimeOffset(Days.Last.ToDateTime(default), TimeSpan.Zero).ToUnixTimeSeconds();
        foreach (var units in UnitsPerSecond)
        {
            var seconds = whole / units;
            if (seconds < first || seconds > last) continue;
            var micros = units <= 1_000_000 ? whole % units * (1_000_000 / units) : whole % units / 1_000;
            if (units == 1) micros += Fraction(match.Groups["fraction"].Value);
            return DateTimeOffset.FromUnixTimeSeconds(seconds).AddMicroseconds(micros);
        }

        return null;
    }

    private static long Fraction(string digits) => digits.Length == 0 ? 0
        : long.Parse(digits.PadRight(MicroDigits, '0')[..MicroDigits], CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:[Tt ](?<time>[0-9]{2}:[0-9]{2}:[0-9]{2})"
        + @"(?:[.,](?<fraction>[0-9]{1,18}))? ?(?<offset>[Zz]|[+-][0-9]{2}:[0-9]{2})?)?\z")]
    private static partial Regex Form();

    [GeneratedRegex(@"^(?<whole>[0-9]{9,19})(?:\.(?<fraction>[0-9]{1,18}))?\z")]
    private static partial Regex UnixForm();
}
