using System.Net;
using Guerdon.People.Employees;

namespace Guerdon.Database.Grants;

/// <summary>Grants go by the month's first day, or the first day of employment, whenever the run is prepared.</summary>
public sealed class RunDayTests : IAsyncLifetime
{
    private readonly Company _company = new();

    private const string Plan = """
        name: plan
        effective_from: 2026-10-01
        pool: pool
        allowance: { share: 12%, basis: base, mode: on-top, expires_after: P6M, tax_class: work_compute }
        awards:
        - { name: star, kind: performance, amount_usd: 100, expires_after: P6M, tax_class: work_compute,
            eligible: { levels: [L6] } }
        eligible: { teams: [Eng] }
        """;

    public async ValueTask InitializeAsync()
    {
        await _company.InitializeAsync();
        Assert.Equal(HttpStatusCode.OK, (await _company.PlanAsync(Plan)).Status);
    }

    public ValueTask DisposeAsync() => _company.DisposeAsync();

    private async Task ImportAsync(string email, string hired = "2024-01-15", string team = "Eng") =>
        Assert.Equal(HttpStatusCode.OK, (await _company.ImportAsync(
            Company.Row(email, $"{team},Engineer,L5,US,C,{hired},,100000,120000,USD,"))).Status);

    private async Task ChangeAsync(string email, object change) =>
        Assert.Equal(HttpStatusCode.OK, (await _company.ApprovedInputAsync(
            _company.PostAsync($"/api/v1/people/{email}/changes", change))).Status);

    private async Task<string> MilliAsync(string period)
    {
        var (status, run) = await _company.RunAsync("plan", period);
        Assert.True(status == HttpStatusCode.OK, run.ToString());
        return string.Join(' ', run.GetProperty("lines").EnumerateArray()
            .Select(l => l.GetProperty("amountMilli").GetInt64() / 1_000_000_000));
    }

    [Fact]
    public async Task Run_AChangeInsideTheMonth_CountsFromTheNext()
    {
        await ImportAsync("mid@example.com");
        await ChangeAsync("mid@example.com", new { basePay = "110000", from = "2026-11-02" });

        Assert.Equal("1000", await MilliAsync("2026-11"));
        Assert.Equal("1100", await MilliAsync("2026-12"));
    }

    [Fact]
    public async Task Run_AChangeOnTheFirstDay_CountsForTheMonthAlsoWhenItIsRunLater()
    {
        await ImportAsync("first@example.com");
        await ChangeAsync("first@example.com", new { basePay = "110000", from = "2026-11-01" });

        Assert.Equal("1100", await MilliAsync("2026-11"));
        Assert.Equal("1000", await MilliAsync("2026-10"));
    }

    [Fact]
    public async Task Run_UnpaidLeaveByDays_LeavesItsDaysOut_AndSaysSo()
    {
        Assert.Equal(HttpStatusCode.OK, (await _company.PlanAsync(
            Plan.Replace("mode: on-top", "mode: on-top, unpaid_leave: by-days", StringComparison.Ordinal)
                .Replace("name: plan", "name: days", StringComparison.Ordinal))).Status);
        await ImportAsync("away@example.com");
        await ChangeAsync("away@example.com", new
        {
            leave = "care", leavePay = "unpaid", from = "2026-11-21", until = "2026-12-31",
        });

        var (status, run) = await _company.RunAsync("days", "2026-11");
        Assert.True(status == HttpStatusCode.OK, run.ToString());
        var line = Assert.Single(run.GetProperty("lines").EnumerateArray());
        Assert.Equal(666_666_666_667, line.GetProperty("amountMilli").GetInt64()); // 20 of 30 days of 1,000 USD
        Assert.Contains("On unpaid leave on 10 of", line.ToString(), StringComparison.Ordinal);
        var december = (await _company.RunAsync("days", "2026-12")).Body;
        Assert.Contains("On unpaid leave on all 31 days", december.ToString(), StringComparison.Ordinal);
        Assert.Empty(await _company.VerifyAsync());
    }

    [Fact]
    public async Task Run_AContractor_IsGrantedWhereThePlanSaysSo()
    {
        await ImportAsync("staff@example.com");
        await ImportAsync("freelance@example.com");
        await ChangeAsync("freelance@example.com", new { employment = "contractor", from = "2026-10-01" });
        Assert.Equal("1000", await MilliAsync("2026-10"));

        Assert.Equal(HttpStatusCode.OK, (await _company.PlanAsync(
            Plan.Replace("teams: [Eng]", "teams: [Eng], employment: [contractor]", StringComparison.Ordinal)
                .Replace("name: plan", "name: freelancers", StringComparison.Ordinal))).Status);
        var run = (await _company.RunAsync("freelancers", "2026-10")).Body;
        Assert.Equal(1, run.GetProperty("lines").GetArrayLength());
        Assert.Contains("The plan is not for employees.", run.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhoJoinsInsideTheMonth_GoesByTheirFirstDay()
    {
        await ImportAsync("new@example.com", hired: "2026-11-16");
        await ChangeAsync("new@example.com", new { basePay = "120000", from = "2026-11-20" });

        Assert.Equal("500", await MilliAsync("2026-11"));
    }

    [Fact]
    public async Task Run_WhoChangesTeamInsideTheMonth_IsEligibleByTheFirstDay()
    {
        await ImportAsync("moves@example.com");
        await ImportAsync("comes@example.com", team: "Ops");
        await ChangeAsync("moves@example.com", new { team = "Ops", from = "2026-11-15" });
        await ChangeAsync("comes@example.com", new { team = "Eng", from = "2026-11-15" });

        var (_, run) = await _company.PrepareAsync("plan", "2026-11");
        Assert.Equal(["moves@example.com"], await EmailsAsync(run.GetProperty("runId").GetString()!));
    }

    [Fact]
    public async Task Award_GoesByTheDayThatThePlanGoesBy()
    {
        await ImportAsync("rises@example.com");
        await ChangeAsync("rises@example.com", new { level = "L6", from = "2026-11-10" });

        Assert.Equal(0, await AwardAsync("rises@example.com", "2026-11"));
        Assert.Equal(1, await AwardAsync("rises@example.com", "2026-12"));
    }

    [Fact]
    public async Task Check_AndRun_SayTheSame()
    {
        await ImportAsync("same@example.com");
        await ChangeAsync("same@example.com", new { basePay = "110000", from = "2026-11-02" });

        var (_, check) = await _company.PlanAsync(Plan, "/check");
        Assert.Equal(1_000_000_000_000, check.GetProperty("totalMilli").GetInt64());
        Assert.Equal("1000", await MilliAsync("2026-11"));
        Assert.Equal(110_000_00,
            (await _company.Get<PeopleDirectory>().FindAsync("same@example.com", Company.Ct))!.BasePayCents);
    }

    private async Task<int> AwardAsync(string email, string period)
    {
        var (status, body) = await _company.PostAsync("/api/v1/grants/awards", new
        {
            plan = "plan", period, awards = new[] { new { person = email, award = "star", reason = "Well done." } },
        });
        Assert.True(status == HttpStatusCode.OK, body.ToString());
        return body.GetProperty("granted").GetInt32();
    }

    private async Task<string[]> EmailsAsync(string run) =>
    [
        .. (await _company.GetAsync($"/api/v1/grants/runs/{run}/lines")).Body.GetProperty("lines").EnumerateArray()
            .Select(l => l.GetProperty("email").GetString()!),
    ];
}
