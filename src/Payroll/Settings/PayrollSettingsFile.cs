using System.Text.RegularExpressions;
using Guerdon.Kernel;
using Guerdon.Ledger.Lots;
using Guerdon.People;
using Guerdon.People.Employees;

namespace Guerdon.Payroll.Settings;

/// <summary>Reads payroll settings. Strict: what is not understood is an error at its line and column.</summary>
internal static partial class PayrollSettingsFile
{
    private const int MostText = 200;

    private static readonly string[] Forms = ["cash", "time_off", "equity", EarningCode.Token];

    /// <summary>The settings, or every error of the file.</summary>
    public static (PayrollSettings? Settings, IReadOnlyList<YamlError> Errors) Read(string yaml) =>
        YamlFile.Read(yaml, "file of payroll settings", SettingsOf);

    /// <summary>Settings that were applied, which are free of errors.</summary>
    public static PayrollSettings ReadApplied(string yaml) =>
        Read(yaml).Settings ?? throw new InvalidOperationException("Applied payroll settings can no longer be read.");

    private static PayrollSettings? SettingsOf(YamlMap map, List<YamlError> errors)
    {
        var from = map.Value("effective_from", DayWanted, Day);
        var zone = YamlTerms.ZoneOf(map);
        var month = map.Whole("fiscal_year_starts", 1, 12, required: false) ?? 1;
        var schedule = map.Map("schedule") is { } s ? ScheduleOf(s) : null;
        if (!map.Has("schedule")) map.WrongAt("schedule", "is missing.");
        var id = map.Text("employee_id", required: false) ?? PayrollSettings.Email;
        if (id != PayrollSettings.Email && !IdentityKind.IsName(id))
            map.WrongAt("employee_id", $"is '{id}', not email or a kind of identity such as payroll_id.");
        var layouts = map.Map("layouts") is { } l ? LayoutsOf(l) : [];
        var codes = CodesOf(map);
        var accounts = map.Map("accounts") is { } a ? AccountsOf(a) : new GlAccounts();
        var rates = map.Map("currencies") is { } c ? YamlTerms.RatesOf(c) : [];
        if (errors.Count == 0 && from is { } day && !schedule!.Begins(day))
        {
            var next = schedule.After(schedule.PeriodOf(day)).First;
            map.WrongAt("effective_from",
                $"is {day.Iso()}, inside the pay period {schedule.PeriodOf(day)}; say {next.Iso()}, "
                + "where the next begins.");
        }

        map.Finish();
        return errors.Count > 0 ? null : new PayrollSettings(
            from!.Value, zone, month, schedule!, id, layouts, codes, accounts, rates);
    }

    private static PaySchedule? ScheduleOf(YamlMap map)
    {
        var every = map.Value("every", "monthly, semi-monthly, biweekly or weekly", text => YamlTerms.Choice(
            text, ("monthly", PayEvery.Monthly), ("semi-monthly", PayEvery.SemiMonthly),
            ("biweekly", PayEvery.Biweekly), ("weekly", PayEvery.Weekly)));
        var anchor = map.Value("anchor", DayWanted, Day);
        var after = map.Whole("pay_after_days", 0, PayrollSettings.MostPayAfterDays);
        var weekend = map.Value("weekend", "keep, before or after", text => YamlTerms.Choice(
            text, ("keep", WeekendRule.Keep), ("before", WeekendRule.Before), ("after", WeekendRule.After)),
            required: false);
        if (every == PayEvery.Monthly && anchor?.Day > PaySchedule.LastCommonDay)
            map.WrongAt("anchor", $"is {anchor.Value.Iso()}; every month has a day 1 to {PaySchedule.LastCommonDay}.");
        if (every == PayEvery.SemiMonthly && anchor is { Day: not (1 or 16) })
            map.WrongAt("anchor", $"is {anchor.Value.Iso()}; half months begin on day 1 and day 16.");
        map.Finish();
        return every is null || anchor is null
            ? null : new PaySchedule(every.Value, anchor.Value, after ?? 0, weekend ?? WeekendRule.Keep);
    }

    private static Dictionary<string, LayoutTerms> LayoutsOf(YamlMap map)
    {
        var layouts = new Dictionary<string, LayoutTerms>(StringComparer.Ordinal);
        foreach (var name in PayrollLayout.WithTerms)
        {
            if (map.Map(name) is not { } below) continue;
            var company = name == PayrollLayout.Adp
                ? Form(below, "co_code", CompanyForm(), "ADP's three characters such as A1B") : null;
            var batch = name == PayrollLayout.Gusto ? null : Form(below, "batch_id", BatchForm(), BatchWanted);
            var currency = below.Text("currency", required: false) ?? "USD";
            if (!Codes.IsCurrency(currency)) below.WrongAt("currency", "is not a currency of ISO 4217, such as EUR.");
            below.Finish();
            layouts[name] = new LayoutTerms(company, batch, currency);
        }

        map.Finish();
        return layouts;
    }

    private static List<EarningCode> CodesOf(YamlMap map)
    {
        var (codes, seen) = (new List<EarningCode>(), new HashSet<(string, string, string?)>());
        foreach (var item in map.Maps("codes"))
        {
            if (CodeOf(item) is not { } code) continue;
            if (!seen.Add((code.TaxClass, code.Form, code.Country)))
                item.WrongAt("tax_class", $"is '{code.TaxClass}', which has a code in this form and country already.");
            codes.Add(code);
        }

        return codes;
    }

    private static EarningCode? CodeOf(YamlMap map)
    {
        var taxClass = Known(map, "tax_class", [.. TaxClass.All.Select(c => c.Name), EarningCode.Reimbursement]);
        var form = Known(map, "form", Forms);
        var country = map.Text("country", required: false);
        if (country is not null && !Codes.IsCountry(country))
            map.WrongAt("country", $"is '{country}', not a code of ISO 3166-1 such as DE.");
        var jurisdiction = Words(map, "jurisdiction");
        var recognised = map.Value("recognised_at", "grant, vest, convert or settle", text => YamlTerms.Choice(
            text, ("grant", Recognition.Grant), ("vest", Recognition.Vest), ("convert", Recognition.Convert),
            ("settle", Recognition.Settle)));
        var code = Form(map, "code", CodeForm(), "1 to 30 letters, digits, blanks, dots, underscores and hyphens");
        var booked = map.Value("book_as", "earning or memo",
            text => YamlTerms.Choice(text, ("earning", false), ("memo", true)), required: false);
        var source = Words(map, "source");
        if (form is not null && recognised is { } at
            && (form == EarningCode.Token) != (at is Recognition.Grant or Recognition.Vest))
            map.WrongAt("recognised_at", form == EarningCode.Token
                ? "of a token is grant or vest." : $"of {form} is convert or settle; a grant's own form is token.");
        map.Finish();
        return taxClass is null || form is null ? null : new EarningCode(
            taxClass, form, country, jurisdiction ?? "", recognised ?? default, code ?? "", booked ?? false,
            source ?? "");
    }

    private static GlAccounts AccountsOf(YamlMap map)
    {
        var accounts = new GlAccounts();
        foreach (var (key, _, set) in GlAccounts.Roles)
        {
            if (map.Text(key, required: false) is not { } name) continue;
            if (GlAccounts.IsName(name)) accounts = set(accounts, name);
            else map.WrongAt(key, $"is '{name}', not a name such as Liabilities:Accrued:Tokens; it begins with "
                + "Assets, Liabilities, Equity, Income or Expenses, and each part with a capital letter or a digit.");
        }

        var twice = GlAccounts.Roles.GroupBy(role => role.Get(accounts)).FirstOrDefault(names => names.Count() > 1);
        if (twice?.LastOrDefault(role => map.Has(role.Key)).Key is { } again)
            map.WrongAt(again, $"is '{twice.Key}', which another account has; each needs a name of its own.");
        map.Finish();
        return accounts;
    }

    private static string? Known(YamlMap map, string key, IReadOnlyList<string> known)
    {
        var text = map.Text(key);
        if (text is null || known.Contains(text)) return text;
        map.WrongAt(key, $"is '{text}', not one of {string.Join(", ", known)}.");
        return null;
    }

    private static string? Form(YamlMap map, string key, Regex form, string wanted)
    {
        var text = map.Text(key);
        if (text is null || form.IsMatch(text)) return text;
        map.WrongAt(key, $"is '{text}', not {wanted}.");
        return null;
    }

    private static string? Words(YamlMap map, string key)
    {
        var text = map.Text(key);
        if (text is not null && (text.Length > MostText || text.Any(char.IsControl)))
            map.WrongAt(key, $"needs one line of at most {MostText} characters.");
        return text;
    }

    private const string DayWanted = "a day there is, such as 2026-11-01";
    private const string BatchWanted = "1 to 20 letters, digits, underscores and hyphens";

    private static DateOnly? Day(string text) => Days.TryParse(text, out var day) && day.Year >= 2020 ? day : null;


    [GeneratedRegex(@"^[A-Z0-9]{3}\z")]
    private static partial Regex CompanyForm();

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,20}\z")]
    private static partial Regex BatchForm();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,29}\z")]
    private static partial Regex CodeForm();
}
