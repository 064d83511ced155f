namespace Guerdon.Database.Cli;

/// <summary>What <c>guerdon vesting check</c> asks the server, and what it shows.</summary>
public sealed class VestingVerbTests
{
    [Fact]
    public async Task Check_GoodTerms_AreATableWithARunningTotal()
    {
        await using var server = await StubServer.WithAsync("""
            {"id": "t", "name": "Two years", "quantity": 3000, "vested": 2500, "unvested": 500, "instalments": [
              {"date": "2027-01-31", "amount": 1500, "vested": 1500, "conditionId": "monthly",
               "why": "instalment 1 of 2"},
              {"date": "2027-02-28", "amount": 1000, "vested": 2500, "conditionId": "", "why": "accelerated"}]}
            """);

        var typed = await Typed.RunAsync(
            server, "vesting check - --quantity 3000 --start 2026-01-31 --left 2027-03-01", "{}");

        Assert.Equal("""
            Date        Vests  Vested  Condition  Why
            2027-01-31  1,500   1,500  monthly    instalment 1 of 2
            2027-02-28  1,000   2,500             accelerated
            Two years: 2,500 of 3,000 vest. 500 wait for an event, or are forfeited.

            """, typed.Results);
        Assert.Equal(new("POST /api/v1/vesting/check?quantity=3000&start=2026-01-31&left=2027-03-01", null,
            "application/json; charset=utf-8", "{}"), server.Request);
    }

    [Fact]
    public async Task Check_BadTerms_ShowsEveryErrorWithLineAndColumn()
    {
        await using var server = await StubServer.WithAsync("""
            {"title": "compensation.vesting_invalid", "detail": "One error.", "nextStep": "Correct it.",
             "errors": [{"line": 7, "column": 12, "key": "name", "reason": "name is missing."}]}
            """, 422);

        var typed = await Typed.RunAsync(server, "vesting check - --quantity 1 --start 2026-01-31", "{}");

        Assert.Equal(1, typed.Exit);
        Assert.Contains("   7  12      name is missing.", typed.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vesting check - --quantity 1")]
    [InlineData("vesting check - --start 2026-01-31")]
    [InlineData("vesting check - --quantity -1 --start 2026-01-31")]
    [InlineData("vesting check - --quantity 1 --start 2026-02-30")]
    public async Task Check_NoFacts_IsMisuse(string line)
    {
        await using var server = await StubServer.WithAsync("{}");
        Assert.Equal(2, (await Typed.RunAsync(server, line, "{}")).Exit);
        Assert.Empty(server.Requests);
    }
}
