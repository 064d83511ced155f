using System.Text;
using Guerdon.Grants.Lines;
using Guerdon.Ledger;
using Guerdon.Payroll.Terms;
using Guerdon.Statements;
using Guerdon.Unit.Documents;

namespace Guerdon.Unit.Statements;

/// <summary>Statements as CSV and PDF: each figure where it belongs, and the same in both.</summary>
public class StatementFilesTests
{
    private static readonly DateTimeOffset Made = new(2026, 12, 1, 10, 0, 0, TimeSpan.Zero);

    private static DateOnly On(int day, int month = 11) => new(2026, month, day);

    private static PayStatement Statement() => new(
        "ada@example.com", "Ada Lovelace", new WalletId(new Guid(1, 0, 0x7000, [0x80, 0, 0, 0, 0, 0, 0, 0])), On(1),
        On(30), On(5, 12), "Europe/Berlin",
        [
            new("compute", 1_000_000, 2_500_000_000,
                [
                    new(On(3), "grant", "Granted", 1, "plan eng/allowance/2026-11", 500_000),
                    new(On(9), "spend", "Used", 1, "plan eng/allowance/2026-11", -200_500),
                ], 1_299_500, 3_250_000_000),
            new("reward", 0, 0, [], 7_000, 70_000_000),
        ],
        [new(On(15, 12), "compute", "plan eng/allowance/2026-11", 40_000)],
        [new(On(31, 12), "reward", "plan eng/allowance/2026-11", 7_000)]);

    [Fact]
    public void PayStatement_Csv_RunsFromTheOpeningBalanceToTheClosingOne()
    {
        var grant = GrantSource.InWords("plan eng/allowance/2026-11");
        Assert.Equal(
            $"""
            asset,day,what,grant,tokens,balance,worth_usd
            compute,2026-11-01,"Opening balance","",,1000,2.50
            compute,2026-11-03,"Granted","{grant}",500,1500,
            compute,2026-11-09,"Used","{grant}",-200.5,1299.5,
            compute,2026-11-30,"Closing balance","",,1299.5,3.25
            reward,2026-11-01,"Opening balance","",,0,0.00
            reward,2026-11-30,"Closing balance","",,7,0.07
            compute,2026-12-15,"Vests","{grant}",40,,
            reward,2026-12-31,"Expires","{grant}",7,,

            """.ReplaceLineEndings("\r\n"),
            Encoding.UTF8.GetString(PayStatementFiles.Csv(Statement())));
    }

    [Fact]
    public void PayStatement_Pdf_SaysTheSame()
    {
        var statement = Statement();
        var pdf = PayStatementFiles.Pdf(statement, Made);
        var lines = string.Concat(PdfText.Pages(pdf)).Split('\n');
        Assert.Equal("Statement, 1 November 2026 to 30 November 2026", PdfText.Title(pdf));
        AssertInOrder(lines,
            "Ada Lovelace, ada@example.com", "1 November 2026 to 30 November 2026 (Europe/Berlin)", "5 December 2026",
            statement.Wallet.ToString(),
            "Compute tokens", "Worth 2.50 USD at the start, 3.25 USD at the end.", "Opening balance", "1,000",
            "3 November 2026", "Granted", "500", "9 November 2026", "Used", "-200.5", "Closing balance", "1,299.5",
            "Reward tokens", "Worth 0.00 USD at the start, 0.07 USD at the end.", "Opening balance", "0",
            "Closing balance", "7",
            "Vests next", "15 December 2026", "compute", "40", "Expires next", "31 December 2026", "reward", "7");

        var nothingComes = PayStatementFiles.Pdf(statement with { Vests = [], Expires = [] }, Made);
        Assert.DoesNotContain("next", string.Concat(PdfText.Pages(nothingComes)), StringComparison.Ordinal);
    }

    private static TotalRewards.Reply Rewards(string currency = "EUR", long? rate = 1_080_000_000) => new(
        default, "Ada Lovelace", 2026, currency, 10_000_000, 2_000_000, 183, 365, 5_013_699, 1_002_740, 1_500_000,
        3_000_000_000,
        [
            new("2026-11", "allowance", "allowance", 1_000_000, 2_000_000_000, "work_compute", null, "A twelfth."),
            new("2026-12", "eng", "signing_bonus", 500_000, 1_000_000_000, "bonus", null, "Once."),
        ],
        [new("payroll", "bonus", "EUR", "EUR", 12_345, 2), new(PayForms.Equity, "bonus", null, "units", 12, 1)],
        rate, rate is null ? null : 64_500_000_000_000);

    [Fact]
    public void TotalRewards_Csv_SaysWhereEachFigureIsFrom()
    {
        var (allowance, bonus) = (GrantSource.Kind("allowance"), GrantSource.Kind("signing_bonus"));
        Assert.Equal(
            $"""
            part,period,grant,amount,currency,tokens,explanation
            "Base pay",,"",50136.99,EUR,,"183 of 365 days"
            "Other pay",,"",10027.40,EUR,,"183 of 365 days"
            "Tokens",2026-11,"{allowance}",2.00,USD,1000,"A twelfth."
            "Tokens",2026-12,"{bonus}, plan eng",1.00,USD,500,"Once."
            "In all",,"",64500.00,USD,,"One EUR is counted as 1.08 USD."
            "Paid out of it",,"bonus",123.45,EUR,,"payroll"
            "Paid out of it",,"bonus",12,units,,"{PayForms.Equity}"

            """.ReplaceLineEndings("\r\n"),
            Encoding.UTF8.GetString(RewardsFiles.Csv(Rewards())));
    }

    [Theory]
    [InlineData("EUR", true, "One EUR is counted as 1.08 USD.")]
    [InlineData("EUR", false, "Not added: nobody stated what one EUR is worth in USD.")]
    [InlineData("USD", true, "Pay and tokens are both in USD.")]
    public void TotalRewards_Pdf_AddsOnlyWhereThereIsARate(string currency, bool hasRate, string said)
    {
        var pdf = RewardsFiles.Pdf(Rewards(currency, hasRate ? 1_080_000_000 : null), Made);
        var lines = string.Concat(PdfText.Pages(pdf)).Split('\n');
        Assert.Equal("Total rewards 2026", PdfText.Title(pdf));
        AssertInOrder(lines, "Ada Lovelace", "183 of 365 days", "Base pay", "50,136.99", currency, "Other pay",
            "10,027.40", "1,500 tokens", "3.00", "USD", said, "Tokens, grant by grant", "2026-11", "A twelfth.", "2.00",
            "1,000", "2026-12", "1.00", "500", "In all", "3.00", "1,500", "Paid out of it", "payroll", "123.45");
        Assert.Equal(hasRate, lines.Contains("64,500.00"));

        var bare = Rewards() with { Grants = [], PaidOut = [] };
        var words = string.Concat(PdfText.Pages(RewardsFiles.Pdf(bare, Made)));
        Assert.DoesNotContain("grant by grant", words, StringComparison.Ordinal);
        Assert.DoesNotContain("Paid out", words, StringComparison.Ordinal);
    }

    // What is drawn comes as pieces; those named must be there, one after the other.
    private static void AssertInOrder(string[] lines, params string[] wanted)
    {
        var at = -1;
        foreach (var words in wanted)
        {
            var next = Array.FindIndex(lines, at + 1, line => line == words);
            Assert.True(next > at, $"'{words}' does not follow line {at}:\n{string.Join('\n', lines)}");
            at = next;
        }
    }
}
