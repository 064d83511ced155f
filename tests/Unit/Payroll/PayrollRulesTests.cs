using System.Text;
using System.Xml.Linq;
using Guerdon.Ledger.Transfers;
using Guerdon.Payroll.Files;
using Guerdon.Payroll.Settings;
using Guerdon.People;
using Guerdon.Unit.Vesting;

namespace Guerdon.Unit.Payroll;

/// <summary>Which items a payroll file has, what they are worth, and how each layout writes them.</summary>
public class PayrollRulesTests
{
    private static readonly PaidPerson Ada = new(
        new PersonId(new Guid(1, 0, 0, new byte[8])), "ada@x", "Ada M. Lovelace", "Engineer", "DE", "E1");

    private static readonly EarningCode
        Cash = new("bonus", "cash", null, "any", Recognition.Settle, "B1", false, "adviser"),
        German = new("bonus", "cash", "DE", "Germany", Recognition.Convert, "B2", false, "adviser"),
        Days = new("leave", "time_off", null, "any", Recognition.Settle, "T1", true, "adviser"),
        AtGrant = new("granted", "token", null, "any", Recognition.Grant, "G1", true, "adviser"),
        AtVest = new("vested", "token", null, "any", Recognition.Vest, "V1", true, "adviser"),
        Back = new("reimbursement", "cash", null, "any", Recognition.Settle, "R1", false, "adviser");

    private static readonly PayrollSettings Settings = new(
        On(1, 1), TimeZoneInfo.Utc, 1, new(PayEvery.Monthly, On(1, 1), 5, WeekendRule.Keep), "workday",
        new Dictionary<string, LayoutTerms>(), [Cash, German, Days, AtGrant, AtVest, Back], new(),
        new Dictionary<string, long> { ["EUR"] = 1_080_000_000 });

    private static DateOnly On(int month, int day) => new(2026, month, day);

    private static PayrollItem Item(
        string tax = "bonus", string form = "cash", long amount = 12_345, string? currency = "EUR", int id = 1,
        DateOnly? payOn = null, DateOnly? recorded = null, PaidPerson? person = null, TransferKind? kind = null) => new(
        "pay_line", new Guid(id, 0, 0, new byte[8]), 0, person ?? Ada, tax, form, amount, currency, "EUR",
        payOn ?? On(11, 10), recorded ?? On(11, 3), "Why \"so\".", null)
        { Kind = kind };

    private static (IReadOnlyList<PayrollLine> Lines, IReadOnlyList<string> Missing) Due(params PayrollItem[] items) =>
        PayrollRules.Due(items, Settings, On(11, 1), On(11, 30));

    [Theory]
    [InlineData("US", "2026-10-31", "2026-10-31", false)] // paid by other means before the layout was used
    [InlineData("US", "2026-10-31", "2026-11-01", true)] // due then, and on record only now
    [InlineData("US", "2026-11-01", "2026-10-31", true)]
    [InlineData("US", "2026-11-30", "2026-11-01", true)]
    [InlineData("US", "2026-12-01", "2026-11-01", false)] // not due yet
    [InlineData("DE", "2026-12-01", "2026-11-30", true)] // there it counts when it was converted
    [InlineData("DE", "2026-11-01", "2026-12-01", false)]
    public void Due_Days_DecideWhetherItIsInTheFile(string country, string payOn, string recorded, bool isIn)
    {
        var item = Item(
            person: Ada with { Country = country }, payOn: VestingMake.Day(payOn), recorded: VestingMake.Day(recorded));
        var (lines, missing) = Due(item);
        Assert.Empty(missing);
        Assert.Equal(isIn ? 1 : 0, lines.Count);
        var dated = country == "DE" ? "B2 " + recorded : "B1 " + payOn;
        if (isIn) Assert.Equal(dated, $"{lines[0].Code.Code} {lines[0].Due:yyyy-MM-dd}");
    }

    [Theory]
    [InlineData("granted", TransferKind.Award, true)]
    [InlineData("granted", TransferKind.Forfeit, true)]
    [InlineData("granted", TransferKind.Vest, false)]
    [InlineData("granted", TransferKind.Grant, true)] // the owner's at once
    [InlineData("vested", TransferKind.Award, false)]
    [InlineData("vested", TransferKind.Forfeit, false)]
    [InlineData("vested", TransferKind.Vest, true)]
    [InlineData("vested", TransferKind.Grant, true)]
    [InlineData("vested", TransferKind.Revoke, true)]
    [InlineData("no_pay", TransferKind.Grant, false)]
    public void Due_Tokens_CountWhereTheCodeSays(string tax, TransferKind kind, bool isIn)
    {
        var (lines, missing) = Due(Item(tax, "token", kind: kind));
        Assert.Empty(missing);
        Assert.Equal(isIn, lines.Count == 1);
    }

    [Fact]
    public void Due_WhatIsMissing_IsReportedOnceAndTheRestIsPaid()
    {
        var nameless = Ada with { Employee = null };
        var (lines, missing) = Due(
            Item("odd"), Item("odd"), Item(person: nameless), Item(amount: 0), Item("odd", amount: 0), Item());
        Assert.Single(lines);
        Assert.Equal(
            [
                "No code for tax class odd in form cash for country DE: add it to codes.",
                "ada@x has no identity workday, which employee_id asks for: import it with people.",
            ],
            missing);
    }

    [Fact]
    public void Due_Lines_AreInOneOrder()
    {
        var bo = Ada with { Employee = "E0" };
        var items = new[]
        {
            Item(id: 3, recorded: On(11, 4)), Item(id: 1, recorded: On(11, 5)), Item(id: 2, recorded: On(11, 4)),
            Item(id: 2, recorded: On(11, 4)) with { Lot = 7 },
            Item(id: 2, recorded: On(11, 4)) with { Source = "grant" },
            Item(id: 9, recorded: On(11, 20), person: bo),
        };
        Assert.Equal("9/0 2/0 2/0 2/7 3/0 1/0", string.Join(' ', Due([.. items.Reverse()]).Lines
            .Select(l => $"{l.Item.SourceId.ToString()[7]}/{l.Item.Lot}")));
        Assert.Equal("grant", Due(items).Lines[1].Item.Source);
    }

    [Theory]
    [InlineData(PayrollLayout.Plain, "cash", "USD", false, true)]
    [InlineData(PayrollLayout.Gusto, "cash", "EUR", false, true)]
    [InlineData(PayrollLayout.Gusto, "cash", "EUR", true, false)]
    [InlineData(PayrollLayout.Gusto, "cash", "USD", false, false)]
    [InlineData(PayrollLayout.Gusto, "token", "EUR", false, false)]
    [InlineData(PayrollLayout.Adp, "cash", "EUR", false, true)]
    [InlineData(PayrollLayout.Adp, "cash", "USD", false, false)]
    [InlineData(PayrollLayout.Adp, "time_off", null, false, false)] // half a day would be paid as half a dollar
    [InlineData(PayrollLayout.Workday, "time_off", null, true, true)]
    public void Takes_Layout_SaysWhatItCan(string layout, string form, string? currency, bool isMemo, bool takes) =>
        Assert.Equal(takes, PayrollRules.Takes(
            layout, new(null, null, "EUR"),
            new(Item(form: form, currency: currency), Cash with { IsMemo = isMemo }, On(11, 1))));

    [Theory]
    [InlineData("cash", 123_450, "EUR", "1234.50")]
    [InlineData("cash", -5, "EUR", "-0.05")]
    [InlineData("time_off", 150, "EUR", "1.50")]
    [InlineData("time_off", 1_234_567, null, "12345.67")]
    [InlineData("equity", 12_345, null, "12345")]
    public void Amount_Forms_HaveTheirDecimals(string form, long amount, string? currency, string text) =>
        Assert.Equal(text, PayrollRules.Amount(Item(form: form, amount: amount, currency: currency)));

    // A grant of 1,000 tokens worth 100 USD, in thirds; at a dollar a unit.
    [Theory]
    [InlineData(TransferKind.Vest, 333_333, 0, 3_333)]
    [InlineData(TransferKind.Vest, 333_333, 333_333, 3_334)] // up to 66.6666, which is 66.67
    [InlineData(TransferKind.Vest, 333_334, 666_666, 3_333)]
    [InlineData(TransferKind.Grant, 1_000_000, 0, 10_000)]
    [InlineData(TransferKind.Award, 500_000, 500_000, 5_000)]
    [InlineData(TransferKind.Revoke, 500_000, 500_000, -5_000)]
    [InlineData(TransferKind.Forfeit, 333_333, 0, -3_333)]
    [InlineData(TransferKind.Grant, 50, 0, 1)] // half a cent goes up
    [InlineData(TransferKind.Grant, 49, 0, 0)]
    public void Worth_Parts_AddUpToTheWhole(TransferKind kind, long milli, long before, long cents) => Assert.Equal(
        cents, PayrollRules.Worth(kind, milli, before, (1_000_000, 100_000_000_000, 1_000_000_000)));

    [Theory]
    [InlineData(1_080_000_000, "EUR", 9_259)] // 100 / 1.08 = 92.59
    [InlineData(6_500_000, "JPY", 1_538_500)] // 15,384.6 yen, in whole ones, kept as hundredths
    [InlineData(3_250_000_000, "KWD", 30_769)] // thousandths: 100 / 3.25 = 30.769
    public void Worth_Currency_IsRoundedOnceToItsSmallestUnit(long rate, string currency, long kept) => Assert.Equal(
        kept, PayrollRules.Worth(TransferKind.Grant, 1_000, 0, (1_000, 100_000_000_000, rate), currency));

    private static readonly PayPeriod November = new(On(11, 1), On(11, 30), On(12, 5));
    private static readonly LayoutTerms Terms = new("ABC", "batch", "EUR");

    private static PayrollLine[] Lines =>
    [
        new(Item(amount: 10_000), Cash, On(11, 10)), new(Item(amount: -2_500), Cash, On(11, 11)),
        new(Item("reimbursement", amount: 999), Back, On(11, 12)),
        new(Item("leave", "time_off", 50, null), Days, On(11, 13)),
    ];

    private static (string Name, string Text) Write(string layout)
    {
        var (name, content) = PayrollFiles.Write(layout, Lines, November, Terms);
        return (name, Encoding.UTF8.GetString(content));
    }

    [Fact]
    public void Write_Adp_HasEarningsAndMemosInTheirColumns() => Assert.Equal(
        ("PRABCEPI.csv",
            "Co Code,Batch ID,File #,Reg Hours,O/T Hours,Hours 3 Code,Hours 3 Amount,Reg Earnings,Earnings 3 Code,"
            + "Earnings 3 Amount,Memo Code,Memo Amount,Temp Department\r\n"
            + "ABC,batch,\"E1\",,,,,,\"B1\",100.00,,,\r\nABC,batch,\"E1\",,,,,,\"B1\",-25.00,,,\r\n"
            + "ABC,batch,\"E1\",,,,,,\"R1\",9.99,,,\r\nABC,batch,\"E1\",,,,,,,,\"T1\",0.50,\r\n"),
        Write(PayrollLayout.Adp));

    [Fact]
    public void Write_Gusto_AddsUpAPersonAndSeparatesReimbursements()
    {
        var (name, content) = PayrollFiles.Write(PayrollLayout.Gusto, Lines[..3], November, Terms);
        Assert.Equal("gusto-2026-11-01.csv", name);
        Assert.Equal(
            "last_name,first_name,title,gusto_employee_id,bonus,commission,reimbursement\r\n"
            + "\"Lovelace\",\"Ada M.\",\"Engineer\",\"E1\",75.00,,9.99\r\n", Encoding.UTF8.GetString(content));
        var (_, bonusOnly) = PayrollFiles.Write(PayrollLayout.Gusto, Lines[..1], November, Terms);
        Assert.EndsWith(",100.00,,\r\n", Encoding.UTF8.GetString(bonusOnly), StringComparison.Ordinal);
        var (_, backOnly) = PayrollFiles.Write(PayrollLayout.Gusto, Lines[2..3], November, Terms);
        Assert.EndsWith("\"E1\",,,9.99\r\n", Encoding.UTF8.GetString(backOnly), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Workday_IsASheetOfAllLines()
    {
        var (name, text) = Write(PayrollLayout.Workday);
        Assert.Equal("workday-2026-11-01.xml", name);
        var rows = XDocument.Parse(text).Descendants().Where(e => e.Name.LocalName == "Row")
            .Select(row => string.Join('|', row.Elements().Select(cell => cell.Value)));
        Assert.Equal(
            [
                "Spreadsheet Key|Row ID|Batch ID|Start Date|End Date|Worker|Earning|Amount",
                "1|1|batch|2026-11-01|2026-11-30|E1|B1|100.00", "1|2|batch|2026-11-01|2026-11-30|E1|B1|-25.00",
                "1|3|batch|2026-11-01|2026-11-30|E1|R1|9.99", "1|4|batch|2026-11-01|2026-11-30|E1|T1|0.50",
            ],
            rows);
        Assert.StartsWith(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<?mso-application progid=\"Excel.Sheet\"?>\r\n", text,
            StringComparison.Ordinal);
        Assert.Equal("application/xml", PayrollFiles.MediaType(PayrollLayout.Workday));
        Assert.StartsWith("text/csv", PayrollFiles.MediaType(PayrollLayout.Plain), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Plain_SaysAllThatIsKnown()
    {
        var (name, text) = Write(PayrollLayout.Plain);
        Assert.Equal("payroll-2026-11-01.csv", name);
        var lines = text.Split("\r\n");
        Assert.Equal(6, lines.Length); // a header, four lines, and the end
        Assert.Equal(
            "\"E1\",\"ada@x\",DE,\"B1\",earning,bonus,\"any\",cash,100.00,\"EUR\",EUR,settle,2026-11-10,2026-12-05,"
            + "2026-11-01,2026-11-30,pay_line,00000001000000000000000000000000,0,,\"Why \"\"so\"\".\"", lines[1]);
        Assert.Contains(
            ",\"T1\",memo,leave,\"any\",time_off,0.50,\"EUR\",,settle,", lines[4], StringComparison.Ordinal);
        Assert.Equal(lines[0].Count(c => c == ','), lines[1].Count(c => c == ','));
    }
}
