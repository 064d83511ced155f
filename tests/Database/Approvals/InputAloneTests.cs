using System.Net;
using System.Text.Json;
using Guerdon.Approvals;
using Guerdon.Database.Grants;
using Guerdon.Database.Payroll;
using Guerdon.People;
using Guerdon.People.Employees;
using Microsoft.Extensions.Options;

namespace Guerdon.Database.Approvals;

/// <summary>What a company's only administrator decides alone: never what is for them, by whichever account; and said
/// on the statements that it touches, and on no others.</summary>
public sealed class InputAloneTests : IAsyncLifetime
{
    private const string Founder = "admin:founder@example.com", Other = "admin:other@example.com";
    private const string Plans = "/api/v1/plans", Terms = "/api/v1/conversion-terms";

    private readonly Company _company = new();

    public async ValueTask InitializeAsync()
    {
        await _company.InitializeAsync();
        _company.Admins.Count = 1;
        _company.Get<IOptions<ApprovalOptions>>().Value.LoneAdministrator = true;
    }

    public ValueTask DisposeAsync() => _company.DisposeAsync();

    // Who was nobody as they proposed it may be somebody whom it reaches as they approve it.
    [Fact]
    public async Task OnlyAdministrator_LinkedToAPersonSince_DoesNotApproveWhatReachesThem()
    {
        var options = _company.Get<IOptions<ApprovalOptions>>().Value;
        options.LoneAdministrator = false;
        await _company.ImportAsync(string.Concat(
            Enumerable.Range(0, 25).Select(i => Company.Row($"many{i}@example.com"))));
        var waits = await _company.ProposeAsync(Terms, PayScene.Terms, Founder);

        options.LoneAdministrator = true;
        _company.Admins.Known["founder@example.com"] = (await PersonAsync("many3@example.com")).Value;
        var alone = await _company.ApproveInputAsync(waits, Founder, alone: true);
        Assert.Equal("approvals.input_own", alone.Code());
        await _company.ProposeAsync(Terms, PayScene.Terms, Founder);
        Assert.Equal(0, await _company.ScalarAsync("select count(*) from compensation.conversion_terms"));
    }

    // In effect alone, and joined to a person afterwards, they would pay whoever applied them.
    [Fact]
    public async Task TermsWithoutApproval_AreNeverDecidedAlone()
    {
        var none = PayScene.Terms.Replace("approval: required", "approval: none", StringComparison.Ordinal);
        var waits = await _company.ProposeAsync(Terms, none, Founder);
        var alone = await _company.ApproveInputAsync(waits, Founder, alone: true);
        Assert.Equal("approvals.input_own", alone.Code());
        await AppliedAloneAsync(Terms, PayScene.Terms); // whose conversions take another each
    }

    // By the version that the grant was computed from, and nobody else's.
    [Fact]
    public async Task Plan_DecidedAlone_IsSaidToWhoWasGrantedByIt_AndToNobodyElse()
    {
        await _company.ImportAsync(
            Company.Row("ada@example.com") + Company.Row("bo@example.com", Row("Support"))
            + Company.Row("cy@example.com", Row("Support")));
        await AppliedAloneAsync("/api/v1/payroll", PayrollTests.Settings);
        await AppliedAloneAsync(Plans, Plan("Engineering", "5%", "2026-11-01"));
        await AppliedAloneAsync(Plans, Plan("Support", "5%", "2026-11-01"));
        var (ran, run) = await _company.RunAsync("engineering", "2026-11");
        Assert.True(ran == HttpStatusCode.OK, run.ToString());

        Assert.Equal(
            ["payroll settings, version 1", "plan engineering, version 1"], await AloneAsync("ada@example.com"));
        var year = await _company.GetAsync("/api/v1/people/ada@example.com/rewards?year=2026");
        Assert.Equal(["payroll settings, version 1", "plan engineering, version 1"], Alone(year.Body));
        var others = await StatementAsync("bo@example.com");
        Assert.Equal(["payroll settings, version 1"], Alone(others));
        Assert.DoesNotContain("engineering", others.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("founder", others.ToString(), StringComparison.Ordinal);

        // Another version, decided by two, is what December is granted by.
        _company.Admins.Count = 2;
        _company.Clock.Now = new(2026, 12, 5, 9, 0, 0, TimeSpan.Zero);
        var second = await _company.ApplyAsync(Plans, Plan("Support", "6%", "2026-12-01"), Founder);
        Assert.True(second.Status == HttpStatusCode.OK, second.Body.ToString());
        await _company.RunAsync("support", "2026-12");
        Assert.DoesNotContain("plan support, version 1", await AloneAsync("bo@example.com", "2026-12"));
    }

    [Fact]
    public async Task Pay_DecidedAlone_IsSaidToWhoseItIs_FromThenOn()
    {
        await _company.ImportAsync(Company.Row("ada@example.com") + Company.Row("bo@example.com"));
        await AppliedAloneAsync("/api/v1/payroll", PayrollTests.Settings);
        await AppliedAloneAsync(Plans, Plan("Engineering", "5%", "2026-11-01"));
        _company.Clock.Now = new(2026, 12, 5, 9, 0, 0, TimeSpan.Zero);
        var (status, body) = await _company.SendPeopleAsync(
            Company.Row("ada@example.com").Replace("120000", "130000", StringComparison.Ordinal)
            + Company.Row("bo@example.com"), Founder);
        Assert.True(status == HttpStatusCode.OK, body.ToString());

        const string alone = "what is on file of the person";
        Assert.Contains(alone, await AloneAsync("ada@example.com", "2026-12"));
        Assert.DoesNotContain(alone, await AloneAsync("bo@example.com", "2026-12"));
        Assert.DoesNotContain(alone, await AloneAsync("ada@example.com")); // in November it was not yet so
    }

    [Fact]
    public async Task Conversion_ByTermsDecidedAlone_IsSaidUntilItIsPaid_ThoughOthersAreInForceSince()
    {
        _company.Clock.Now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);
        await AppliedAloneAsync("/api/v1/payroll", PayrollTests.Settings);
        await AppliedAloneAsync(Terms, PayScene.Terms);
        var scene = new PayScene(_company);
        var (asks, looks) = (await scene.HireAsync(100), await scene.HireAsync(100));
        _company.Admins.Count = 2;
        var id = await scene.LockAsync(asks, 50);
        Assert.Equal(HttpStatusCode.OK, (await scene.DecideAsync(id, "approve", Other)).Status);
        _company.Clock.Now += TimeSpan.FromMinutes(1);
        var later = PayScene.Terms.Replace("2026-01-01", "2026-11-25", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _company.ApplyAsync(Terms, later, Founder)).Status);

        _company.Clock.Now = new(2026, 12, 10, 9, 0, 0, TimeSpan.Zero);
        const string terms = "conversion terms, version 1";
        Assert.Contains(terms, await AloneAsync($"{asks}"));
        Assert.Contains(terms, await AloneAsync($"{looks}")); // in force for everybody in these days
        Assert.Contains(terms, await AloneAsync($"{asks}", "2026-12")); // it is paid then
        Assert.DoesNotContain(terms, await AloneAsync($"{looks}", "2026-12"));
    }

    // What was decided last need not come into force last; what it comes before never is in force.
    [Fact]
    public async Task InForce_EndsWithTheFirstThatComesIntoForce_InWhicheverOrderTheyWereDecided()
    {
        _company.Clock.Now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);
        await AppliedAloneAsync(Terms, PayScene.Terms);
        _company.Clock.Now += TimeSpan.FromMinutes(1);
        await AppliedAloneAsync(Terms, PayScene.Terms.Replace("2026-01-01", "2027-01-01", StringComparison.Ordinal));
        _company.Clock.Now = new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);
        await AppliedAloneAsync(Terms, PayScene.Terms.Replace("2026-01-01", "2026-11-25", StringComparison.Ordinal));
        Assert.Equal(
            "conversion terms, version 1 to 2026-11-25; conversion terms, version 2 to 2026-11-25; "
            + "conversion terms, version 3 to -",
            await _company.TextAsync("""
                select string_agg(made || ' to ' || coalesce(
                    to_char(effective_until at time zone 'UTC', 'YYYY-MM-DD'), '-'), '; ' order by made)
                  from approvals.v_input_alone
                """));
    }

    private async Task AppliedAloneAsync(string path, string text)
    {
        var (status, body) = await _company.SendAsync(HttpMethod.Post, path, new StringContent(text), Founder);
        Assert.True(status == HttpStatusCode.OK, body.ToString());
    }

    private static string Row(string team) => $"{team},Engineer,L5,US,CC1,2024-01-15,,100000,120000,USD,";

    private static string Plan(string team, string share, string from) => $$"""
        name: {{team.ToLowerInvariant()}}
        effective_from: {{from}}
        pool: pool
        eligible: { teams: [{{team}}] }
        allowance: { share: {{share}}, basis: base, mode: on-top, expires_after: P3M, tax_class: work_compute }
        """;

    private async Task<PersonId> PersonAsync(string email) =>
        (await _company.Get<PeopleDirectory>().FindAsync(email, Company.Ct))!.Id;

    private async Task<JsonElement> StatementAsync(string person, string period = "2026-11")
    {
        var (status, body) = await _company.GetAsync($"/api/v1/statements/{person}/pay-period?period={period}");
        Assert.True(status == HttpStatusCode.OK, body.ToString());
        return body;
    }

    private async Task<List<string>> AloneAsync(string person, string period = "2026-11") =>
        Alone(await StatementAsync(person, period));

    private static List<string> Alone(JsonElement statement) => [.. statement.GetProperty("decidedAlone")
        .EnumerateArray().Select(one => one.GetProperty("what").GetString()!).Order(StringComparer.Ordinal)];
}
