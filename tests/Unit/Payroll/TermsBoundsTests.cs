using Guerdon.Payroll.Settings;
using Guerdon.Payroll.Terms;

namespace Guerdon.Unit.Payroll;

/// <summary>Each figure of conversion terms and payroll settings at the bound of what is taken, and next to it.
/// </summary>
public class TermsBoundsTests
{
    private const string Settings = """
        effective_from: 2026-11-01
        fiscal_year_starts: 4
        employee_id: payroll_id
        schedule: { every: monthly, anchor: 2026-01-01, pay_after_days: 5 }
        layouts:
          adp: { co_code: A1B, batch_id: TOK }
          gusto: { currency: USD }
        accounts: { compute_cost: Expenses:IT:AI }
        codes:
          - { tax_class: convertible_cash, form: cash, jurisdiction: any, recognised_at: settle, code: TOK, source: x }
        """;

    [Theory]
    [InlineData("notice_days: 14", "notice_days: 0", true)]
    [InlineData("notice_days: 14", "notice_days: 366", true)]
    [InlineData("notice_days: 14", "notice_days: 367", false)]
    [InlineData("lock: 72h", "lock: 1h", true)]
    [InlineData("lock: 72h", "lock: 0h", false)]
    [InlineData("lock: 72h", "lock: 2160h", true)]
    [InlineData("lock: 72h", "lock: 2161h", false)]
    [InlineData("lock: 72h", "lock: 90d", true)]
    [InlineData("lock: 72h", "lock: 91d", false)]
    [InlineData("effective_from: 2026-11-01", "effective_from: 2020-01-01", true)]
    [InlineData("effective_from: 2026-11-01", "effective_from: 2019-12-31", false)]
    [InlineData("    to: 2026-11-30", "    to: 2026-11-01", true)]
    [InlineData("    to: 2026-11-30", "    to: 2026-10-31", false)]
    [InlineData("    to: 2026-11-30", "    to: 2026-12-14", true)]
    [InlineData("    to: 2026-11-30", "    to: 2026-12-15", false)] // a day of the other
    [InlineData("name: turn of the year", "name: autumn", false)]
    [InlineData("yearly_to: 01-15", "yearly_to: 02-29", false)]
    [InlineData("yearly_to: 01-15", "yearly_to: 12-15", true)] // one day
    [InlineData("USD: 0.001", "USD: 1000", true)]
    [InlineData("USD: 0.001", "USD: 1000.000000001", false)]
    [InlineData("USD: 0.001", "USD: 0.000000001", true)]
    [InlineData("USD: 0.001", "USD: 0", false)]
    [InlineData("least: 10", "least: 0.001", true)]
    [InlineData("least: 10", "least: 0", false)]
    [InlineData("least: 10", "least: 5000", true)]
    [InlineData("least: 10", "least: 5000.001", false)] // more than the most
    [InlineData("most_per_window: 5000", "most_per_window: 10", true)]
    [InlineData("most_per_year: 8000.5", "most_per_year: 9.999", false)]
    [InlineData("most_per_year: 8000.5", "most_per_year: 1000000000000", true)]
    [InlineData("most_per_year: 8000.5", "most_per_year: 1000000000000.001", false)]
    [InlineData("unit: RSU", "unit: A 3456789 123456789-", true)]
    [InlineData("unit: RSU", "unit: A 3456789 123456789-1", false)]
    [InlineData("tokens_per_unit: 100", "tokens_per_unit: 100\n  usd_per_unit: 1000000", true)]
    [InlineData("tokens_per_unit: 100", "tokens_per_unit: 100\n  usd_per_unit: 1000000.000000001", false)]
    [InlineData("tokens_per_unit: 100", "tokens_per_unit: 100\n  usd_per_unit: 0", false)]
    [InlineData("within_days: 90", "within_days: 1", true)]
    [InlineData("within_days: 90", "within_days: 0", false)]
    [InlineData("within_days: 90", "within_days: 366", true)]
    [InlineData("within_days: 90", "within_days: 367", false)]
    [InlineData("levels: [L5]", "levels: [L10]", true)]
    [InlineData("levels: [L5]", "levels: [L11]", false)]
    [InlineData("services: [ChatGPT Plus]", "services: []", false)]
    [InlineData("approval: required", "approval: maybe", false)]
    public void Read_AFigureOfTerms_IsTakenUpToItsBound(string good, string other, bool isTaken)
    {
        Assert.Contains(good, ConversionTermsFileTests.Good, StringComparison.Ordinal);
        var yaml = ConversionTermsFileTests.Good.Replace(good, other, StringComparison.Ordinal);
        var (terms, errors) = ConversionTermsFile.Read(yaml, book: null);
        Assert.Equal((isTaken, isTaken), (terms is not null, errors.Count == 0));
    }

    [Theory]
    [InlineData("name: autumn", 60, true)]
    [InlineData("name: autumn", 61, false)]
    [InlineData("least: 10", 500, true)]
    [InlineData("least: 10", 501, false)]
    [InlineData("services: [ChatGPT Plus]", 100, true)]
    [InlineData("services: [ChatGPT Plus]", 101, false)]
    public void Read_ALongText_IsTakenUpToItsBound(string line, int length, bool isTaken)
    {
        var text = new string('x', length);
        var other = line switch
        {
            "name: autumn" => $"name: {text}",
            "least: 10" => $"least: 10\n  reason: {text}",
            _ => $"services: [{text}]",
        };
        var yaml = ConversionTermsFileTests.Good.Replace(line, other, StringComparison.Ordinal);
        Assert.Equal(isTaken, ConversionTermsFile.Read(yaml, book: null).Terms is not null);
    }

    [Theory]
    [InlineData("  - name: autumn", "  - odd: 1\n    name: autumn")]
    [InlineData("  least: 10", "  least: 10\n  odd: 1")]
    [InlineData("    USD: 0.001", "    USD: 0.001\n    ODD: 1")]
    [InlineData("  within_days: 90", "  within_days: 90\n  odd: 1")]
    [InlineData("notice_days: 14", "notice_days: 14\nodd: 1")]
    public void Read_AnUnknownKeyOfTerms_IsAnError(string good, string other) => Assert.Single(
        ConversionTermsFile.Read(ConversionTermsFileTests.Good.Replace(good, other, StringComparison.Ordinal), null)
            .Errors);

    [Theory]
    [InlineData("fiscal_year_starts: 4", "fiscal_year_starts: 1", true)]
    [InlineData("fiscal_year_starts: 4", "fiscal_year_starts: 0", false)]
    [InlineData("fiscal_year_starts: 4", "fiscal_year_starts: 12", true)]
    [InlineData("fiscal_year_starts: 4", "fiscal_year_starts: 13", false)]
    [InlineData("employee_id: payroll_id", "employee_id: email", true)]
    [InlineData("employee_id: payroll_id", "employee_id: Not A Kind", false)]
    [InlineData("pay_after_days: 5", "pay_after_days: 0", true)]
    [InlineData("pay_after_days: 5", "pay_after_days: 31", true)]
    [InlineData("pay_after_days: 5", "pay_after_days: 32", false)]
    [InlineData("anchor: 2026-01-01", "anchor: 2026-01-02", false)] // then November begins on the 2nd
    [InlineData("monthly, anchor: 2026-01-01", "semi-monthly, anchor: 2026-01-16", true)]
    [InlineData("monthly, anchor: 2026-01-01", "semi-monthly, anchor: 2026-01-15", false)]
    [InlineData("monthly, anchor: 2026-01-01", "weekly, anchor: 2026-11-01", true)]
    [InlineData("pay_after_days: 5", "pay_after_days: 5, weekend: before", true)]
    [InlineData("pay_after_days: 5", "pay_after_days: 5, weekend: never", false)]
    [InlineData("pay_after_days: 5", "pay_after_days: 5, odd: 1", false)]
    [InlineData("gusto: { currency: USD }", "gusto: { currency: EUR }", true)]
    [InlineData("gusto: { currency: USD }", "gusto: { currency: EURO }", false)]
    [InlineData("gusto: { currency: USD }", "gusto: { currency: USD, odd: 1 }", false)]
    [InlineData("  gusto:", "  odd: { a: 1 }\n  gusto:", false)]
    [InlineData("recognised_at: settle", "recognised_at: convert", true)]
    [InlineData("recognised_at: settle", "recognised_at: grant", false)]
    [InlineData("form: cash, jurisdiction: any, recognised_at: settle",
        "form: token, jurisdiction: any, recognised_at: vest", true)]
    [InlineData("form: cash,", "form: token,", false)]
    [InlineData("code: TOK,", "code: TOK, book_as: memo,", true)]
    [InlineData("code: TOK,", "code: TOK, book_as: note,", false)]
    [InlineData("code: TOK,", "code: TOK, odd: 1,", false)]
    [InlineData("compute_cost: Expenses:IT:AI", "compute_cost: Expenses:IT:AI, odd: 1", false)]
    public void Read_AFigureOfSettings_IsTakenUpToItsBound(string good, string other, bool isTaken)
    {
        Assert.Contains(good, Settings, StringComparison.Ordinal);
        var (settings, errors) = PayrollSettingsFile.Read(Settings.Replace(good, other, StringComparison.Ordinal));
        Assert.Equal((isTaken, isTaken), (settings is not null, errors.Count == 0));
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void IsName_OfAnAccount_IsBounded(int length, bool isOne) =>
        Assert.Equal(isOne, GlAccounts.IsName("Assets:" + new string('X', length - 7)));
}
