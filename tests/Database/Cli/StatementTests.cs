namespace Guerdon.Database.Cli;

/// <summary>A statement whose figures do not agree, and which period is asked for.</summary>
public sealed class StatementTests(VerbServer server) : IClassFixture<VerbServer>
{
    [Theory]
    [InlineData("", true)]
    [InlineData("--csv", false)]
    [InlineData("--json", false)]
    public async Task Statement_ThatDoesNotReAdd_IsRefused(string form, bool isShown)
    {
        await using var broken = await BrokenServer.SayingAsync(Statement(closing: 749_499));

        var typed = await Typed.RunAsync(broken, $"statement me {form}");

        Assert.Equal(1, typed.Exit);
        Assert.StartsWith(
            "cli.statement_does_not_add: The opening balance and 2 lines make 749.5;"
            + " the closing balance says 749.499. Do not rely on it.",
            typed.Messages, StringComparison.Ordinal);
        Assert.Equal(isShown, typed.Results.Contains("Statement of Ada", StringComparison.Ordinal));
        Assert.DoesNotContain("It re-adds", typed.Results, StringComparison.Ordinal);
        Assert.DoesNotContain("closingMilli", typed.Results, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statement_AsCsv_IsPlainNumbersAndQuotedWords()
    {
        await using var broken = await BrokenServer.SayingAsync(Statement(closing: 749_500));

        var typed = await Typed.RunAsync(broken, "statement me --csv");

        Assert.Equal("""
            day,kind,lot,grant,amount_usd,amount_tokens,transfers
            2026-11-01,opening,,,0.00,0,
            2026-11-01,grant,1,"Allowance, November 2026",30.00,1000,1
            2026-11-02,spend,1,plan,-7.52,-250.5,12
            2026-11-30,closing,,,22.48,749.5,

            """, typed.Results);
    }

    // The server's period ends before its last day; a person means the last day and all of it.
    [Theory]
    [InlineData("--month 2026-02", "from=2026-02-01&to=2026-03-01")]
    [InlineData("--from 2026-11-05 --to 2026-11-05", "from=2026-11-05&to=2026-11-06")]
    [InlineData("", "from=2026-11-01&to=2026-12-01")]
    public async Task Statement_Period_IsAskedForUpToTheDayAfterIt(string period, string query)
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        await server.TypeAsync(VerbServer.Ann, ["import", "people", "-"], input: $"""
            email,name,team,role,level,country,cost_centre,hired_on,left_on,base_pay,total_pay,currency
            {email},Ada,Engineering,Engineer,L5,US,CC1,2024-01-15,,100000,120000,USD

            """);
        server.Relay.Forget();

        var typed = await server.TypeAsync(
            VerbServer.Ann, ["statement", email, .. period.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.True(typed.Exit == 0, typed.Messages);
        Assert.Equal($"GET /api/v1/statements/{email}?{query}", server.Relay.Request.Line);
    }

    private static string Statement(long closing) => $$"""
        {"person": "ada@example.com", "name": "Ada", "wallet": "wal_1", "from": "2026-11-01", "to": "2026-12-01",
         "tokenValueNanos": 30000000, "openingMilli": 0, "closingMilli": {{closing}}, "lines": [
          {"day": "2026-11-01", "kind": "grant", "what": "Grant", "lot": 1, "source": "plan allowance v1, allowance",
           "grant": "Allowance, November 2026", "amountMilli": 1000000, "transfers": 1},
          {"day": "2026-11-02", "kind": "spend", "lot": 1, "source": "plan", "amountMilli": -250500, "transfers": 12}]}
        """;
}
