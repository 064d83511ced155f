using Guerdon.Kernel;
using Guerdon.Ledger.Transfers;
using Guerdon.Payroll.Files;
using Guerdon.Payroll.Settings;

namespace Guerdon.Unit.Payroll;

/// <summary>Payroll settings that are read, and those that are not, with the place and the fix.</summary>
public sealed class PayrollSettingsFileTests
{
    private const string Good = """
        effective_from: 2026-11-01
        time_zone: Europe/Berlin
        schedule: { every: monthly, anchor: 2026-01-01, pay_after_days: 5 }
        layouts:
          adp: { co_code: A1B, batch_id: TOK }
        accounts: { compute_cost: Expenses:IT:AI }
        codes:
          - { tax_class: convertible_cash, form: cash, jurisdiction: any, recognised_at: settle, code: TOK, source: x }
          - { tax_class: convertible_cash, form: cash, country: DE, jurisdiction: Germany, recognised_at: settle,
              code: TOKDE, source: x }
        """;

    [Fact]
    public void Read_GoodSettings_HasThemAll()
    {
        var (settings, errors) = PayrollSettingsFile.Read(Good);
        Assert.Empty(errors);
        Assert.Equal("Expenses:IT:AI", settings!.Accounts.ComputeCost);
        Assert.Equal("TOKDE", settings.CodeOf("convertible_cash", "cash", "DE")!.Code);
        Assert.Equal("TOK", settings.CodeOf("convertible_cash", "cash", "US")!.Code);
        Assert.Null(settings.CodeOf("convertible_cash", "equity", "US"));
        Assert.Null(settings.RateOf("EUR"));
    }

    [Theory]
    [InlineData("effective_from: 2026-11-01", "effective_from: 2026-02-30", 1, "a day there is")]
    [InlineData("effective_from: 2026-11-01", "effective_from: 2026-11-02", 1, "say 2026-12-01, where the next begins")]
    [InlineData("Europe/Berlin", "Berlin", 2, "IANA")]
    [InlineData("every: monthly", "every: yearly", 3, "monthly, semi-monthly, biweekly or weekly")]
    [InlineData("anchor: 2026-01-01", "anchor: 2026-01-31", 3, "every month has a day 1 to 28")]
    [InlineData("pay_after_days: 5", "pay_after_days: 32", 3, "from 0 to 31")]
    [InlineData("co_code: A1B", "co_code: a", 5, "three characters")]
    [InlineData("compute_cost: Expenses:IT:AI", "compute_cost: Costs:AI", 6, "begins with")]
    [InlineData("compute_cost: Expenses:IT:AI", "compute_cost: Liabilities:Accrued:Tokens", 6, "a name of its own")]
    [InlineData("compute_cost: Expenses:IT:AI", "computer_cost: Expenses:IT:AI", 6, "is unknown here")]
    [InlineData("tax_class: convertible_cash, form: cash, j", "tax_class: cash, form: cash, j", 8, "not one of")]
    [InlineData("country: DE", "country: XX", 9, "ISO 3166-1")]
    [InlineData("country: DE, ", "", 9, "has a code in this form and country already")]
    [InlineData("recognised_at: settle, code: TOK,", "recognised_at: vest, code: TOK,", 8, "convert or settle")]
    [InlineData("code: TOK,", "code: =TOK,", 8, "letters, digits")]
    public void Read_OfWhatIsWrong_SaysWhereAndWhatWouldBeRight(string good, string bad, int line, string reason)
    {
        Assert.Contains(good, Good, StringComparison.Ordinal);
        var (settings, errors) = PayrollSettingsFile.Read(Good.Replace(good, bad, StringComparison.Ordinal));
        Assert.Null(settings);
        Assert.Contains(errors, e => e.Line == line && e.Reason.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Worth_OfWhatVests_AddsUpToTheWholeGrant()
    {
        var lot = (GrantedMilli: 1_000_003L, UsdNanos: 1_234_567_891_011L, RateNanos: 1_080_000_000L);
        long sum = 0, vested = 0;
        foreach (var part in (long[])[1, 333_333, 7, 666_662])
        {
            sum += PayrollRules.Worth(TransferKind.Vest, part, vested, lot);
            vested += part;
        }

        Assert.Equal(lot.GrantedMilli, vested);
        Assert.Equal(PayrollRules.Worth(TransferKind.Award, vested, 0, lot), sum);
        Assert.Equal(-sum, PayrollRules.Worth(TransferKind.Revoke, vested, 0, lot));
        Assert.Equal(114_312, sum); // 1,143.12 of a currency at 1.08
    }

    [Theory]
    [InlineData("Assets:Tokens:Held", true)]
    [InlineData("Expenses:2026-AI", true)]
    [InlineData("Assets", false)]
    [InlineData("Assets:tokens", false)]
    [InlineData("Assets:To kens", false)]
    [InlineData("Cash:Tokens", false)]
    [InlineData("Assets:Tokens\n", false)]
    public void IsName_OfAnAccount_IsWhatEveryToolTakes(string name, bool isName) =>
        Assert.Equal(isName, GlAccounts.IsName(name));

    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("@x \"y\"", "\"'@x \"\"y\"\"\"")]
    [InlineData("-1\r\n", "\"'-1\r\n\"")]
    public void Text_OfACell_IsQuotedAndNeverAFormula(string text, string cell) => Assert.Equal(cell, Csv.Text(text));
}
