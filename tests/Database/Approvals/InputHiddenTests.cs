using System.Net;
using System.Text.Json;
using Guerdon.Approvals.Inputs;
using Guerdon.Database.Grants;
using Guerdon.Database.Payroll;
using Guerdon.People.Employees;

namespace Guerdon.Database.Approvals;

/// <summary>Something for somebody alone is theirs, however it is hidden: behind a change for everybody, in what a
/// month does not show, in a version that is not the newest, or in what they are to be later. They do not approve it,
/// whoever proposed it.</summary>
public sealed class InputHiddenTests : IAsyncLifetime
{
    private const string Plans = "/api/v1/plans", Terms = "/api/v1/conversion-terms", Settings = "/api/v1/payroll";
    private const string Ann = "admin:ann@example.com";

    private const string Plan = """
        name: plan
        effective_from: 2026-11-01
        pool: pool
        allowance: { share: 12%, basis: base, mode: on-top, expires_after: P3M, tax_class: work_compute,
                     factors: { level: { L8: 1 }, complexity: { Engineering/Core: 1 } } }
        awards:
          - { name: prize, kind: performance, up_to_usd: 100, tax_class: taxable_compute, expires_after: P1Y,
              eligible: { levels: [L8] } }
        phases:
          - { name: all }
          - { name: few, votes: 1, eligible: { levels: [L8] } }
        rates: { EUR: 1.08 }
        """;

    private readonly Company _company = new();
    private string _eva = "";

    public async ValueTask InitializeAsync()
    {
        await _company.InitializeAsync();
        _eva = await _company.HireManyAndEvaAsync("Engineering/Core", "L8");
    }

    public ValueTask DisposeAsync() => _company.DisposeAsync();

    [Theory]
    [InlineData("L8: 1", "L8: 5")]
    [InlineData("Engineering/Core: 1", "Engineering/Core: 5")]
    [InlineData("up_to_usd: 100", "up_to_usd: 90000")]
    [InlineData("expires_after: P1Y", "expires_after: P5Y")]
    [InlineData("votes: 1", "votes: 2")]
    [InlineData("EUR: 1.08", "EUR: 9")]
    [InlineData("name: prize,", "name: price,")]
    public async Task Plan_BehindACentForAll(string was, string becomes)
    {
        Assert.Equal(HttpStatusCode.OK, (await _company.PlanAsync(Plan)).Status);
        await _company.RunAsync("plan", "2026-11"); // before that nobody has anything by it
        var plan = Plan.Replace("from: 2026-11-01", "from: 2026-12-01", StringComparison.Ordinal);
        var next = plan.Replace(was, becomes, StringComparison.Ordinal);
        await HersAsync(Plans, next);
        await HersAsync(Plans, next.Replace("12%", "12.01%", StringComparison.Ordinal));
        await NotHersAsync(Plans, plan.Replace("12%", "12.01%", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Terms_BehindANoticeForAll()
    {
        Assert.Equal(HttpStatusCode.OK, (await _company.ApplyAsync(Terms, InputCalls.TwoRates)).Status);
        var notice = InputCalls.TwoRates.Replace("notice_days: 14", "notice_days: 13", StringComparison.Ordinal);
        await HersAsync(Terms, notice.Replace("EUR: 0.001", "EUR: 9", StringComparison.Ordinal));
        await NotHersAsync(Terms, notice);
    }

    [Fact]
    public async Task Payroll_BehindAPayDayForAll()
    {
        await PayrollTests.ApplyAsync(_company, PayrollTests.Settings);
        var days = PayrollTests.Settings.Replace("2026-11-01", "2026-12-01", StringComparison.Ordinal)
            .Replace("pay_after_days: 5", "pay_after_days: 6", StringComparison.Ordinal);
        await HersAsync(Settings, days.Replace("EUR: 1.08", "EUR: 9", StringComparison.Ordinal));
        await HersAsync(Settings, days.Replace("code: RSU", "code: RSX", StringComparison.Ordinal));
        await NotHersAsync(Settings, days);
    }

    // What is the newest, and approved for later, is no reason that it was hers before.
    [Theory]
    [InlineData(Plans)]
    [InlineData(Terms)]
    [InlineData(Settings)]
    public async Task Newest_BroughtForward(string path)
    {
        var (file, first, was, becomes) = path switch
        {
            Plans => (Plan, "from: 2026-11-01", "L8: 1", "L8: 5"),
            Terms => (InputCalls.TwoRates, "from: 2026-01-01", "EUR: 0.001", "EUR: 9"),
            _ => (PayrollTests.Settings, "from: 2026-11-01", "EUR: 1.08", "EUR: 9"),
        };
        var later = file.Replace(was, becomes, StringComparison.Ordinal);
        var isSent = await _company.ApplyAsync(path, file);
        Assert.True(isSent.Status == HttpStatusCode.OK, isSent.Body.ToString());
        isSent = await _company.ApplyAsync(path, later.Replace(first, "from: 2027-01-01", StringComparison.Ordinal));
        Assert.True(isSent.Status == HttpStatusCode.OK, isSent.Body.ToString());
        var waits = await HersAsync(path, later.Replace(first, "from: 2026-12-01", StringComparison.Ordinal));
        Assert.Equal(
            "version 2, and in force from its first day on version 1", waits.GetProperty("basis").GetString());
        Assert.Contains(
            "(version 1)", waits.GetProperty("changes").ToString(), StringComparison.Ordinal);
    }

    // A month that is not granted yet is granted by what is proposed, though it is past.
    [Fact]
    public async Task PastMonth_ThatIsNotGrantedYet()
    {
        Assert.Equal(HttpStatusCode.OK, (await _company.PlanAsync(Plan)).Status);
        var later = Plan.Replace("L8: 1", "L8: 5", StringComparison.Ordinal);
        await _company.PlanAsync(later.Replace("from: 2026-11-01", "from: 2026-12-01", StringComparison.Ordinal));
        _company.Clock.Now = new(2026, 12, 3, 9, 0, 0, TimeSpan.Zero);
        await HersAsync(Plans, later);
    }

    // It takes the place of what lies between its first day and the newest version.
    [Fact]
    public async Task VersionBetween_ThatItTakesThePlaceOf()
    {
        var nine = Plan.Replace("EUR: 1.08", "EUR: 9", StringComparison.Ordinal);
        foreach (var (file, from) in new[] { (nine, "2026-11-01"), (Plan, "2027-03-01"), (nine, "2027-06-01") })
            Assert.Equal(HttpStatusCode.OK, (await _company.PlanAsync(
                file.Replace("from: 2026-11-01", $"from: {from}", StringComparison.Ordinal))).Status);
        var waits = await HersAsync(
            Plans, nine.Replace("from: 2026-11-01", "from: 2027-01-01", StringComparison.Ordinal));
        Assert.Equal(
            "version 3, and in force from its first day on version 2, version 1",
            waits.GetProperty("basis").GetString());
    }

    // The first phase is open, so that their order decides whom the plan reaches.
    [Fact]
    public async Task Phases_InAnotherOrder()
    {
        const string many = "{ name: many, eligible: { levels: [L5] } }",
            few = "{ name: few, votes: 1, eligible: { levels: [L8] } }";
        var plan = Plan[..Plan.IndexOf("phases:", StringComparison.Ordinal)];
        Assert.Equal(HttpStatusCode.OK, (await _company.PlanAsync($"{plan}phases: [{many}, {few}]")).Status);
        await HersAsync(Plans, $"{plan}phases: [{few.Replace(", votes: 1", "", StringComparison.Ordinal)}, "
            + $"{many.Replace("many,", "many, votes: 1,", StringComparison.Ordinal)}]");
    }

    // Somebody who is to be of the level, as is on file.
    [Fact]
    public async Task Level_ThatIsTheirsFromALaterDay()
    {
        Assert.Equal(HttpStatusCode.OK, (await _company.PlanAsync(Plan)).Status);
        var file = Plan.Replace("L8: 1", "L8: 5", StringComparison.Ordinal);
        var person = (await _company.Get<PeopleDirectory>().FindAsync("many7@example.com", Company.Ct))!.Id;
        var seven = $"admin:many7@example.com:{person}";
        var waits = await SendAsync(Plans, file);
        var shown = await _company.GetAsync($"/api/v1/inputs/{InputCalls.IdOf(waits)}", seven);
        Assert.True(shown.Body.GetProperty("youMay").GetBoolean());

        var changed = await _company.ApprovedInputAsync(_company.PostAsync(
            "/api/v1/people/many7@example.com/changes", new { level = "L8", from = "2027-02-01" }, Ann));
        Assert.True(changed.Status == HttpStatusCode.OK, changed.Body.ToString());
        shown = await _company.GetAsync($"/api/v1/inputs/{InputCalls.IdOf(waits)}", seven);
        Assert.False(shown.Body.GetProperty("youMay").GetBoolean());
        Assert.Contains(
            "From 1 Feb 2027 on: For you changes: allowance.factors.level from 1 to 5",
            shown.Body.GetProperty("onYou").GetString(), StringComparison.Ordinal);
        var refused = await _company.ApproveInputAsync(shown.Body.GetProperty("proposal"), seven);
        Assert.Equal("approvals.input_own", refused.Code());
    }

    // What took the place of something for few stays away from those few.
    [Fact]
    public async Task Few_OfWhatItTookThePlaceOf_StayOutOfIt()
    {
        Assert.Equal(HttpStatusCode.OK, (await _company.PlanAsync(Plan)).Status);
        await SendAsync(Plans, Plan.Replace("L8: 1", "L8: 5", StringComparison.Ordinal));
        await _company.ImportAsync(string.Concat(Enumerable.Range(0, 25).Select(i => Company.Row(
            $"more{i}@example.com", "Engineering/Core,Engineer,L8,DE,CC1,2024-01-15,,100000,120000,EUR,"))));
        await HersAsync(Plans, Plan.Replace("L8: 1", "L8: 4", StringComparison.Ordinal));
    }

    private async Task<JsonElement> HersAsync(string path, string text)
    {
        var waits = await SendAsync(path, text);
        var done = await _company.ApproveInputAsync(waits, _eva);
        Assert.Equal("approvals.input_own", done.Code());
        Assert.Equal(HttpStatusCode.OK, (await _company.DeclineInputAsync(waits, null, Ann)).Status);
        return waits;
    }

    // Last in a test: it takes effect. Once people have what holds, and what was proposed for her is long past.
    private async Task NotHersAsync(string path, string text)
    {
        _company.Clock.Now += TimeSpan.FromDays(HeldSince.Days + 1);
        var done = await _company.ApproveInputAsync(await SendAsync(path, text), _eva);
        Assert.True(done.Status == HttpStatusCode.OK, done.Body.ToString());
    }

    private Task<JsonElement> SendAsync(string path, string text) => _company.ProposeAsync(path, text, Ann);
}
