using System.Globalization;
using System.Text.RegularExpressions;
using Guerdon.Kernel;

namespace Guerdon.Web.Shared;

/// <summary>
/// Sentences that were computed and saved (how a grant came about, what a notice said) as pages write them: days and
/// months in the one form, dollars with two decimals. The price of a unit stays whole: one of less than a cent, or of
/// what is said to be <c>each</c> or <c>a million tokens</c>.
/// What somebody wrote themselves is never changed.
/// </summary>
internal static partial class ProseText
{
    public static string Of(string text) => Amount().Replace(
        Month().Replace(Day().Replace(text, m => DayOf(m.Value)), m => Show.Period(m.Value)), AmountOf);

    private static string DayOf(string iso) => Days.TryParse(iso, out var day) ? Show.Day(day) : iso;

    private static string AmountOf(Match match)
    {
        var text = match.Groups["number"].Value.Replace(",", "", StringComparison.Ordinal);
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
            return match.Value;
        var isUsd = match.Groups["before"].Success || match.Groups["after"].Success;
        var cents = decimal.Truncate(amount * 100) / 100; // cut, as everywhere
        if (match.Groups["unit"].Success || (amount != 0 && cents == 0))
            return isUsd ? "$" + match.Groups["number"].Value : match.Value;
        if (isUsd) return "$" + cents.ToString("#,0.00", CultureInfo.InvariantCulture);
        return match.Groups["fine"].Success ? cents.ToString("#,0.00", CultureInfo.InvariantCulture) : match.Value;
    }

    [GeneratedRegex(@"\b(?:19|20|21)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b")]
    private static partial Regex Day();

    [GeneratedRegex(@"(?<![\w-])(?:19|20|21)\d\d-(?:0[1-9]|1[0-2])(?![\w-])")]
    private static partial Regex Month();

    // Only with USD before or after it, or with more decimals than tokens have: otherwise a number may be tokens.
    [GeneratedRegex(@"(?<![\w.,-])(?<before>USD )?(?<number>\d[\d,]*(?:\.\d{1,3}(?<fine>\d+)?)?)(?<after> USD)?"
        + @"(?![\w.,]*\d|%)(?<unit>(?= each\b| a million\b))?")]
    private static partial Regex Amount();
}
