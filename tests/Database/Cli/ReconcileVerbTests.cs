namespace Guerdon.Database.Cli;

/// <summary>What <c>guerdon reconcile …</c> asks the server, and what it shows of the reply.</summary>
public sealed class ReconcileVerbTests
{
    private const string Id = "rec_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b";

    private const string Windows = """
        [{"provider": "openai", "model": "gpt-x", "from": "2026-11-19T00:00:00Z", "to": "2026-11-20T00:00:00Z",
          "state": "open", "calls": 3, "estimated": 2, "reportedCalls": 3,
          "booked": {"input": 1000, "cachedInput": 200, "cacheWrite5m": 0, "cacheWrite1h": 0, "output": 90},
          "corrected": {"input": 0, "cachedInput": 0, "cacheWrite5m": 0, "cacheWrite1h": 0, "output": 0},
          "reported": {"input": 800, "cachedInput": 200, "cacheWrite5m": 0, "cacheWrite1h": 0, "output": 80},
          "unexplained": {"input": -200, "cachedInput": 0, "cacheWrite5m": 0, "cacheWrite1h": 0, "output": -10},
          "otherKeys": {"input": 0, "cachedInput": 0, "cacheWrite5m": 0, "cacheWrite1h": 0, "output": 0},
          "why": ["2 calls were estimated."]}]
        """;

    private const string WindowsShown = """
    Tokens as input / output.
    Provider  Model  From                  Of   Calls  Estimated      Booked  Corrected    Reported  Unexplained  State
    openai    gpt-x  2026-11-19 00:00 UTC  1 d      3          2  1,200 / 90      0 / 0  1,000 / 80   -200 / -10  open
    gpt-x, 2026-11-19 00:00 UTC: 2 calls were estimated.

    """;

    [Theory]
    [InlineData("", "")]
    [InlineData(" --provider openai --own key_1 --own proj_2", "&own=key_1&own=proj_2")]
    public async Task Import_Report_SendsItAndSaysWhatIsNew(string options, string query)
    {
        await using var server = await StubServer.WithAsync("""
            {"provider": "openai", "kind": "usage", "new": 2, "revised": 1, "same": 4, "lines": 9,
             "from": "2026-11-01T00:00:00Z", "to": "2026-11-08T00:00:00Z", "isPart": true}
            """);
        var file = Typed.File("usage.json", "{}");

        var typed = await Typed.RunAsync(server, $"reconcile import {file}{options}");

        Assert.Equal(
            "openai's usage report, 2026-11-01 00:00 UTC to 2026-11-08 00:00 UTC: 2 new, 1 revised, 4 unchanged"
            + " (9 lines).\n", typed.Results);
        Assert.Contains("further pages", typed.Messages, StringComparison.Ordinal);
        var provider = options.Length > 0 ? "provider=openai&" : "";
        Assert.Equal($"POST /api/v1/reconciliation/reports?{provider}name=usage.json{query}", server.Request.Line);
    }

    [Fact]
    public async Task Preview_Corrections_ShowsEachCallAndHowToApply()
    {
        await using var server = await StubServer.WithAsync($$"""
            {"id": "{{Id}}", "added": true, "provider": "openai", "from": "2026-11-01", "to": "2026-11-17",
             "refundMilli": 1500, "chargeMilli": 0, "windows": {{Windows}}, "corrections": [
              {"wallet": "wal_1", "request": "req_1", "startedAt": "2026-11-19T12:00:00Z", "model": "gpt-x",
               "was": {"input": 500, "cachedInput": 0, "cacheWrite5m": 0, "cacheWrite1h": 0, "output": 50},
               "becomes": {"input": 300, "cachedInput": 0, "cacheWrite5m": 0, "cacheWrite1h": 0, "output": 40},
               "chargedMilli": 2500, "dueMilli": 1000}]}
            """);

        var typed = await Typed.RunAsync(server, "reconcile preview --provider openai --from 2026-11-01");

        Assert.Equal(WindowsShown + "\n" + """
            Request  Started               Model       Was   Becomes  Charged  Due
            req_1    2026-11-19 12:00 UTC  gpt-x  500 / 50  300 / 40      2.5    1

            1 call to correct: 1.5 tokens go back, 0 are charged further.

            """, typed.Results);
        Assert.Contains($"guerdon reconcile apply {Id}", typed.Messages, StringComparison.Ordinal);
        Assert.Equal(("POST /api/v1/reconciliation/preview", """{"provider":"openai","from":"2026-11-01"}"""),
            (server.Request.Line, server.Request.Body));
    }

    [Theory]
    [InlineData("true", "")]
    [InlineData("false", "ada applied it on 2026-11-17 10:00 UTC: nothing changed now.")]
    public async Task Apply_Reconciliation_SaysWhatMoved(string done, string said)
    {
        await using var server = await StubServer.WithAsync($$"""
            {"id": "{{Id}}", "done": {{done}}, "corrections": 2, "refundedMilli": 1500, "chargedMilli": 250,
             "shortMilli": 100, "by": "ada", "at": "2026-11-17T10:00:00Z"}
            """);

        var typed = await Typed.RunAsync(server, $"reconcile apply {Id}");

        Assert.Equal("""
            2 calls are corrected: 1.5 tokens went back, 0.25 were charged further.
            0.1 tokens more were due, and the wallets had no more.

            """, typed.Results);
        Assert.Contains(said, typed.Messages, StringComparison.Ordinal);
        Assert.Equal($"POST /api/v1/reconciliation/{Id}/apply", server.Request.Line);
    }

    [Fact]
    public async Task Show_Difference_IsShownAndIsNoFailure()
    {
        await using var server = await StubServer.WithAsync($$"""
            {"from": "2026-11-01", "to": "2026-11-30", "windows": {{Windows}}, "totals": [
              {"provider": "openai", "bookedTokens": 1290, "correctedTokens": 0, "reportedTokens": 1080,
               "unexplainedTokens": -210, "windows": 1, "correctable": 1, "open": 0, "unexplained": 0,
               "bookedNanos": 5, "reportedNanos": 4, "differenceNanos": -1}],
             "costs": [{"provider": "openai", "model": "gpt-x", "from": "2026-11-19T00:00:00Z",
               "to": "2026-11-20T00:00:00Z", "bookedNanos": 1000000000, "reportedNanos": 1200000000,
               "differenceNanos": 200000000, "otherKeysNanos": 0}]}
            """);

        var typed = await Typed.RunAsync(server, "reconcile show --from 2026-11-01 --to 2026-11-30");

        Assert.Equal(WindowsShown + "\n" + """
            Provider  Cost of  From                  Of   Booked, USD  Reported  Difference  Other keys
            openai    gpt-x    2026-11-19 00:00 UTC  1 d         1.00      1.20        0.20        0.00

            openai: booked 1,290 tokens, corrected by 0, reported 1,080, unexplained -210.
            Of 1 window 1 correctable, 0 open, 0 unexplained.

            """, typed.Results);
        Assert.Equal(
            (0, "GET /api/v1/reconciliation?from=2026-11-01&to=2026-11-30"), (typed.Exit, server.Request.Line));
    }

    [Theory]
    [InlineData("reconcile preview")]
    [InlineData("reconcile apply")]
    [InlineData("reconcile show --from 2026-13-01")]
    public async Task Run_HalfAnOrder_IsMisuse(string line)
    {
        await using var server = await StubServer.WithAsync("{}");
        Assert.Equal(2, (await Typed.RunAsync(server, line)).Exit);
        Assert.Empty(server.Requests);
    }
}
