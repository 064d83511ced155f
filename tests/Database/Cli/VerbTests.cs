using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Database.Cli;

/// <summary>What each verb asks the server, and what it shows of the reply.</summary>
public sealed class VerbTests
{
    [Fact]
    public async Task ImportPeople_GoodFile_SendsItAsItIsAndCounts()
    {
        await using var server = await StubServer.WithAsync(
            """{"rows": 1200, "created": 1100, "updated": 60, "unchanged": 40, "errorCount": 0, "errors": []}""");
        var file = Typed.File("people.csv", "email,name\nzoe@example.com,Zoë\n");

        var typed = await Typed.RunAsync(server, $"import people {file}");

        Assert.Equal("1,200 rows: 1,100 created, 60 updated, 40 unchanged.\n", typed.Results);
        Assert.Equal(0, typed.Exit);
        Assert.Equal(
            new(
                "POST /api/v1/people/import?dryRun=false", null, "text/csv; charset=utf-8",
                "email,name\nzoe@example.com,Zoë\n"),
            server.Request);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" --json")]
    public async Task ImportPeople_DryRunWithErrors_IsRefusedLikeTheImportWouldBe(string json)
    {
        await using var server = await StubServer.WithAsync("""
            {"rows": 9, "created": 0, "updated": 0, "unchanged": 0, "errorCount": 77,
             "errors": [{"line": 3, "column": "email", "reason": "'x' is no e-mail address."}]}
            """);

        var typed = await Typed.RunAsync(server, "import people - --dry-run" + json, "x");

        Assert.Equal("POST /api/v1/people/import?dryRun=true", server.Request.Line);
        Assert.Equal("x", server.Request.Body);
        Assert.Equal(1, typed.Exit);
        if (json.Length > 0) Assert.Equal(77, Parse(typed).GetProperty("errorCount").GetInt32());
        else Assert.Equal("""
            cli.rows_refused: 77 errors in the file. Correct the rows listed and try again; nothing changed.

            Line  Column  Reason
               3  email   'x' is no e-mail address.
            and 27 more.

            """, typed.Messages);
    }

    [Fact]
    public async Task ImportUsage_AllOptions_SendsThemAndShowsWhatWasBooked()
    {
        await using var server = await StubServer.WithAsync("""
            {"rows": 5, "booked": 3, "already": 1, "skipped": 1, "people": 2,
             "costNanos": 1234500000, "chargedMilli": 1234500000,
             "usage": {"input": 1000, "cachedInput": 20, "cacheWrite5m": 0, "cacheWrite1h": 0, "output": 300},
             "errors": [{"line": 4, "column": "TIMESTAMP", "reason": "'?' is no time."}]}
            """);

        var typed = await Typed.RunAsync(
            server, "import usage - --map time=TIMESTAMP,input=A&B,output=C --model gpt-4o --assign hash"
            + " --price-date 2026-11-01 --source azure --skip-bad", "rows");

        Assert.Equal(0, typed.Exit);
        Assert.Equal(
            "POST /api/v1/usage/import?map=time%3DTIMESTAMP%2Cinput%3DA%26B%2Coutput%3DC&model=gpt-4o&assign=hash"
            + "&priceDate=2026-11-01&source=azure&skipBad=true&dryRun=false", server.Request.Line);
        Assert.Equal("""
            5 rows: 3 booked, 1 booked before, 1 skipped; 2 people.
                                     Tokens
            Input                     1,000
            Cached input                 20
            Cache writes, 5 minutes       0
            Cache writes, 1 hour          0
            Output                      300
            Cost 1.23 USD; charged 1,234,500 compute tokens.

            """, typed.Results);
        Assert.Contains("   4  TIMESTAMP  '?' is no time.\n", typed.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ImportUsage_DryRunWithErrors_IsRefused()
    {
        await using var server = await StubServer.WithAsync("""
            {"rows": 5, "booked": 4, "already": 0, "skipped": 0, "people": 2, "costNanos": 1, "chargedMilli": 1,
             "usage": {"input": 1, "cachedInput": 0, "cacheWrite5m": 0, "cacheWrite1h": 0, "output": 3},
             "errors": [{"line": 4, "column": "TIMESTAMP", "reason": "'?' is no time."}]}
            """);

        var typed = await Typed.RunAsync(server, "import usage - --map time=T,input=A,output=C --dry-run");

        Assert.Equal(1, typed.Exit);
        Assert.Equal("", typed.Results);
        Assert.StartsWith("cli.rows_refused: 1 error in the file. ", typed.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlanCheck_GoodFile_ShowsWhatItWouldComeTo()
    {
        await using var server = await StubServer.WithAsync("""
            {"name": "engineering", "grants": 2, "skippedCount": 1, "totalMilli": 2500,
             "skipped": [{"email": "eve@example.com", "reason": "Left."}]}
            """);
        var file = Typed.File("plan.yaml", "plan: engineering\n");

        var typed = await Typed.RunAsync(server, $"plan check {file}");

        Assert.Equal($"""
            {file} is a good plan.

            name           engineering
            grants         2
            skipped count  1
            total          2.5 tokens

            Skipped
            Email            Reason
            eve@example.com  Left.

            """, typed.Results);
        Assert.Equal(
            new("POST /api/v1/plans/check", null, "text/yaml; charset=utf-8", "plan: engineering\n"), server.Request);
    }

    [Theory]
    [InlineData("true", "is applied")]
    [InlineData("false", "was applied before: nothing changed")]
    public async Task PlanApply_GoodFile_NamesTheVersion(string added, string said)
    {
        await using var server = await StubServer.WithAsync($$"""
            {"plan": {"id": "pln_1", "name": "engineering", "version": 2, "effectiveFrom": "2026-11-01",
                      "appliedAt": "2026-10-20T00:00:00Z", "yaml": "plan: engineering"}, "added": {{added}}}
            """);

        var typed = await Typed.RunAsync(server, "plan apply -", "plan: engineering");

        Assert.Equal($"Plan engineering, version 2, in effect from 2026-11-01, {said}.\n", typed.Results);
        Assert.Equal("POST /api/v1/plans", server.Request.Line);
    }

    [Fact]
    public async Task PlanCheck_ReplyWithErrors_IsRefused()
    {
        await using var server = await StubServer.WithAsync(
            """{"errors": [{"line": 2, "column": "share", "reason": "25 is more than 1."}]}""");

        var typed = await Typed.RunAsync(server, "plan check -");

        Assert.Equal(1, typed.Exit);
        Assert.Equal("", typed.Results);
        Assert.Contains("   2  share   25 is more than 1.\n", typed.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GrantRun_DryRun_ShowsLinesSkippedAndTotals()
    {
        await using var server = await StubServer.WithAsync("""
            {"runId": null, "people": 1203, "granted": 1200, "hadBefore": 2, "skippedCount": 1, "totalMilli": 3000500,
             "totalUsdNanos": 3000500000, "lines": [
              {"number": 1, "person": "prs_1", "name": "Ada Lovelace", "email": "ada@example.com",
               "kind": "allowance", "amountMilli": 2000500, "usdNanos": 2000500000,
               "explanation": "25 % of base pay"},
              {"number": 2, "person": "prs_2", "kind": "allowance", "amountMilli": 1000000, "usdNanos": 1000000}],
             "skipped": [{"person": "prs_3", "email": "eve@example.com", "reason": "Not employed in the month."}]}
            """);

        var typed = await Typed.RunAsync(server, "grant run --plan engineering --period 2026-11 --dry-run");

        Assert.Equal("""
            Person        E-mail           Kind         USD   Tokens  Why
            Ada Lovelace  ada@example.com  allowance   2.00  2,000.5  25 % of base pay
            prs_2                          allowance  <0.01    1,000
            and 1,180 more.

            Skipped          Why
            eve@example.com  Not employed in the month.

            1,200 grants of 3.00 USD, 3,000.5 tokens; 2 had theirs before, 1 skipped, of 1,203 people.

            """, typed.Results);
        Assert.Equal("A dry run: nothing was granted.\n", typed.Messages);
        Assert.Equal("""{"plan":"engineering","period":"2026-11","dryRun":true}""", server.Request.Body);
    }

    [Fact]
    public async Task GrantRun_PreparedBefore_SaysNothingNewAndPutsEachCommandOnItsLine()
    {
        await using var server = await StubServer.WithAsync("""
            {"people": 1, "granted": 0, "hadBefore": 1, "skippedCount": 0, "skipped": [], "totalMilli": 3000500,
             "totalUsdNanos": 3000000000, "lines": [], "runId": "run_1", "state": "awaiting",
             "waiting": [{"runId": "run_1", "digest": "d1", "whoMay": "an administrator other than ann"}]}
            """);

        var typed = await Typed.RunAsync(server, "grant run --plan engineering --period 2026-11");

        Assert.Equal("""
            Nothing new; 1 had theirs before, 0 skipped, of 1 person.
            Run run_1 waits for an administrator other than ann.
              Look:     guerdon grant show run_1
              Approve:  guerdon grant approve run_1 d1

            """, typed.Results);
    }

    [Fact]
    public async Task KeyCreate_Good_PutsTheKeyAloneOnResults()
    {
        await using var server = await StubServer.WithAsync(
            """{"id": "key_1", "key": "grd_abc", "hint": "grd_…abc"}""", 201);

        var typed = await Typed.RunAsync(
            server, "key create --person ada@example.com --name ci --models a,b --budget 50000 --expires 2026-12-31");

        Assert.Equal("grd_abc\n", typed.Results);
        Assert.Contains("key_1", typed.Messages, StringComparison.Ordinal);
        Assert.DoesNotContain("grd_abc", typed.Messages, StringComparison.Ordinal);
        Assert.Equal(
            """{"person":"ada@example.com","name":"ci","models":["a","b"],"budgetMilli":50000000,"""
            + "\"expiresAt\":\"2027-01-01T00:00:00+00:00\"}",
            server.Request.Body);
    }

    [Fact]
    public async Task KeyList_NoKeys_SaysSo()
    {
        await using var server = await StubServer.WithAsync("""{"keys": []}""");

        var typed = await Typed.RunAsync(server, "key list --person a+b@example.com");

        Assert.Equal(("", "a+b@example.com has no keys.\n", 0), (typed.Results, typed.Messages, typed.Exit));
        Assert.Equal("GET /api/v1/keys?person=a%2Bb%40example.com", server.Request.Line);
    }

    [Fact]
    public async Task KeyVerbs_OfMe_NameNobody()
    {
        await using var server = await StubServer.WithAsync("""{"id": "key_1", "key": "grd_abc", "hint": "abc"}""");

        await Typed.RunAsync(server, "key create --person me --name ci --budget 0.5");
        await Typed.RunAsync(server, "key list --person me");

        Assert.Equal("""{"name":"ci","budgetMilli":500}""", server.Requests[0].Body);
        Assert.Equal("GET /api/v1/keys", server.Requests[1].Line);
    }

    [Fact]
    public async Task KeyRevoke_EmptyReply_IsADocumentAllTheSame()
    {
        await using var server = await StubServer.WithAsync((_, _) => Results.NoContent());

        var typed = await Typed.RunAsync(server, "key revoke key_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b --json");

        Assert.True(Parse(typed).GetProperty("revoked").GetBoolean());
        Assert.Equal("DELETE /api/v1/keys/key_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b", server.Request.Line);
    }

    [Fact]
    public async Task Wallet_WithLots_ShowsThemAndWhatItIsWorth()
    {
        await using var server = await StubServer.WithAsync("""
            {"person": "ada@example.com", "name": "Ada", "wallet": "wal_1", "tokenValueNanos": 1500,
             "balance": {"availableMilli": 900500000, "escrowMilli": 100000000, "spentMilli": 500, "expiredMilli": 0},
             "lots": [{"number": 1, "grantedMilli": 1001000, "availableMilli": 900500,
                       "escrowMilli": 100000, "spentMilli": 500,
                       "expiredMilli": 0, "taxClass": "work", "source": "plan", "expiresAt": "2027-01-01T00:00:00Z",
                       "grantedAt": "2026-11-01T00:00:00Z"}]}
            """);

        var typed = await Typed.RunAsync(server, "wallet me");

        Assert.Equal("GET /api/v1/wallets/me", server.Request.Line);
        Assert.Equal("""
            Ada (ada@example.com)

                         USD   Tokens
            Available   1.35  900,500
            In escrow   0.15  100,000
            Spent      <0.01      0.5
            Expired     0.00        0

            1.50 USD to spend: 1,000,500 tokens at 1.50 USD a million tokens.


            """ + "Lot  Grant  Tax class  Granted on  Expires on  Granted USD  Left USD  Granted  Available  Escrow"
            + "  Spent  Expired\n"
            + "  1  plan   work       2026-11-01  2027-01-01        <0.01     <0.01    1,001      900.5     100"
            + "    0.5        0\n", typed.Results);
    }

    [Fact]
    public async Task Wallet_WithRewardTokens_ShowsEachClassAndWhereItIs()
    {
        await using var server = await StubServer.WithAsync("""
            {"person": "ada@example.com", "name": "Ada", "wallet": "wal_1", "tokenValueNanos": 1000,
             "balance": {"availableMilli": 0, "escrowMilli": 0, "spentMilli": 0, "expiredMilli": 0}, "lots": [],
             "rewards": {"balance": {"availableMilli": 250000000000, "escrowMilli": 0, "spentMilli": 0,
                                     "expiredMilli": 0, "unvestedMilli": 1000000000000, "lockedMilli": 10000000000,
                                     "convertedMilli": 40000000000},
               "lots": [{"number": 7, "grantedMilli": 300000000000, "availableMilli": 250000000000, "escrowMilli": 0,
                         "spentMilli": 0, "expiredMilli": 0, "lockedMilli": 10000000000,
                         "convertedMilli": 40000000000, "taxClass": "convertible_cash", "source": "star"},
                        {"number": 8, "grantedMilli": 1000000000000, "availableMilli": 0, "escrowMilli": 0,
                         "spentMilli": 0, "expiredMilli": 0, "unvestedMilli": 1000000000000,
                         "taxClass": "convertible_time_off", "source": "stay",
                         "expiresAt": "2028-11-01T00:00:00Z"}]}}
            """);

        var typed = await Typed.RunAsync(server, "wallet me");

        Assert.DoesNotContain("No grants yet", typed.Results, StringComparison.Ordinal);
        var words = typed.Results[typed.Results.IndexOf("Reward tokens", StringComparison.Ordinal)..].Split('\n')
            .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(
            [
                "Reward tokens",
                "USD Tokens",
                "Free to convert 250.00 250,000,000",
                "Set aside for a conversion 10.00 10,000,000",
                "To vest 1,000.00 1,000,000,000",
                "Converted 40.00 40,000,000",
                "Expired 0.00 0",
                "",
                "Lot Grant Tax class Expires on Granted USD Free USD Granted Free Set aside To vest Converted Expired",
                "7 star convertible_cash 300.00 250.00 300,000,000 250,000,000 10,000,000 0 40,000,000 0",
                "8 stay convertible_time_off 2028-11-01 1,000.00 0.00 1,000,000,000 0 0 1,000,000,000 0 0",
                "",
            ], words);
    }

    [Fact]
    public async Task People_SeveralPages_AreOneList()
    {
        await using var server = await StubServer.WithAsync((context, _) => Results.Text(
            context.Request.Query["after"] == "a@x"
                ? """{"people": [{"email": "b@x", "name": "B", "basePayCents": 1}], "next": null}"""
                : """{"people": [{"email": "a@x", "name": "A", "basePayCents": 1}], "next": "a@x"}""",
                "application/json"));

        var typed = await Typed.RunAsync(server, "people --team R&D");
        var json = await Typed.RunAsync(server, "people --json");

        Assert.Equal("E-mail  Name  Team  Role  Level  Country  Left\na@x     A\nb@x     B\n", typed.Results);
        Assert.Equal("GET /api/v1/people?team=R%26D&after=a%40x&limit=1000", server.Requests[1].Line);
        Assert.Equal(1, Parse(json).GetProperty("people")[1].GetProperty("basePayCents").GetInt32());
    }

    [Fact]
    public async Task Prices_WithATier_ShowsItUnderItsModel()
    {
        await using var server = await StubServer.WithAsync("""
            {"at": "2026-11-17T10:00:00Z", "tokenValueNanos": 1000, "prices": [
              {"id": "x", "model": "m", "provider": "p", "base": {"inputNanosPerMillion": 75000000,
               "cachedInputNanosPerMillion": 7500000, "cacheWrite5mNanosPerMillion": 0,
               "cacheWrite1hNanosPerMillion": 0, "audioInputNanosPerMillion": 40000000000,
               "audioOutputNanosPerMillion": 80000000000, "imageOutputNanosPerMillion": 30000000000,
               "outputNanosPerMillion": 15000000000}, "tierOverTokens": 200000, "tier": {"inputNanosPerMillion": 1,
               "cachedInputNanosPerMillion": 1, "cacheWrite5mNanosPerMillion": 1, "cacheWrite1hNanosPerMillion": 1,
               "outputNanosPerMillion": 1}}]}
            """);

        var typed = await Typed.RunAsync(server, "prices");

        Assert.Equal("""
            USD per million tokens at 2026-11-17 10:00 UTC; compute tokens are worth 1.00 USD a million tokens.

            Model                  Provider        Input       Cached  Write 5 min    Write 1 h       Output
            m                      p               0.075       0.0075         0.00         0.00        15.00
              over 200,000 tokens  p         0.000000001  0.000000001  0.000000001  0.000000001  0.000000001
              audio                p               40.00                                               80.00
              pictures             p                                                                   30.00

            """, typed.Results);
    }

    private static JsonElement Parse(Typed typed)
    {
        using var document = JsonDocument.Parse(typed.Results);
        return document.RootElement.Clone();
    }
}
