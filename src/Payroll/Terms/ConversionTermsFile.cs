using System.Globalization;
using System.Text.RegularExpressions;
using Guerdon.Kernel;
using Guerdon.Ledger.Lots;
using Guerdon.People;

namespace Guerdon.Payroll.Terms;

/// <summary>Reads terms of conversion. Strict, as plans are: a doubtful value would move somebody's pay.</summary>
internal static partial class ConversionTermsFile
{
    private const string Day = "yyyy-MM-dd";
    private const string WantedTokens = "tokens above 0 and up to 1000000000000, with at most three decimals";
    private const long MostMilli = 1_000_000_000_000_000;
    private const long MostNanos = 1_000_000_000_000; // 1,000 units of a currency for a token
    private const string WantedUsd = "USD above 0 and up to 1000000, such as 400, with at most nine decimals";
    private const long MostUsdNanos = 1_000_000_000_000_000;
    private const int MostReason = 500;

    /// <summary>The terms, or every error of the file by line and column.</summary>
    /// <param name="yaml">The file.</param>
    /// <param name="book">What its rates are compared with; null: nothing, where they were before.</param>
    public static (ConversionTerms? Terms, IReadOnlyList<YamlError> Errors) Read(string yaml, RateBook? book) =>
        YamlFile.Read(yaml, "file of conversion terms", (map, errors) => TermsOf(map, errors, book));

    /// <summary>Terms that were applied, and so were read before.</summary>
    public static ConversionTerms ReadApplied(string yaml) => Read(yaml, book: null) is ({ } terms, _)
        ? terms
        : throw new InvalidOperationException("Conversion terms that were applied can no longer be read.");

    private static ConversionTerms? TermsOf(YamlMap map, List<YamlError> errors, RateBook? book)
    {
        var from = map.Value("effective_from", "a day such as 2026-11-01", DayOf);
        var notice = map.Whole("notice_days", 0, 366);
        var lockFor = map.Value("lock", "hours or days such as 72h or 7d, up to 90 days", LockOf);
        var approval = map.Value("approval", "required or none",
            text => text switch { "required" => true, "none" => false, _ => (bool?)null });
        var windows = WindowsOf(map.Maps("windows"));
        FormTerms?[] forms =
        [
            map.Map(PayForms.Cash) is { } cash ? CashOf(cash, book) : null,
            map.Map(PayForms.TimeOff) is { } days ? DaysOf(days, book) : null,
            map.Map(PayForms.Equity) is { } equity ? EquityOf(equity, book) : null,
        ];
        var claims = map.Map("claims") is { } c ? ClaimsOf(c, book) : null;
        var offered = forms.OfType<FormTerms>().ToList();
        if (errors.Count == 0 && offered.Count == 0 && claims is null)
            map.WrongAt(PayForms.Cash, "time_off, equity and claims are all missing; terms offer at least one.");
        if (errors.Count == 0 && offered.Count > 0 && windows.Count == 0)
            map.WrongAt("windows", "is empty; without a window nothing can be converted.");
        map.Finish();
        return errors.Count == 0
            ? new(from!.Value, windows, notice!.Value, lockFor!.Value, approval!.Value, offered, claims) : null;
    }

    private static List<ConversionWindow> WindowsOf(IReadOnlyList<YamlMap> maps)
    {
        var windows = new List<ConversionWindow>();
        foreach (var map in maps)
        {
            if (WindowOf(map) is not { } window) continue;
            if (windows.Find(w => w.Name == window.Name) is not null)
                map.WrongAt("name", $"is '{window.Name}' a second time.");
            else if (windows.Find(w => w.Overlaps(window)) is { } other)
                map.WrongAt("name", $"is '{window.Name}', which overlaps '{other.Name}': a day can lie in one window.");
            windows.Add(window);
        }

        return windows;
    }

    private static ConversionWindow? WindowOf(YamlMap map)
    {
        var name = map.Text("name");
        if (name is { Length: > 60 }) map.WrongAt("name", "is longer than 60 characters.");
        var yearly = map.Keys.Any(key => key.StartsWith("yearly_", StringComparison.Ordinal));
        var wanted = yearly ? "a month and day such as 03-01, but 29 February" : "a day such as 2026-11-01";
        Func<string, DateOnly?> read = yearly ? MonthDayOf : DayOf;
        var from = map.Value(yearly ? "yearly_from" : "from", wanted, read);
        var to = map.Value(yearly ? "yearly_to" : "to", wanted, read);
        map.Finish();
        if (name is null || from is not { } first || to is not { } last) return null;
        if (yearly && last < first) last = last.AddYears(1); // it passes the turn of the year
        if (last >= first) return new ConversionWindow(name, first, last, yearly);

        map.WrongAt("to", "is before the window's first day.");
        return null;
    }

    private static FormTerms CashOf(YamlMap map, RateBook? book)
    {
        var rates = new Dictionary<string, ConversionRate>(StringComparer.Ordinal);
        var below = map.Map("rates");
        foreach (var currency in below?.Keys ?? [])
        {
            var nanos = below!.Value(currency,
                "an amount for one token above 0 and up to 1000, such as 0.001, with at most nine decimals",
                text => Decimals.TryParse(text, 9, out var n) && n is > 0 and <= MostNanos ? n : (long?)null);
            if (!Codes.IsCurrency(currency)) below.WrongAt(currency, "is not a currency of ISO 4217, such as EUR.");
            else if (nanos is { } rate) rates[currency] = ConversionRate.OfMoney(rate, currency);
        }

        below?.Finish();
        if (below is null || below.Keys.Count == 0) map.WrongAt("rates", "needs a rate for at least one currency.");
        var form = FormOf(map, PayForm.Cash, rates, unit: "", unitUsdNanos: null);
        if (book is null || below is null) return form;
        ConversionRateCheck.Money(below, form, book);
        ConversionRateCheck.Caps(map, form);
        return form;
    }

    private static FormTerms DaysOf(YamlMap map, RateBook? book)
    {
        var tokens = map.Value("tokens_per_day", WantedTokens, TokensOf);
        var worth = map.Value("usd_per_day", WantedUsd, UsdOf, required: false);
        var form = FormOf(map, PayForm.TimeOff, One(ConversionRate.OfDays(tokens ?? 1)), "days", worth);
        return Checked(map, form, tokens is null ? null : book, "day");
    }

    private static FormTerms EquityOf(YamlMap map, RateBook? book)
    {
        var unit = map.Text("unit");
        if (unit is not null && !UnitForm().IsMatch(unit))
            map.WrongAt("unit", $"is '{unit}', not 1 to 20 letters, digits, spaces and hyphens, such as RSU.");
        var tokens = map.Value("tokens_per_unit", WantedTokens, TokensOf);
        var worth = map.Value("usd_per_unit", WantedUsd, UsdOf, required: false);
        var form = FormOf(map, PayForm.Equity, One(ConversionRate.OfEquity(tokens ?? 1)), unit ?? "", worth);
        return Checked(map, form, tokens is null ? null : book, "unit");
    }

    // Without a book the terms were applied before, and must be read as they are; only new ones are checked.
    private static FormTerms Checked(YamlMap map, FormTerms form, RateBook? book, string one)
    {
        if (book is null) return form;
        ConversionRateCheck.Units(map, form, book, $"tokens_per_{one}", $"usd_per_{one}");
        ConversionRateCheck.Caps(map, form);
        return form;
    }

    private static FormTerms FormOf(
        YamlMap map, PayForm form, Dictionary<string, ConversionRate> rates, string unit, long? unitUsdNanos)
    {
        var least = map.Value("least", WantedTokens, TokensOf, required: false) ?? 1;
        var perWindow = map.Value("most_per_window", WantedTokens, TokensOf, required: false);
        var perYear = map.Value("most_per_year", WantedTokens, TokensOf, required: false);
        if (perWindow < least) map.WrongAt("most_per_window", "is below 'least'; nobody could convert.");
        if (perYear < least) map.WrongAt("most_per_year", "is below 'least'; nobody could convert.");
        var levels = map.Texts("levels", "a level from L1 to L10", text => LevelForm().IsMatch(text));
        var countries = map.Texts("countries", "a code of ISO 3166-1 such as DE", Codes.IsCountry);
        var reason = map.Text("reason", required: false);
        if (reason is { Length: > MostReason }) map.WrongAt("reason", $"is longer than {MostReason} characters.");
        map.Finish();
        return new FormTerms(form, rates, unit, least, perWindow, perYear, levels, countries, unitUsdNanos, reason);
    }

    // Terms that were applied must be read as they are; in new ones a service that no claim can name is an error.
    private static ClaimTerms ClaimsOf(YamlMap map, RateBook? book)
    {
        var services = map.Texts("services", "a service's name of 1 to 100 characters, without blanks around it",
            text => text.Length <= 100 && (book is null || (text == text.Trim() && !text.Any(char.IsControl))));
        if (services.Count == 0) map.WrongAt("services", "needs at least one service, such as [ChatGPT Plus].");
        var terms = new ClaimTerms(services, map.Whole("within_days", 1, 366) ?? 0);
        map.Finish();
        return terms;
    }

    private static Dictionary<string, ConversionRate> One(ConversionRate rate) =>
        new(StringComparer.Ordinal) { [""] = rate };

    private static long? TokensOf(string text) =>
        Decimals.TryParse(text, 3, out var milli) && milli is > 0 and <= MostMilli ? milli : null;

    private static long? UsdOf(string text) =>
        Decimals.TryParse(text, 9, out var nanos) && nanos is > 0 and <= MostUsdNanos ? nanos : null;

    private static DateOnly? DayOf(string text) => Days.TryParse(text, out var day) && day.Year >= 2020 ? day : null;

    private static DateOnly? MonthDayOf(string text) => Days.Parse($"{ConversionWindow.AnyYear}-{text}");

    private static TimeSpan? LockOf(string text)
    {
        if (LockForm().Match(text) is not { Success: true } match) return null;
        var count = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        var span = text[^1] == 'd' ? TimeSpan.FromDays(count) : TimeSpan.FromHours(count);
        return span > TimeSpan.Zero && span <= TimeSpan.FromDays(90) ? span : null;
    }

    [GeneratedRegex(@"^([0-9]{1,4})[hd]\z")]
    private static partial Regex LockForm();

    [GeneratedRegex(@"^L(?:[1-9]|10)\z")]
    private static partial Regex LevelForm();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9 -]{0,19}\z")]
    private static partial Regex UnitForm();
}
