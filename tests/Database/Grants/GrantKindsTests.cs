using System.Globalization;
using System.Net;
using System.Text.Json;
using Guerdon.Grants.Runs;
using Guerdon.Grants.Vesting;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Lots;
using Guerdon.Ledger.Transfers;
using Guerdon.People.Employees;
using Guerdon.Storage;
using Microsoft.Extensions.Hosting;

namespace Guerdon.Database.Grants;

/// <summary>Every kind of grant from its plan to the ledger, and back. A company a test, since the clock is
/// turned.</summary>
public sealed class GrantKindsTests : IAsyncLifetime
{
    private readonly Company _company = new();

    public ValueTask InitializeAsync() => _company.InitializeAsync();

    public ValueTask DisposeAsync() => _company.DisposeAsync();

    private static string Plan(string more, string allowance = "", string from = "2026-11-01") => $$"""
        name: plan
        effective_from: {{from}}
        pool: pool
        allowance: { share: 12%, basis: base, mode: on-top, expires_after: P3M, tax_class: work_compute{{allowance}} }
        {{more}}
        """;

    private async Task ApplyAsync(string yaml)
    {
        var (status, body) = await _company.PlanAsync(yaml);
        Assert.True(status == HttpStatusCode.OK, body.ToString());
    }

    private async Task ImportAsync(string email, string hired = "2024-01-15", string left = "")
    {
        var rest = $"Eng,Engineer,L5,US,C,{hired},{left},100000,120000,USD,";
        Assert.Equal(HttpStatusCode.OK, (await _company.ImportAsync(Company.Row(email, rest))).Status);
    }

    private async Task<JsonElement> RunAsync(string period, string? caller = null)
    {
        var (status, body) = caller is null
            ? await _company.RunAsync("plan", period) : await _company.PrepareAsync("plan", period, caller: caller);
        Assert.True(status == HttpStatusCode.OK, body.ToString());
        return body;
    }

    private async Task<int> AwardAsync(string email, string award, string period = "2026-11", long? nanos = null)
    {
        var (status, body) = await _company.ApprovedAsync(await _company.PostAsync("/api/v1/grants/awards", new
        {
            plan = "plan", period,
            awards = new[] { new { person = email, award, amountUsdNanos = nanos, reason = "Well done." } },
        }));
        Assert.True(status == HttpStatusCode.OK, body.ToString());
        return body.GetProperty("granted").GetInt32();
    }

    private async Task<WalletId> WalletAsync(string email) => new((await _company.Get<PeopleDirectory>()
        .FindAsync(email, Company.Ct))!.Id.Value);

    private async Task<Balance> BalanceAsync(string email, Asset asset = Asset.Compute) => await Balances.AtAsync(
        _company.Db, await WalletAsync(email), asset, _company.Clock.Now.AddDays(1), Company.Ct);

    private async Task<int> JobAsync<T>() where T : Job =>
        await _company.Get<IEnumerable<IHostedService>>().OfType<T>().Single().RunAsync(Company.Ct);

    private void TurnTo(string day) =>
        _company.Clock.Now = DateTimeOffset.Parse(day + "T10:00:00Z", CultureInfo.InvariantCulture);

    private static string State(JsonElement body) => body.GetProperty("state").GetString()!;

    private static string? Title((HttpStatusCode Status, JsonElement Body) reply) =>
        reply.Body.GetProperty("title").GetString();

    [Fact]
    public async Task Run_WithTwoAdministrators_NeedsTheOther()
    {
        await ImportAsync("ada@example.com");
        await ApplyAsync(Plan(""));

        var prepared = await RunAsync("2026-11", "admin:ann");
        Assert.Equal("awaiting", State(prepared));
        Assert.Equal(0, (await BalanceAsync("ada@example.com")).Available.Milli);
        var run = prepared.GetProperty("runId").GetString();
        var own = await _company.ApproveAsync(run!, "admin:ann");
        Assert.Equal((HttpStatusCode.Forbidden, "compensation.own_approval"), (own.Status, Title(own)));
        Assert.Equal("awaiting", State(await RunAsync("2026-11", "admin:ann"))); // asking again prepares nothing more

        var (_, done) = await _company.ApproveAsync(run!, "admin:bob");
        Assert.Equal(("posted", "ann", "bob"),
            (State(done), done.GetProperty("preparedBy").GetString(), done.GetProperty("decidedBy").GetString()));
        Assert.Equal(1_000_000_000_000, (await BalanceAsync("ada@example.com")).Available.Milli);
        Assert.Equal("posted", State(
            (await _company.ApproveAsync(run!, "admin:bob")).Body));
        Assert.Equal("compensation.run_decided",
            Title(await _company.PostAsync($"/api/v1/grants/runs/{run}/decline", caller: "admin:bob")));
        Assert.Equal(1_000_000_000_000, (await BalanceAsync("ada@example.com")).Available.Milli);
        Assert.Empty(await _company.VerifyAsync());
    }

    [Fact]
    public async Task Decline_LetsItBePreparedAgain()
    {
        await ImportAsync("ada@example.com");
        await ApplyAsync(Plan(""));
        var run = (await RunAsync("2026-11", "admin:ann")).GetProperty("runId").GetString();

        Assert.Equal("declined", State((await _company.PostAsync($"/api/v1/grants/runs/{run}/decline")).Body));
        Assert.Equal("compensation.run_decided",
            Title(await _company.ApproveAsync(run!, "admin:bob")));

        var again = await RunAsync("2026-11", "admin:ann");
        Assert.Equal(("awaiting", 1), (State(again), again.GetProperty("granted").GetInt32()));
        Assert.Empty(await _company.VerifyAsync());
    }

    [Fact]
    public async Task Approve_LinesChangedSince_PostsNothing()
    {
        await ImportAsync("ada@example.com");
        await ApplyAsync(Plan(""));
        var run = (await RunAsync("2026-11", "admin:ann")).GetProperty("runId").GetString();
        await _company.TamperAsync("update compensation.grant_line set amount_milli = amount_milli * 10");

        Assert.Equal("compensation.run_changed",
            Title(await _company.ApproveAsync(run!, "admin:bob")));
        Assert.Equal(0, (await BalanceAsync("ada@example.com")).Available.Milli);
    }

    [Fact]
    public async Task Reverse_RevokesWhatIsLeftAndLetsItBeGrantedAgain()
    {
        await ImportAsync("ada@example.com");
        await ImportAsync("bo@example.com");
        await ApplyAsync(Plan(""));
        var run = (await RunAsync("2026-11")).GetProperty("runId").GetString();
        var ada = await WalletAsync("ada@example.com");
        await _company.Get<LedgerWriter>().PostAsync(
            new() { Kind = TransferKind.Spend, Wallet = ada, Amount = new(300), Key = "spent" }, Company.Ct);

        var asked = await _company.PostAsync(
            $"/api/v1/grants/runs/{run}/reverse", new { reason = "wrong month" }, "admin:ann");
        Assert.Equal("reversal-awaiting", State(asked.Body));
        Assert.Equal("compensation.own_approval",
            Title(await _company.PostAsync($"/api/v1/grants/runs/{run}/reverse/approve", caller: "admin:ann")));
        var (_, done) = await _company.PostAsync($"/api/v1/grants/runs/{run}/reverse/approve", caller: "admin:bob");

        Assert.Equal(("reversed", 2_000_000_000_000 - 300),
            (State(done), done.GetProperty("returnedMilli").GetInt64()));
        Assert.Equal((0, 300), ((int)(await BalanceAsync("ada@example.com")).Available.Milli,
            (int)(await BalanceAsync("ada@example.com")).Spent.Milli));
        Assert.Equal(2, await _company.ScalarAsync("""
            select count(*) from ledger.v_entry e where e.kind = 9 and e.to_account = 0
               and exists (select from ledger.v_entry g where g.transfer_id = e.corrects and g.kind = 2)
            """));
        Assert.Equal(-300, await _company.ScalarAsync(
            "select available_milli from ledger.v_balance where wallet_id = '00000000-0000-7000-8000-000000000001'"));
        Assert.Equal("reversed", State(
            (await _company.PostAsync($"/api/v1/grants/runs/{run}/reverse/approve", caller: "admin:bob")).Body));

        Assert.Equal(2, (await RunAsync("2026-11")).GetProperty("granted").GetInt32());
        Assert.Equal(1_000_000_000_000, (await BalanceAsync("bo@example.com")).Available.Milli);
        Assert.Empty(await _company.VerifyAsync());
    }

    [Fact]
    public async Task Award_FromTheCatalogue_IsGrantedOncePerMonthWithItsReason()
    {
        await ImportAsync("ada@example.com");
        await ApplyAsync(Plan("""
            awards:
              - { name: star, kind: performance, up_to_usd: 500, expires_after: never, tax_class: convertible_cash }
              - { name: starter, kind: package, amount_usd: 100, expires_after: P1Y, tax_class: taxable_compute }
            """));

        Assert.Equal(1, await AwardAsync("ada@example.com", "star", nanos: 250_000_000_000));
        Assert.Equal(0, await AwardAsync("ada@example.com", "star", nanos: 250_000_000_000));
        Assert.Equal(1, await AwardAsync("ada@example.com", "starter"));

        var lot = Assert.Single(
            await WalletLots.OfAsync(_company.Db, await WalletAsync("ada@example.com"), Asset.Reward, Company.Ct));
        Assert.Equal(("convertible_cash", 250_000_000_000), (lot.TaxClass, lot.Available.Milli));
        Assert.Contains("Well done.", (await _company.GetAsync("/api/v1/people/ada@example.com/rewards?year=2026")).Body
            .GetProperty("grants").ToString(), StringComparison.Ordinal);
        var bad = await _company.PostAsync("/api/v1/grants/awards", new
        {
            plan = "plan", period = "2026-11", awards = new object[]
            {
                new { person = "ada@example.com", award = "star", amountUsdNanos = 501_000_000_000, reason = "x" },
                new { person = "ada@example.com", award = "moon", reason = "x" },
                new { person = "ada@example.com", award = "starter", reason = " " },
            },
        });
        Assert.Equal("compensation.award_invalid", Title(bad));
        foreach (var says in (string[])["1: star needs", "2: 'moon' is none of star, starter", "3: needs a reason"])
            Assert.Contains(says, bad.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(await _company.VerifyAsync());
    }

    [Fact]
    public async Task Vesting_MonthByMonth_MovesWhatIsDueAndForfeitsALeaversRest()
    {
        await ImportAsync("ada@example.com");
        await ImportAsync("bo@example.com");
        await ApplyAsync(Plan("""
            awards:
              - name: stay
                kind: performance
                amount_usd: 1000
                expires_after: never
                tax_class: convertible_cash
                vesting: { months: 12, cliff_months: 3 }
            """));
        foreach (var email in (string[])["ada@example.com", "bo@example.com"]) await AwardAsync(email, "stay");
        Assert.Equal(1_000_000_000_000, (await BalanceAsync("ada@example.com", Asset.Reward)).Unvested.Milli);

        TurnTo("2027-01-31");
        Assert.Equal(0, await JobAsync<VestGrants>());
        TurnTo("2027-02-01"); // three months after 2026-11-01
        Assert.Equal(2, await JobAsync<VestGrants>());
        Assert.Equal(0, await JobAsync<VestGrants>());
        Assert.Equal((250_000_000_000, 750_000_000_000), Of(await BalanceAsync("ada@example.com", Asset.Reward)));

        await ImportAsync("bo@example.com", left: "2027-04-15");
        TurnTo("2027-05-03");
        Assert.Equal(2, await JobAsync<VestGrants>());
        Assert.Equal((500_000_000_000, 500_000_000_000), Of(await BalanceAsync("ada@example.com", Asset.Reward)));
        // 5 of 12, then left
        Assert.Equal((416_666_666_667, 0), Of(await BalanceAsync("bo@example.com", Asset.Reward)));
        TurnTo("2028-01-01");
        Assert.Equal(1, await JobAsync<VestGrants>());
        Assert.Equal((1_000_000_000_000, 0), Of(await BalanceAsync("ada@example.com", Asset.Reward)));
        Assert.Equal((416_666_666_667, 0), Of(await BalanceAsync("bo@example.com", Asset.Reward)));
        Assert.Empty(await _company.VerifyAsync());

        static (long, long) Of(Balance b) => (b.Available.Milli, b.Unvested.Milli);
    }

    [Fact]
    public async Task Clawback_OfALeaver_TakesThePartOfTheDaysThatAreLeft()
    {
        await ImportAsync("ada@example.com", hired: "2026-11-01");
        await ApplyAsync(Plan("""
            signing_bonus: { amount_usd: 1000, within_days_of_hire: 30, expires_after: never,
              tax_class: taxable_compute,
              clawback: { within: P1Y, mode: pro-rata } }
            """));
        await RunAsync("2026-11");
        await ImportAsync("ada@example.com", hired: "2026-11-01", left: "2027-01-31"); // 92 of 365 days stayed
        TurnTo("2027-01-31");
        Assert.Equal(0, await JobAsync<ClawBack>());
        TurnTo("2027-02-01");
        Assert.Equal(1, await JobAsync<ClawBack>());
        Assert.Equal(0, await JobAsync<ClawBack>());

        var ada = await WalletAsync("ada@example.com");
        var bonus = (await WalletLots.OfAsync(_company.Db, ada, Asset.Compute, Company.Ct))
            .Single(l => l.TaxClass == "taxable_compute");
        Assert.Equal(1_000_000_000_000L * 273 / 365, bonus.Revoked.Milli);
        Assert.Equal(
            bonus.Revoked.Milli, await _company.ScalarAsync("select taken_milli from compensation.v_clawback"));
        Assert.Empty(await _company.VerifyAsync());
    }

    [Fact]
    public async Task Rollover_OverTheCap_LapsesWhatExpiresFirst()
    {
        await ImportAsync("ada@example.com");
        await ApplyAsync(Plan("", ", rollover_cap: 50%"));
        await RunAsync("2026-11");
        TurnTo("2026-12-01");
        await RunAsync("2026-12");

        var balance = await BalanceAsync("ada@example.com");
        Assert.Equal((1_500_000_000_000, 500_000_000_000), (balance.Available.Milli, balance.Expired.Milli));
        await _company.Get<RunWork>().RunAsync(Company.Ct);
        Assert.Equal(1_500_000_000_000, (await BalanceAsync("ada@example.com")).Available.Milli);
        Assert.Empty(await _company.VerifyAsync());
    }

    [Fact]
    public async Task Quarter_IsGrantedOnceAndANewcomerFromTheirMonthOn()
    {
        TurnTo("2026-10-05");
        await ImportAsync("ada@example.com");
        await ApplyAsync(Plan("", ", period: quarter", "2026-10-01"));
        Assert.Equal(1, (await RunAsync("2026-10")).GetProperty("granted").GetInt32());
        Assert.Equal(3_000_000_000_000, (await BalanceAsync("ada@example.com")).Available.Milli);

        TurnTo("2026-11-20");
        await ImportAsync("new@example.com", hired: "2026-11-16"); // 46 of the quarter's 92 days
        Assert.Equal(1, (await RunAsync("2026-11")).GetProperty("granted").GetInt32());
        Assert.Equal(1_500_000_000_000, (await BalanceAsync("new@example.com")).Available.Milli);
        Assert.Equal(3_000_000_000_000, (await BalanceAsync("ada@example.com")).Available.Milli);
    }
}
