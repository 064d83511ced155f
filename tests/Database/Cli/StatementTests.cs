namespace Guerdon.Database.Cli;

public sealed class StatementTests
{
    [Theory]
    [InlineData("--month 2026-02", "from=2026-02-01&to=2026-03-01")]
    [InlineData("--from 2026-11-05 --to 2026-11-05", "from=2026-11-05&to=2026-11-06")]
    [InlineData("", "from=2026-11-01&to=2026-12-01")]
    public async Task Statement_Period_IsSentUpToTheDayBehindIt(string period, string query)
    {
        await using var server = await StubServer.WithAsync(Statement(closing: 749_500));

        var typed = await Typed.RunAsync(server, $"statement me {period}");

        Assert.Equal(0, typed.Exit);
        Assert.Equal($"GET /api/v1/statements/me?{query}", server.Request.Line);
    }

    [Fact]
    public async Task Statement_ThatReAdds_SaysSo()
    {
        await using var server = await StubServer.WithAsync(Statement(closing: 749_500));

        var typed = await Typed.RunAsync(server, "statement me");

        Assert.Equal(0, typed.Exit);
        Assert.Equal("", typed.Messages);
        Assert.Equal("""
            Statement of Ada (ada@example.com), wal_1
            2026-11-01 to 2026-11-30, in compute tokens, at today's 30,000.00 USD a million tokens

            Day         What             Lot  Grant                     Transfers    USD  Tokens
            2026-11-01  Opening balance                                             0.00       0
            2026-11-01  Grant              1  Allowance, November 2026          1  30.00   1,000
            2026-11-02  spend              1  plan                             12  -7.52  -250.5
            2026-11-30  Closing balance                                            22.48   749.5

            It re-adds: 0 and 2 lines of 749.5 make 749.5 tokens.

            """, typed.Results);
    }

    [Fact]
    public async Task Statement_AsCsv_IsPlainNumbersAndQuotedWords()
    {
        await using var server = await StubServer.WithAsync(Statement(closing: 749_500));

        var typed = await Typed.RunAsync(server, "statement me --csv");

        Assert.Equal("""
            day,kind,lot,grant,amount_usd,amount_tokens,transfers
            2026-11-01,opening,,,0.00,0,
            2026-11-01,grant,1,"Allowance, November 2026",30.00,1000,1
            2026-11-02,spend,1,plan,-7.52,-250.5,12
            2026-11-30,closing,,,22.48,749.5,

            """, typed.Results);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("--csv", false)]
    [InlineData("--json", false)]
    public async Task Statement_ThatDoesNotReAdd_IsRefused(string form, bool isShown)
    {
        await using var server = await StubServer.WithAsync(Statement(closing: 749_499));

        var typed = await Typed.RunAsync(server, $"statement me {form}");

        Assert.Equal(1, typed.Exit);
        Assert.StartsWith(
            "cli.statement_does_not_add: The opening balance and 2 lines make 749.5;"
            + " the closing balance says 749.499. Do not rely on it.",
            typed.Messages, StringComparison.Ordinal);
        Assert.Equal(isShown, typed.Results.Contains("Statement of Ada", StringComparison.Ordinal));
        Assert.DoesNotContain("It re-adds", typed.Results, StringComparison.Ordinal);
        Assert.DoesNotContain("closingMilli", typed.Results, StringComparison.Ordinal);
    }

    private static string Statement(long closing) => $$"""
        {"person": "ada@example.com", "name": "Ada", "wallet": "wal_1", "from": "2026-11-01", "to": "2026-12-01",
         "tokenValueNanos": 30000000, "openingMilli": 0, "closingMilli": {{closing}}, "lines": [
          {"day": "2026-11-01", "kind": "grant", "what": "Grant", "lot": 1, "source": "plan allowance v1, allowance",
           "grant": "Allowance, November 2026", "amountMilli": 1000000, "transfers": 1},
          {"day": "2026-11-02", "kind": "spend", "lot": 1, "source": "plan", "amountMilli": -250500, "transfers": 12}]}
        """;
}
