using System.Globalization;
using System.Text.RegularExpressions;
using Stipend.Kernel;
using Stipend.People;

namespace Stipend.Compensation;

/// <summary>Reads a plan. Strict: an unknown key or a doubtful value is an error, since each would move somebody's
/// pay.</summary>
internal static partial class PlanFile
{
    private const int Whole = 1_000_000; // a share of 100 % in millionths
    private const int UsdScale = 9;

    private static readonly string[] TaxClasses = ["work_compute", "taxable_compute"];

    /// <summary>The plan, or every error of the file by line and column.</summary>
    public static (Plan? Plan, IReadOnlyList<YamlError> Errors) Read(string yaml) =>
        YamlFile.Read(yaml, "plan", PlanOf);

    /// <summary>A plan that was applied, and so was read before.</summary>
    public static Plan ReadApplied(string yaml) => Read(yaml) is ({ } plan, _)
        ? plan
        : throw new InvalidOperationException("A plan that was applied can no longer be read.");

    private static Plan? PlanOf(YamlMap map, List<YamlError> errors)
    {
        var name = Slug(map, "name");
        var from = map.Value("effective_from", "the first day of a month, such as 2026-11-01", FirstOfMonth);
        var pool = Slug(map, "pool");
        var allowance = map.Map("allowance") is { } a ? AllowanceOf(a) : null;
        var bonus = map.Map("signing_bonus") is { } s ? BonusOf(s) : null;
        var eligible = map.Map("eligible") is { } e ? EligibleOf(e) : new Eligibility([], [], [], [], 0);
        var rates = map.Map("rates") is { } r ? RatesOf(r) : new Dictionary<string, long>();
        if (errors.Count == 0 && allowance is null && bonus is null)
            map.WrongAt("allowance", "and signing_bonus are both missing; a plan grants at least one.");
        map.Finish();
        return errors.Count == 0 ? new Plan(name!, from!.Value, pool!, allowance, bonus, eligible, rates) : null;
    }

    private static AllowanceTerms AllowanceOf(YamlMap map)
    {
        var share = map.Value("share", "a percentage such as 25% or 12.5%, with at most four decimals", Share);
        var basis = map.Value("basis", "base or total",
            text => Choice(text, ("base", PayBasis.Base), ("total", PayBasis.Total)));
        var mode = map.Value("mode", "on-top or carve-out",
            text => Choice(text, ("on-top", ShareMode.OnTop), ("carve-out", ShareMode.CarveOut)));
        map.Value("period", "month", text => Choice(text, ("month", true)), required: false);
        if (mode == ShareMode.CarveOut && share >= Whole) map.WrongAt("share", "of the new total must be below 100%.");
        var terms = new AllowanceTerms(share ?? 0, basis ?? default, mode ?? default, Expiry(map), TaxClass(map));
        map.Finish();
        return terms;
    }

    private static SigningBonusTerms BonusOf(YamlMap map)
    {
        var amount = map.Value("amount_usd", "an amount above 0 and up to 1000000, such as 2000 or 2000.50",
            text => Amount(text, 1_000_000));
        var within = map.Whole("within_days_of_hire", 0, 365);
        var terms = new SigningBonusTerms(amount ?? 0, within ?? 0, Expiry(map), TaxClass(map));
        map.Finish();
        return terms;
    }

    private static Eligibility EligibleOf(YamlMap map)
    {
        var eligible = new Eligibility(
            map.Texts("teams", "a path such as Engineering/Platform",
                text => !text.Split('/').Any(string.IsNullOrWhiteSpace)),
            map.Texts("levels", "a level from L1 to L10", text => LevelForm().IsMatch(text)),
            map.Texts("countries", "a code of ISO 3166-1 such as DE", Codes.IsCountry),
            map.Texts("roles", "a role", _ => true),
            map.Whole("min_tenure_days", 0, 36_500, required: false) ?? 0);
        map.Finish();
        return eligible;
    }

    private static Dictionary<string, long> RatesOf(YamlMap map)
    {
        var rates = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var currency in map.Keys)
        {
            var rate = map.Value(currency, "what one unit is worth in USD, such as 1.08, with at most nine decimals",
                text => Amount(text, 1_000_000));
            if (!Codes.IsCurrency(currency)) map.WrongAt(currency, "is no currency of ISO 4217, such as EUR.");
            else if (currency == "USD") map.WrongAt(currency, "needs no rate.");
            else if (rate is { } nanos) rates[currency] = nanos;
        }

        return rates;
    }

    internal static string? Slug(YamlMap map, string key)
    {
        var text = map.Text(key);
        if (text is not null && !SlugForm().IsMatch(text))
            map.WrongAt(key, $"is '{text}', not 1 to 60 lower-case letters, digits and hyphens.");
        return text;
    }

    // `never` is -1, to tell it from what is missing.
    internal static int? Expiry(YamlMap map)
    {
        var months = map.Value("expires_after", "months or years such as P3M or P1Y, up to ten years, or never", text =>
        {
            if (text == "never") return -1;
            if (DurationForm().Match(text) is not { Success: true } match) return (int?)null;
            var count = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            if (text[^1] == 'Y') count *= 12;
            return count is > 0 and <= 120 ? count : null;
        });
        return months > 0 ? months : null;
    }

    private static string TaxClass(YamlMap map)
    {
        var text = map.Text("tax_class") ?? "";
        if (text.Length > 0 && !TaxClasses.Contains(text))
            map.WrongAt("tax_class", $"is '{text}', not one of {string.Join(", ", TaxClasses)}.");
        return text;
    }

    private static int? Share(string text) =>
        text is [.., '%'] && Decimals.TryParse(text.AsSpan(0, text.Length - 1), 4, out var ppm)
            && ppm is > 0 and <= Whole ? (int)ppm : null;

    private static long? Amount(string text, long mostUsd) =>
        Decimals.TryParse(text, UsdScale, out var nanos) && nanos > 0
            && nanos <= mostUsd * AllowanceRules.NanosPerUsd ? nanos : null;

    private static DateOnly? FirstOfMonth(string text) =>
        text.Length == 10 && text.EndsWith("-01", StringComparison.Ordinal)
            && Period.TryParse(text[..7], out var period) ? period.First : null;

    internal static T? Choice<T>(string text, params ReadOnlySpan<(string Name, T Value)> choices) where T : struct
    {
        foreach (var (name, value) in choices)
            if (name == text) return value;

        return null;
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,59}\z")]
    private static partial Regex SlugForm();

    [GeneratedRegex(@"^L(?:[1-9]|10)\z")]
    private static partial Regex LevelForm();

    [GeneratedRegex(@"^P(\d{1,3})[MY]\z")]
    private static partial Regex DurationForm();
}
