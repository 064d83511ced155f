using System.Globalization;
using System.Net;
using System.Text.Json;
using Guerdon.Grants.Expiry;
using Guerdon.Grants.Vesting;
using Guerdon.People.Employees;
using Guerdon.Storage;
using Microsoft.Extensions.Hosting;

namespace Guerdon.Database.Grants;

/// <summary>What vests ahead of its time, what a person reads of it, and what they are told before tokens go.</summary>
public sealed class VestingFactTests : IAsyncLifetime
{
    private readonly Company _company = new();

    public ValueTask InitializeAsync() => _company.InitializeAsync();

    public ValueTask DisposeAsync() => _company.DisposeAsync();

    private async Task<string> GrantAsync(string more)
    {
        await _company.ImportAsync(Company.Row("ada@example.com"));
        var (applied, body) = await _company.PlanAsync($$"""
            name: plan
            effective_from: 2026-11-01
            pool: pool
            allowance: { share: 12%, basis: base, mode: on-top, tax_class: work_compute{{more}} }
            """);
        Assert.True(applied == HttpStatusCode.OK, body.ToString());
        return (await _company.RunAsync("plan", "2026-11")).Body.GetProperty("runId").GetString()!;
    }

    private Task<int> JobAsync<T>() where T : Job =>
        _company.Get<IEnumerable<IHostedService>>().OfType<T>().Single().RunAsync(Company.Ct);

    private void TurnTo(string day) =>
        _company.Clock.Now = DateTimeOffset.Parse(day + "T10:00:00Z", CultureInfo.InvariantCulture);

    private static string? Title((HttpStatusCode Status, JsonElement Body) reply) =>
        reply.Body.GetProperty("title").GetString();

    [Fact]
    public async Task Acceleration_ApprovedByAnother_VestsAndIsForecast()
    {
        var run = await GrantAsync(", expires_after: P1Y, vesting: { months: 4 }");
        var path = $"/api/v1/grants/runs/{run}/lines/1/vesting";
        object Asked(string kind, string day = "2026-11-20", long? amountMilli = null, string? conditionId = null) =>
            new { kind, happenedOn = day, reason = "Agreed", amountMilli, conditionId };

        Assert.Equal("compensation.vesting_fact_invalid", Title(await _company.PostAsync(path, Asked("luck"))));
        Assert.Equal("compensation.vesting_fact_invalid", Title(await _company.PostAsync(path, Asked("event",
            conditionId: "x"))));
        Assert.Equal("compensation.vesting_fact_invalid", Title(await _company.PostAsync(path, Asked("acceleration",
            "2026-10-01"))));
        Assert.Equal("compensation.vesting_fact_not_found",
            Title(await _company.PostAsync("/api/v1/vesting/facts/x/approve")));
        var (_, fact) = await _company.PostAsync(
            path, Asked("acceleration", amountMilli: 250_000_000_000), "admin:ann");
        var approve = $"/api/v1/vesting/facts/{fact.GetProperty("id").GetString()}/approve";
        Assert.Equal("compensation.own_approval", Title(await _company.PostAsync(approve, caller: "admin:ann")));
        await JobAsync<VestGrants>();
        Assert.Equal(0, await VestedAsync());

        Assert.Equal(HttpStatusCode.OK, (await _company.PostAsync(approve, caller: "admin:bob")).Status);
        Assert.Equal(1, await JobAsync<VestGrants>());
        Assert.Equal(250_000_000_000, await VestedAsync());

        var ada = (await _company.Get<PeopleDirectory>().FindAsync("ada@example.com", Company.Ct))!.Id.ToString();
        var (_, forecast) = await _company.GetAsync("/api/v1/people/me/vesting", ada);
        var grant = Assert.Single(forecast.GetProperty("grants").EnumerateArray());
        Assert.Equal(["2026-11-20 True", "2026-12-01 False", "2027-01-01 False", "2027-02-01 False"],
            grant.GetProperty("instalments").EnumerateArray().Select(i =>
                $"{i.GetProperty("date")} {i.GetProperty("isPast")}"));
        Assert.Equal(HttpStatusCode.NotFound, (await _company.GetAsync("/api/v1/people/ada@example.com/vesting",
            "prs_x")).Status);
        Assert.Empty(await _company.VerifyAsync());
    }

    [Fact]
    public async Task Fact_OfTheirOwnGrant_IsWithdrawnByWhoeverRecordedItAndByNobodyElseWhomItPays()
    {
        var run = await GrantAsync(", expires_after: P1Y, vesting: { months: 4 }");
        var ada = (await _company.Get<PeopleDirectory>().FindAsync("ada@example.com", Company.Ct))!.Id.ToString();
        async Task<string> AskAsync(string caller, string day) => (await _company.PostAsync(
            $"/api/v1/grants/runs/{run}/lines/1/vesting", new { kind = "acceleration", happenedOn = day, reason = "I" },
            caller)).Body.GetProperty("id").GetString()!;
        Task<(HttpStatusCode Status, JsonElement Body)> DecideAsync(string fact, string how) => _company.PostAsync(
            $"/api/v1/vesting/facts/{fact}/{how}", new { reason = "A slip" }, $"admin:ada@example.com:{ada}");

        var (own, others) = (await AskAsync($"admin:ada@example.com:{ada}", "2026-11-20"),
            await AskAsync("admin:ann", "2026-11-21"));
        Assert.Equal("compensation.own_approval", Title(await DecideAsync(own, "approve")));
        Assert.Equal("compensation.own_approval", Title(await DecideAsync(others, "decline")));
        Assert.Equal("declined", (await DecideAsync(own, "decline")).Body.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Notices_AWeekAndADayAhead_AreWrittenOnceEach()
    {
        await GrantAsync(", expires_after: P1M, rollover_cap: 10%");
        await JobAsync<ExpiryNotices>();
        Assert.Equal(0, await NoticesAsync());

        TurnTo("2026-11-26");
        Assert.Equal(2, await JobAsync<ExpiryNotices>());
        Assert.Equal(0, await JobAsync<ExpiryNotices>());
        TurnTo("2026-11-30");
        Assert.Equal(2, await JobAsync<ExpiryNotices>());
        Assert.Equal(4, await NoticesAsync());
        Assert.Equal(2, await _company.ScalarAsync(
            "select count(*) from compensation.notice"
            + " where text like '1,000.00 USD, 1,000,000,000 tokens, expire on 2026-12-01%'"
            + " or text like 'About 900.00 USD, 900,000,000 tokens, lapse%'") / 2);
    }

    private Task<long> VestedAsync() => _company.ScalarAsync("select vested_milli from compensation.vesting");

    private Task<long> NoticesAsync() => _company.ScalarAsync("select count(*) from compensation.notice");
}
