using System.Globalization;
using System.Net;
using System.Text.Json;
using Guerdon.Database.Grants;
using Guerdon.Database.Payroll;
using Guerdon.People.Employees;

namespace Guerdon.Database.Approvals;

/// <summary>Something for Eva alone that comes in steps, each of which is for many: what people had lately counts, in
/// the months in which it would matter, and whom something like it reached. Ann proposes what she is asked to.
/// </summary>
public sealed class InputStepTests : IAsyncLifetime
{
    private const string Plans = "/api/v1/plans", Terms = "/api/v1/conversion-terms", Settings = "/api/v1/payroll";
    private const string Ann = "admin:ann@example.com", Carl = "admin:carl@example.com";

    private const string Plan = """
        name: plan
        effective_from: 2026-11-01
        pool: pool
        allowance: { share: 12%, basis: base, mode: on-top, expires_after: P3M, tax_class: work_compute,
                     factors: { level: { L5: 1, L8: 1 } } }
        awards:
          - { name: prize, kind: performance, up_to_usd: 100, tax_class: taxable_compute, expires_after: P1Y }
        """;

    private static readonly string Levels =
        PayScene.Terms.Replace("  reason: Round", "  levels: [L5, L8]\n  reason: Round", StringComparison.Ordinal);

    private const string Code = """
          - { tax_class: convertible_cash, form: cash, jurisdiction: any, recognised_at: settle, code: TOKEN,
              source: memo 7 }
        """;

    private readonly Company _company = new();
    private string _eva = "";

    public async ValueTask InitializeAsync()
    {
        await _company.InitializeAsync();
        await _company.ImportAsync(string.Concat(
            Enumerable.Range(0, 25).Select(i => Company.Row($"many{i}@example.com"))) + Company.Row(
                "eva@example.com", "Engineering,Engineer,L8,DE,CC1,2024-01-15,,100000,120000,USD,"));
        _eva = await CallerAsync("eva@example.com");
    }

    public ValueTask DisposeAsync() => _company.DisposeAsync();

    // Raised for all, then taken from the others: hers alone is five times what she had.
    [Theory]
    [InlineData("plan", false)]
    [InlineData("plan", true)]
    [InlineData("award", false)]
    [InlineData("award", true)]
    [InlineData("terms", true)]
    [InlineData("payroll", true)]
    public async Task RaisedForAll_ThenTakenFromTheOthers(string what, bool isInUse)
    {
        var (path, first, raised, taken) = Steps(what);
        await AppliedAsync(path, first);
        if (isInUse)
        {
            if (path == Plans) await _company.RunAsync("plan", "2026-11");
            _company.Clock.Now = new(2026, 12, 24, 9, 0, 0, TimeSpan.Zero);
        }

        await MayAsync(_eva, path, raised);
        _company.Clock.Now += TimeSpan.FromMinutes(1);
        await MayNotAsync(_eva, path, taken);
    }

    private static (string Path, string First, string Raised, string Taken) Steps(string what) => what switch
    {
        "plan" => (Plans, Plan, Later(Plan, ("L5: 1, L8: 1", "L5: 5, L8: 5")),
            Later(Plan, ("L5: 1, L8: 1", "L5: 1, L8: 5"))),
        "award" => (Plans, Plan, Later(Plan, ("up_to_usd: 100", "up_to_usd: 90000")),
            Later(Plan, ("up_to_usd: 100", "up_to_usd: 90000, eligible: { levels: [L8] }"))),
        "terms" => (Terms, Levels, Later(Levels, ("USD: 0.001", "USD: 0.002")),
            Later(Levels, ("USD: 0.001", "USD: 0.002"), ("[L5, L8]", "[L8]"))),
        _ => (Settings, PayrollTests.Settings, Later(PayrollTests.Settings, ("code: TOKEN,", "code: TOKENS,")),
            Later(PayrollTests.Settings, (Code, Code.Replace("cash, juris", "cash, country: US, juris",
                StringComparison.Ordinal) + "\n" + Code.Replace("cash, juris", "cash, country: DE, juris",
                    StringComparison.Ordinal).Replace("TOKEN", "TOKENS", StringComparison.Ordinal)))),
    };

    // Her own tier was cut for later; a version before that brings it back, in a month that is not the first.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CutForLater_ThatIsUndoneBefore_CountsInTheMonthOfTheCut(bool hasTier)
    {
        var plan = Plan + "\ntiers: [{ name: expert, adds: 100%, needs: A use case }]";
        await AppliedAsync(Plans, plan);
        if (hasTier) await UnlockAsync();
        await AppliedAsync(Plans, Later(plan, ("adds: 100%", "adds: 1%")));
        var back = plan.Replace("2026-11-01", "2026-12-01", StringComparison.Ordinal);
        if (hasTier) await MayNotAsync(_eva, Plans, back);
        else await MayAsync(_eva, Plans, back);
    }

    // Unlocked today, a tier counts from next month on, in which no version begins.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TierThatIsUnlockedForLater_CountsInItsFirstMonth(bool hasTier)
    {
        var plan = Plan + "\ntiers: [{ name: expert, adds: 1%, needs: A use case }]";
        await AppliedAsync(Plans, plan);
        if (hasTier) await UnlockAsync();
        var whole = plan.Replace("adds: 1%", "adds: 100%", StringComparison.Ordinal);
        if (hasTier) await MayNotAsync(_eva, Plans, whole);
        else await MayAsync(_eva, Plans, whole);
    }

    // A newcomer's first grant is of one month, by a version that nobody else has anything by.
    [Fact]
    public async Task MonthOfANewcomer_InAQuarter_MakesNothingOfWhatPeopleHad()
    {
        var plan = Plan.Replace("basis: base,", "basis: base, period: quarter,", StringComparison.Ordinal)
            .Replace("2026-11-01", "2026-10-01", StringComparison.Ordinal)
            .Replace("P3M", "P6M", StringComparison.Ordinal);
        await AppliedAsync(Plans, plan);
        await RanAsync("2026-10");
        var raised = plan.Replace("2026-10-01", "2026-11-01", StringComparison.Ordinal)
            .Replace("L5: 1, L8: 1", "L5: 5, L8: 5", StringComparison.Ordinal);
        await MayAsync(_eva, Plans, raised);
        await _company.ImportAsync(Company.Row(
            "new@example.com", "Engineering,Engineer,L5,US,CC1,2026-11-02,,100000,120000,USD,"));
        await RanAsync("2026-11");
        _company.Clock.Now += TimeSpan.FromMinutes(1);
        await MayNotAsync(_eva, Plans, raised.Replace("2026-11-01", "2026-12-01", StringComparison.Ordinal)
            .Replace("L5: 5", "L5: 1", StringComparison.Ordinal));
    }

    // Effective in two months, of which nobody knows anything; by what was used lately it is hers.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FirstMonthWithoutHistory_IsComparedByThisMonthToo(bool hasUsed)
    {
        var plan = Plan.Replace("2026-11-01", "2026-10-01", StringComparison.Ordinal)
            + "\nmatch: { above: 10%, share: 10%, most_usd: 1000000, tax_class: work_compute, expires_after: P3M }";
        await AppliedAsync(Plans, plan);
        await RanAsync("2026-10");
        if (hasUsed) await UseAsync("2026-10-20");
        var whole = plan.Replace("2026-10-01", "2027-01-01", StringComparison.Ordinal)
            .Replace("share: 10%", "share: 100%", StringComparison.Ordinal);
        if (hasUsed) await MayNotAsync(_eva, Plans, whole);
        else await MayAsync(_eva, Plans, whole);
    }

    // What is used while somebody looks is counted tomorrow.
    [Fact]
    public async Task CallsOfToday_ChangeNothingOfWhatWasLookedAt()
    {
        var plan = Plan
            + "\nmatch: { above: 10%, share: 10%, most_usd: 1000000, tax_class: work_compute, expires_after: P3M }";
        await AppliedAsync(Plans, plan);
        await _company.RunAsync("plan", "2026-11");
        var waits = await _company.ProposeAsync(
            Plans, plan.Replace("2026-11-01", "2026-12-01", StringComparison.Ordinal)
                .Replace("share: 10%", "share: 20%", StringComparison.Ordinal), Ann);
        await UseAsync("2026-11-21");
        Assert.Equal(Digest(waits), Digest(await ShownAsync(waits)));
        _company.Clock.Now += TimeSpan.FromDays(1);
        var shown = await ShownAsync(waits);
        Assert.NotEqual(Digest(waits), Digest(shown));
        var done = await _company.ApproveInputAsync(shown, Carl);
        Assert.True(done.Status == HttpStatusCode.OK, done.Body.ToString());
    }

    // Terms offer the same to all, and pay whoever holds tokens, be they set aside for a conversion.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RateForAll_WhereOneAloneHoldsTokens_IsTheirs(bool areLocked)
    {
        var scene = new PayScene(_company);
        var holder = await scene.HireAsync(100);
        await AppliedAsync(Terms, PayScene.Terms);
        _company.Clock.Now = new(2026, 12, 24, 9, 0, 0, TimeSpan.Zero);
        if (areLocked)
        {
            await scene.LockAsync(holder, 100);
            Assert.Equal(0, (await scene.TokensAsync(holder)).Available);
        }

        var better = PayScene.Terms.Replace("USD: 0.001", "USD: 0.002", StringComparison.Ordinal);
        var waits = await _company.ProposeAsync(Terms, better, Ann);
        var caller = $"admin:holder@example.com:{holder}";
        Assert.Equal("approvals.input_own", (await _company.ApproveInputAsync(waits, caller)).Code());
        var done = await _company.ApproveInputAsync(waits, await CallerAsync("many3@example.com"));
        Assert.True(done.Status == HttpStatusCode.OK, done.Body.ToString());
    }

    // She declined it herself, others of her level came, and somebody else proposes it.
    [Fact]
    public async Task Few_OfWhatWasDeclined_StayOutOfTheLike_WhoeverProposesIt()
    {
        await AppliedAsync(Plans, Plan);
        await _company.RunAsync("plan", "2026-11");
        var hers = Plan.Replace("2026-11-01", "2026-12-01", StringComparison.Ordinal)
            .Replace("L8: 1", "L8: 5", StringComparison.Ordinal);
        var waits = await _company.ProposeAsync(Plans, hers, Ann);
        Assert.Equal(HttpStatusCode.OK, (await _company.DeclineInputAsync(waits, "Not this.", _eva)).Status);
        await _company.ImportAsync(string.Concat(Enumerable.Range(0, 25).Select(i => Company.Row(
            $"more{i}@example.com", "Engineering,Engineer,L8,DE,CC1,2024-01-15,,100000,120000,USD,"))));
        var again = await _company.ProposeAsync(Plans, hers + "\n# again", Carl);
        Assert.Equal("approvals.input_own", (await _company.ApproveInputAsync(again, _eva)).Code());
        // Of another part of the plan she is one of many.
        await _company.DeclineInputAsync(again, null, Carl);
        await MayAsync(_eva, Plans, Plan.Replace("2026-11-01", "2026-12-01", StringComparison.Ordinal)
            .Replace("up_to_usd: 100", "up_to_usd: 200", StringComparison.Ordinal));
    }

    // Whoever's first day was put off has an offer from that day on, and none before.
    [Fact]
    public async Task From_IsNotBeforeTheyAreHired()
    {
        foreach (var hired in new[] { "2026-12-01", "2027-03-01" })
            await _company.ImportAsync(Company.Row(
                "new@example.com", $"Engineering,Engineer,L5,US,CC1,{hired},,100000,120000,USD,"));
        var people = _company.Get<PeopleDirectory>();
        var id = (await people.FindAsync("new@example.com", Company.Ct))!.Id.Value;
        var days = new List<DateOnly>();
        await foreach (var (_, from) in people.FromAsync([id], new(2026, 12, 1), Company.Ct)) days.Add(from);
        Assert.Equal(new DateOnly(2027, 3, 1), days.Distinct().Single());
    }

    private static string Later(string file, params (string Was, string Becomes)[] changes)
    {
        foreach (var (was, becomes) in changes.Append((From(file), "effective_from: 2027-01-01")))
        {
            Assert.Contains(was, file, StringComparison.Ordinal);
            file = file.Replace(was, becomes, StringComparison.Ordinal);
        }

        return file;
    }

    private static string From(string file) => file.Split('\n').Single(
        line => line.StartsWith("effective_from", StringComparison.Ordinal));

    private async Task AppliedAsync(string path, string text)
    {
        var (status, body) = await _company.ApplyAsync(path, text);
        Assert.True(status == HttpStatusCode.OK, body.ToString());
    }

    private async Task RanAsync(string month)
    {
        var ran = await _company.RunAsync("plan", month);
        Assert.True(ran.Status == HttpStatusCode.OK, ran.Body.ToString());
    }

    private async Task MayAsync(string caller, string path, string text)
    {
        var done = await _company.ApproveInputAsync(await _company.ProposeAsync(path, text, Ann), caller);
        Assert.True(done.Status == HttpStatusCode.OK, done.Body.ToString());
    }

    private async Task MayNotAsync(string caller, string path, string text)
    {
        var done = await _company.ApproveInputAsync(await _company.ProposeAsync(path, text, Ann), caller);
        Assert.True(done.Code() == "approvals.input_own", done.Body.ToString());
    }

    private async Task UnlockAsync()
    {
        var eva = _eva.Split(':')[2];
        var asked = await _company.PostAsync("/api/v1/tiers/requests",
            new { plan = "plan", tier = "expert", useCase = "Bots", impact = "Fewer bugs" }, eva);
        var done = await _company.PostAsync(
            $"/api/v1/tiers/requests/{asked.Body.GetProperty("id").GetString()}/approve", new { reason = "ok" }, Carl);
        Assert.True(done.Status == HttpStatusCode.OK, done.Body.ToString());
    }

    // As much as the gateway would have counted of many calls of hers.
    private async Task UseAsync(string day)
    {
        var eva = (await _company.Get<PeopleDirectory>().FindAsync("eva@example.com", Company.Ct))!.Id.Value;
        await _company.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"""
            insert into metering.day_total (
                wallet_id, day, model, requests, input, output, cost_nanos, charged_milli)
            values ('{eva}', '{day}', 'gpt-5', 1, 1, 1, 1, 900000000000)
            """));
    }

    private async Task<JsonElement> ShownAsync(JsonElement waits) => (await _company.GetAsync(
        $"/api/v1/inputs/{InputCalls.IdOf(waits)}", Carl)).Body.GetProperty("proposal");

    private static string? Digest(JsonElement proposal) => proposal.GetProperty("digest").GetString();

    private async Task<string> CallerAsync(string email) =>
        $"admin:{email}:{(await _company.Get<PeopleDirectory>().FindAsync(email, Company.Ct))!.Id}";
}
