using System.Net;
using System.Text.Json;
using Guerdon.Grants;
using Guerdon.Grants.Runs;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Guerdon.People;

namespace Guerdon.Database.Grants;

public sealed class GrantRunTests(Company company) : IClassFixture<Company>
{
    private static string Plan(string name, string team, string from = "2026-11-01", string share = "25%") => $$"""
        name: {{name}}
        effective_from: {{from}}
        pool: {{name}}
        allowance: { share: {{share}}, basis: base, mode: on-top, expires_after: P3M, tax_class: work_compute }
        eligible: { teams: [{{team}}] }
        """;

    private static string Team(string team, string hired = "2024-01-15", string currency = "USD") =>
        $"{team},Engineer,L5,US,C,{hired},,100000,120000,{currency},";

    private static string? Title((HttpStatusCode Status, JsonElement Body) reply) =>
        reply.Body.GetProperty("title").GetString();

    private static int Granted((HttpStatusCode Status, JsonElement Body) reply) =>
        reply.Body.GetProperty("granted").GetInt32();

    private Task<long> AvailableAsync(string team) => company.ScalarAsync($"""
        select coalesce(sum(b.available_milli), 0)::bigint from people.person p
          join ledger.v_balance b on b.wallet_id = p.person_id where p.team = '{team}'
        """);

    private async Task<string> SetUpAsync(string name, int people)
    {
        await company.ImportAsync(string.Concat(Enumerable.Range(0, people).Select(
            i => Company.Row($"p{i}@{name}.example", Team(name)))));
        Assert.Equal(HttpStatusCode.OK, (await company.PlanAsync(Plan(name, name))).Status);
        return name;
    }

    [Fact]
    public async Task Run_Month_GrantsEachOnceHoweverOften()
    {
        var plan = await SetUpAsync("once", 3);

        var rehearsal = await company.RunAsync(plan, "2026-11", dryRun: true);
        Assert.Equal(3, Granted(rehearsal));
        Assert.Equal(0, await AvailableAsync(plan));

        var first = await company.RunAsync(plan, "2026-11");
        Assert.Equal((3, 6_249_999_999_999), (Granted(first), first.Body.GetProperty("totalMilli").GetInt64()));
        Assert.Equal(rehearsal.Body.GetProperty("totalMilli").GetInt64(),
            first.Body.GetProperty("totalMilli").GetInt64());

        await company.ImportAsync(Company.Row("new@once.example", Team(plan, "2026-11-21")));
        var second = await company.RunAsync(plan, "2026-11");
        Assert.Equal((1, 3), (Granted(second), second.Body.GetProperty("hadBefore").GetInt32()));
        var third = await company.RunAsync(plan, "2026-11");
        Assert.Equal((0, 4), (Granted(third), third.Body.GetProperty("hadBefore").GetInt32()));
        Assert.Equal(JsonValueKind.Null, third.Body.GetProperty("runId").ValueKind);

        Assert.Equal(6_249_999_999_999 + 694_444_444_445, await AvailableAsync(plan)); // 10 of 30 days, rounded up
        Assert.Equal(4, Granted(await company.RunAsync(plan, "2026-12")));
        Assert.Empty(await company.VerifyAsync());
    }

    [Fact]
    public async Task Run_TwiceAtOnce_GrantsOnce()
    {
        var plan = await SetUpAsync("twice", 20);

        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => company.PrepareAsync(plan, "2026-11")));

        Assert.All(runs, run => Assert.Equal(HttpStatusCode.OK, run.Status));
        var id = Assert.Single(runs.Select(run => run.Body.GetProperty("runId").GetString()).Distinct())!;
        Assert.Equal(HttpStatusCode.OK, (await company.ApproveAsync(id)).Status);
        Assert.Equal(20 * 2_083_333_333_333, await AvailableAsync(plan));
        Assert.Equal(20, await company.ScalarAsync($"select count(*) from compensation.v_grant where plan = '{plan}'"));
        Assert.Empty(await company.VerifyAsync());
    }

    [Fact]
    public async Task Run_KilledAnywhere_IsFinishedWithoutASecondGrant()
    {
        var plan = await SetUpAsync("killed", 1_200); // three chunks
        Assert.True(Period.TryParse("2026-11", out var period));
        await company.Get<RunPreparation>().RunAsync( // killed before any posting
            new(plan, period, Rehearsal: false, new("ann", null)), Company.Ct);

        // Killed again, after the second chunk was posted and before that was written down.
        var run = new RunId(
            (await IdsAsync($"select distinct run_id from compensation.grant_line where plan = '{plan}'"))[0]);
        var lines = await GrantLines.ChunkAsync(company.Db, run, 1, Company.Ct);
        await company.Get<LedgerWriter>()
            .PostAsync(ChunkTransfers.Of(run, 1, PoolId.Of(plan), lines), null, Company.Ct);
        Assert.Equal(499 * 2_083_333_333_333, await AvailableAsync(plan));

        var finished = await company.RunAsync(plan, "2026-11");
        Assert.Equal((0, 1_200), (Granted(finished), finished.Body.GetProperty("hadBefore").GetInt32()));
        Assert.Equal(1_200 * 2_083_333_333_333, await AvailableAsync(plan));
        Assert.Equal(1_200, await company.ScalarAsync($"""
            select count(distinct l.transfer_id) from compensation.v_grant l
              join ledger.v_entry e on e.transfer_id = l.transfer_id and e.wallet_id = l.person_id and e.key = l.key
             where l.plan = '{plan}' and e.amount_milli = l.amount_milli
            """));

        var (_, state) = await company.GetAsync($"/api/v1/grants/runs/{run}");
        Assert.Equal((1_200, 1_200), (state.GetProperty("lines").GetInt32(), state.GetProperty("posted").GetInt32()));
        Assert.Empty(await company.VerifyAsync());
    }

    private async Task<List<Guid>> IdsAsync(string sql)
    {
        await using var command = company.Db.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Company.Ct);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(Company.Ct)) ids.Add(reader.GetGuid(0));
        return ids;
    }

    [Fact]
    public async Task DryRun_Lines_ArePagedAndReplacedByTheNext()
    {
        // A company of its own: the list of those skipped ends with the five hundredth.
        await using var own = new Company();
        await own.InitializeAsync();
        await new GrantRunTests(own).PageDryRunsAsync();
    }

    private async Task PageDryRunsAsync()
    {
        var plan = await SetUpAsync("paged", 5);
        await company.ImportAsync(Company.Row("franc@paged.example", Team(plan, currency: "CHF")));

        var first = (await company.RunAsync(plan, "2027-05", dryRun: true)).Body;
        Assert.Contains("CHF", first.GetProperty("skipped").EnumerateArray().First(
            s => s.GetProperty("email")
                .GetString() == "franc@paged.example").GetProperty("reason").GetString(), StringComparison.Ordinal);
        var id = first.GetProperty("runId").GetString();
        var (_, page) = await company.GetAsync($"/api/v1/grants/runs/{id}/lines?after=2&limit=2");
        Assert.Equal([3, 4], page.GetProperty("lines").EnumerateArray()
            .Select(l => l.GetProperty("number").GetInt32()));
        Assert.Equal(4, page.GetProperty("next").GetInt32());

        await company.RunAsync(plan, "2027-05", dryRun: true);
        Assert.Equal("compensation.run_not_found", Title(await company.GetAsync($"/api/v1/grants/runs/{id}/lines")));
        Assert.Equal("compensation.run_not_found", Title(await company.GetAsync("/api/v1/grants/runs/run_1")));
        Assert.Equal("compensation.page_invalid",
            Title(await company.GetAsync($"/api/v1/grants/runs/{id}/lines?limit=1001")));
        Assert.Equal(
            5, await company.ScalarAsync($"select count(*) from compensation.grant_line where plan = '{plan}'"));
        Assert.Empty(await company.VerifyAsync());
    }

    [Fact]
    public async Task Run_WhatCannotBe_IsRefused()
    {
        var plan = await SetUpAsync("refused", 1);

        Assert.Equal("compensation.period_invalid", Title(await company.RunAsync(plan, "2026-13")));
        Assert.Equal("compensation.plan_not_found", Title(await company.RunAsync("no-such-plan", "2026-11")));
        Assert.Equal("compensation.plan_not_in_effect", Title(await company.RunAsync(plan, "2026-10")));
        Assert.Equal("compensation.period_too_early", Title(await company.RunAsync(plan, "2027-01")));
        Assert.Equal("compensation.plan_invalid", Title(await company.PlanAsync("name: X")));
        Assert.Equal("compensation.plan_too_large", Title(await company.PlanAsync(new string('#', 65_537))));
        Assert.Equal("compensation.period_invalid",
            Title(await company.GetAsync("/api/v1/people/p0@refused.example/rewards?year=1999")));
    }

    [Fact]
    public async Task Run_LedgerRefuses_IsSaidAndNothingIsGranted()
    {
        var plan = await SetUpAsync("clash", 1);
        var person =
            new PersonId((await IdsAsync("select person_id from people.person where email = 'p0@clash.example'"))[0]);
        var (pool, other) = (new WalletId(PoolId.Of(plan).Value), new WalletId(Guid.NewGuid()));
        await company.Get<LedgerWriter>().PostAsync( // somebody used the key for another grant
        [
            new() { Kind = TransferKind.Fund, Wallet = WalletId.Treasury, To = pool, Amount = new(1), Key = "clash" },
            new()
            {
                Kind = TransferKind.Grant, Wallet = pool, To = other, Amount = new(1),
                Key = $"grant:{plan}:allowance:2026-11:{person}", NewLot = new LotTerms("work_compute", "a test", null),
            },
        ], null, Company.Ct);

        Assert.Equal("compensation.posting_refused", Title(await company.RunAsync(plan, "2026-11")));
        Assert.Equal(0, await AvailableAsync(plan));
        Assert.Equal(0, await company.ScalarAsync(
            $"select count(*) from compensation.v_grant where plan = '{plan}' and posted_at is not null"));
    }

    [Fact]
    public async Task Apply_Versions_SameContentAddsNoneAndTheNewestInEffectRuns()
    {
        await company.ImportAsync(Company.Row("v@versions.example", Team("versions")));
        var (one, two) = (Plan("versions", "versions"), Plan("versions", "versions", "2026-12-01", "50%"));

        int Version((HttpStatusCode Status, JsonElement Body) reply) =>
            reply.Body.GetProperty("plan").GetProperty("version").GetInt32();
        var versions = new List<int>();
        foreach (var yaml in (string[])[one, one, two, two]) versions.Add(Version(await company.PlanAsync(yaml)));
        Assert.Equal([1, 1, 2, 2], versions);
        Assert.Equal(2_083_333_333_333,
            (await company.RunAsync("versions", "2026-11")).Body.GetProperty("totalMilli").GetInt64());
        Assert.Equal(4_166_666_666_667,
            (await company.RunAsync("versions", "2026-12")).Body.GetProperty("totalMilli").GetInt64());
        Assert.Contains((await company.GetAsync("/api/v1/plans")).Body.GetProperty("plans").EnumerateArray(),
            p => p.GetProperty("name").GetString() == "versions" && p.GetProperty("version").GetInt32() == 2);

        var (_, rewards) = await company.GetAsync("/api/v1/people/v@versions.example/rewards?year=2026");
        Assert.Equal(6_250_000_000_000, rewards.GetProperty("tokensMilli").GetInt64());
        Assert.Equal((10_000_000, 2_000_000),
            (rewards.GetProperty("basePayCents").GetInt64(), rewards.GetProperty("otherPayCents").GetInt64()));
    }

    [Fact]
    public async Task Check_Plan_SaysWhatItsFirstMonthComesToAndChangesNothing()
    {
        await company.ImportAsync(Company.Row("c@checked.example", Team("checked")));
        var (status, body) = await company.PlanAsync(Plan("checked", "checked", "2027-02-01"), "/check");

        Assert.Equal((HttpStatusCode.OK, "2027-02", 1, 2_083_333_333_333),
            (status, body.GetProperty("period").GetString(),
            body.GetProperty("grants").GetInt32(), body.GetProperty("totalMilli").GetInt64()));
        Assert.Equal("compensation.plan_not_found", Title(await company.RunAsync("checked", "2026-11")));

        var (_, problem) = await company.PlanAsync("name: X\npool: y", "/check");
        Assert.All(problem.GetProperty("errors").EnumerateArray(),
            e => Assert.InRange(e.GetProperty("line").GetInt32(), 1, 2));
    }
}
