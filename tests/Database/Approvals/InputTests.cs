using System.Net;
using System.Text;
using System.Text.Json;
using Guerdon.Approvals;
using Guerdon.Approvals.Inputs;
using Guerdon.Database.Grants;
using Guerdon.Database.Payroll;
using Guerdon.People.Employees;
using Microsoft.Extensions.Options;

namespace Guerdon.Database.Approvals;

/// <summary>What payments are computed from is proposed by one and approved by another, by its digest.</summary>
public sealed class InputTests : IAsyncLifetime
{
    private const string Terms = "/api/v1/conversion-terms";
    private const string Ann = "admin:ann@example.com", Bob = "admin:bob@example.com";

    private const string Versions =
        "select sum(get_byte(content, 0) * 256 + get_byte(content, 1)) from approvals.input";

    private readonly Company _company = new();

    public ValueTask InitializeAsync() => _company.InitializeAsync();

    public ValueTask DisposeAsync() => _company.DisposeAsync();

    [Fact]
    public async Task Proposed_TakesNoEffect_UntilAnotherApproves()
    {
        var (status, body) = await SendAsync(PayScene.Terms, Ann);
        Assert.Equal(HttpStatusCode.Accepted, status);
        var waits = body.GetProperty("waits");
        Assert.Equal("waiting", waits.GetProperty("state").GetString());
        Assert.Contains(waits.GetProperty("changes").EnumerateArray(), change =>
            change.GetProperty("what").GetString() == "cash.rates.USD"
            && change.GetProperty("after").GetString() == "0.001");
        Assert.Equal(0, await VersionsAsync());

        var again = await SendAsync(PayScene.Terms, Ann);
        Assert.Equal(IdOf(waits), IdOf(again.Body.GetProperty("waits"))); // asked twice, waits once
        Assert.Equal("approvals.input_own", (await ApproveAsync(waits, Ann)).Code());
        Assert.Equal(0, await VersionsAsync());

        var inbox = (await _company.GetAsync("/api/v1/approvals", Bob)).Body.GetProperty("items");
        var item = Assert.Single(inbox.EnumerateArray());
        Assert.Equal("conversion_terms", item.GetProperty("kind").GetString());
        Assert.True(item.GetProperty("youMay").GetBoolean());

        var done = await ApproveAsync(waits, Bob);
        Assert.True(done.Status == HttpStatusCode.OK, done.Body.ToString());
        Assert.Equal(1, done.Body.GetProperty("applied").GetProperty("terms").GetProperty("version").GetInt32());
        Assert.Equal(1, await VersionsAsync());
        Assert.False((await ApproveAsync(waits, Bob)).Body.GetProperty("done").GetBoolean());
        Assert.Equal("approvals.input_decided", (await ApproveAsync(waits, "admin:third@example.com")).Code());
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(PayScene.Terms, Ann)).Status); // the newest again
        Assert.Empty(await _company.VerifyAsync());
    }

    [Fact]
    public async Task Approve_WithoutTheDigestOfWhatItIsNow_IsRefusedWithWhatChanged()
    {
        var first = (await SendAsync(PayScene.Terms, Ann)).Body.GetProperty("waits");
        Assert.Equal("approvals.input_digest_needed", (await ApproveAsync(IdOf(first), null, Bob)).Code());
        Assert.Equal("approvals.input_changed", (await ApproveAsync(IdOf(first), new string('0', 64), Bob)).Code());

        // Meanwhile others come into effect, so that the difference is another.
        var other = PayScene.Terms.Replace("notice_days: 14", "notice_days: 30", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _company.ApplyAsync(Terms, other, "admin:carl@example.com")).Status);
        var stale = await ApproveAsync(first, Bob);
        Assert.Equal("approvals.input_changed", stale.Code());
        var change = Assert.Single(stale.Body.GetProperty("errors").EnumerateArray());
        Assert.Equal("notice_days", change.GetProperty("what").GetString());
        Assert.Equal(1, await VersionsAsync());

        var shown = (await _company.GetAsync($"/api/v1/inputs/{IdOf(first)}", Bob)).Body.GetProperty("proposal");
        Assert.Equal("version 1", shown.GetProperty("basis").GetString());
        Assert.Equal(HttpStatusCode.OK, (await ApproveAsync(shown, Bob)).Status);
        Assert.Equal(2, await VersionsAsync());
    }

    [Fact]
    public async Task Narrow_IsApprovedByNobodyWhomItReaches_GeneralByOneOfThem()
    {
        await _company.ImportAsync(Company.Row("few@example.com") + Company.Row("two@example.com"));
        var few = await PersonAsync("few@example.com");
        var waits = (await SendAsync(PayScene.Terms, Ann)).Body.GetProperty("waits");
        Assert.Equal(2, waits.GetProperty("reach").GetInt32());
        var reached = await ApproveAsync(waits, $"admin:few@example.com:{few}");
        Assert.Equal("approvals.input_own", reached.Code());
        Assert.Contains(
            "for fewer than 20 people", reached.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, await VersionsAsync());

        await _company.ImportAsync(string.Concat(
            Enumerable.Range(0, 18).Select(i => Company.Row($"many{i}@example.com"))));
        // Whoever was one of few stays out of it, however many come later; and what was looked at is another by now.
        Assert.Equal("approvals.input_changed", (await ApproveAsync(waits, Bob)).Code());
        var shown = await ShowAsync(waits, $"admin:few@example.com:{few}");
        Assert.Contains("cash", shown.GetProperty("onYou").GetString(), StringComparison.Ordinal);
        Assert.False(shown.GetProperty("youMay").GetBoolean());
        Assert.Equal("approvals.input_own",
            (await ApproveAsync(shown.GetProperty("proposal"), $"admin:few@example.com:{few}")).Code());

        var one = $"admin:many3@example.com:{await PersonAsync("many3@example.com")}";
        Assert.True((await ShowAsync(waits, one)).GetProperty("youMay").GetBoolean());
        var done = await ApproveAsync(shown.GetProperty("proposal"), one);
        Assert.True(done.Status == HttpStatusCode.OK, done.Body.ToString());
        Assert.Equal(20, done.Body.GetProperty("proposal").GetProperty("reach").GetInt32());
    }

    [Fact]
    public async Task OnlyAdministrator_DecidesAlone_OnRecordAndOnStatements_ButNotWhatReachesThem()
    {
        _company.Admins.Count = 1;
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(PayScene.Terms, Ann)).Status); // it is not set
        _company.Get<IOptions<ApprovalOptions>>().Value.LoneAdministrator = true;
        var id = $"{await HireAsync("ann@example.com")}";
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(PayScene.Terms, $"{Ann}:{id}")).Status);
        Assert.Equal(0, await VersionsAsync());

        const string founder = "admin:founder@example.com";
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(PayScene.Terms, founder)).Status);
        Assert.Equal(HttpStatusCode.OK, (await _company.ApplyAsync("/api/v1/payroll", PayrollTests.Settings, founder))
            .Status);
        Assert.Equal(2, await _company.ScalarAsync("select count(*) from approvals.v_input_alone"));
        var statement = await _company.GetAsync("/api/v1/statements/ann@example.com/pay-period?period=2026-11");
        Assert.Equal(
            ["conversion terms, version 1", "payroll settings, version 1"],
            statement.Body.GetProperty("decidedAlone").EnumerateArray().Select(a => a.GetProperty("what").GetString()!)
                .Order());

        _company.Admins.WereTwo = true; // and left since: it never comes back
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(PayScene.Terms + "\n# other", founder)).Status);
    }

    [Fact]
    public async Task Declined_Withdrawn_AndOvertaken_ApplyNothing()
    {
        var first = (await SendAsync(PayScene.Terms, Ann)).Body.GetProperty("waits");
        Assert.Equal("approvals.reason_invalid", (await DeclineAsync(first, null, Bob)).Code());
        var no = await DeclineAsync(first, "Not before the new year.", Bob);
        Assert.Equal("declined", no.Body.GetProperty("proposal").GetProperty("state").GetString());
        Assert.Equal("approvals.input_decided", (await ApproveAsync(first, Bob)).Code());

        _company.Clock.Now += TimeSpan.FromMinutes(1);
        var second = (await SendAsync(PayScene.Terms, Ann)).Body.GetProperty("waits");
        var back = await DeclineAsync(second, null, Ann);
        Assert.Equal("withdrawn", back.Body.GetProperty("proposal").GetProperty("state").GetString());

        _company.Clock.Now += TimeSpan.FromMinutes(1);
        var third = (await SendAsync(PayScene.Terms, Ann)).Body.GetProperty("waits");
        await SendAsync(PayScene.Terms + "\n# better", Ann);
        Assert.Equal("approvals.input_decided", (await ApproveAsync(third, Bob)).Code());
        Assert.Equal(0, await VersionsAsync());
        Assert.Equal(
            ["waiting", "overtaken", "withdrawn", "declined"],
            (await _company.GetAsync("/api/v1/inputs", Bob)).Body.GetProperty("inputs").EnumerateArray()
                .Select(one => one.GetProperty("state").GetString()!));
    }

    [Fact]
    public async Task Kinds_AreReadAndDecided_ByTheirOwnPermissionsAlone()
    {
        var waits = (await SendAsync(PayScene.Terms, Ann)).Body.GetProperty("waits");
        Assert.Equal("approvals.input_unknown",
            (await _company.GetAsync($"/api/v1/inputs/{IdOf(waits)}", "platform:pia@example.com")).Code());
        Assert.Equal(HttpStatusCode.Forbidden, (await DeclineAsync(waits, "No.", "platform:pia@example.com")).Status);
        foreach (var other in new[] { "platform:pia@example.com", "people:paul@example.com", "board:bea@example.com" })
            Assert.Equal(HttpStatusCode.Forbidden, (await ApproveAsync(waits, other)).Status);
        // Reads terms, and declines other kinds.
        Assert.Equal("approvals.input_own", (await DeclineAsync(waits, "No.", "people:paul@example.com")).Code());
        Assert.Empty((await _company.GetAsync("/api/v1/inputs", "platform:pia@example.com"))
            .Body.GetProperty("inputs").EnumerateArray());
        Assert.Equal(HttpStatusCode.OK, (await ApproveAsync(waits, "finance:fay@example.com")).Status);
    }

    [Fact]
    public async Task TwoWhoApproveAtOnce_ApplyOnce()
    {
        var waits = (await SendAsync(PayScene.Terms, Ann)).Body.GetProperty("waits");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            i => ApproveAsync(waits, $"admin:approver{i}@example.com")));
        Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK),
            a => Assert.Equal("approvals.input_decided", a.Code()));
        Assert.Equal(1, await VersionsAsync());
    }

    [Fact]
    public async Task Change_ForOneOfMany_IsNotApprovedByThem()
    {
        await _company.ImportAsync(string.Concat(
            Enumerable.Range(0, 25).Select(i => Company.Row($"many{i}@example.com"))) + Company.Row(
                "other@example.com", "Engineering,Engineer,L8,US,CC1,2024-01-15,,100000,120000,USD,"));
        var (one, terms) = (await PersonAsync("other@example.com"), PayScene.Terms.Replace(
            "tokens_per_day: 100", "tokens_per_day: 100\n  levels: [L8]", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await _company.ApplyAsync(Terms, terms, "admin:carl@example.com")).Status);
        var better = terms.Replace("tokens_per_day: 100", "tokens_per_day: 90", StringComparison.Ordinal);
        var waits = (await SendAsync(better, Ann)).Body.GetProperty("waits");
        Assert.Equal(1, waits.GetProperty("reach").GetInt32());
        Assert.Equal("approvals.input_own", (await ApproveAsync(waits, $"admin:other@example.com:{one}")).Code());
        Assert.Equal(HttpStatusCode.OK, (await ApproveAsync(waits, Bob)).Status);
    }

    [Fact]
    public async Task Refused_WritesNothing_AndWhomItReaches_MayDecline()
    {
        var few = await HireAsync("few@example.com");
        var waits = (await SendAsync(PayScene.Terms, Ann)).Body.GetProperty("waits");
        await HireAsync("two@example.com"); // another digest by now
        var before = await _company.ScalarAsync(Versions);
        Assert.Equal(HttpStatusCode.Forbidden, (await ApproveAsync(waits, "people:paul@example.com")).Status);
        Assert.Equal("approvals.input_changed", (await ApproveAsync(waits, Bob)).Code());
        Assert.Equal("approvals.input_changed", (await ApproveAsync(waits, $"admin:few@example.com:{few}")).Code());
        Assert.Equal(before, await _company.ScalarAsync(Versions));
        var no = await DeclineAsync(waits, "Not this.", $"admin:few@example.com:{few}");
        Assert.Equal("declined", no.Body.GetProperty("proposal").GetProperty("state").GetString());
    }

    [Fact]
    public async Task SameAsInForce_EndsWhatTheSamePersonHasWaiting()
    {
        await SendAsync(PayScene.Terms, Ann);
        await _company.ApplyAsync(Terms, PayScene.Terms, "admin:carl@example.com");
        await SendAsync(PayScene.Terms + "\n# other", Ann);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(PayScene.Terms, Ann)).Status);
        Assert.Equal(0, await _company.ScalarAsync("select count(*) from approvals.input where state = 'waiting'"));
    }

    [Fact]
    public async Task Table_HoldsTwo_AndWhatIsDecided()
    {
        var waits = (await SendAsync(PayScene.Terms, Ann)).Body.GetProperty("waits");
        const string approve = """
            update approvals.input set state = 'approved', made = 'x', decided_at = now(), decided_by = asked_by,
                   decided_by_account = asked_by_account, decided_by_person = asked_by_person
            """;
        var own = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => _company.ExecuteAsync(approve));
        Assert.Equal("input_two", own.ConstraintName);
        Assert.Equal(HttpStatusCode.OK, (await ApproveAsync(waits, Bob)).Status);
        var decided = await Assert.ThrowsAsync<Npgsql.PostgresException>(
            () => _company.ExecuteAsync("update approvals.input set made = 'y'"));
        Assert.Contains("is decided", decided.MessageText, StringComparison.Ordinal);
    }

    // A factor of one level is for whoever has it, in however large a company.
    [Fact]
    public async Task Plan_ThatChangesSomethingForOneOfMany_IsNotApprovedByThem()
    {
        await _company.ImportAsync(string.Concat(
            Enumerable.Range(0, 25).Select(i => Company.Row($"many{i}@example.com"))) + Company.Row(
                "other@example.com", "Engineering,Engineer,L8,US,CC1,2024-01-15,,100000,120000,USD,"));
        const string plan = """
            name: plan
            effective_from: 2026-11-01
            pool: pool
            allowance: { share: 12%, basis: base, mode: on-top, expires_after: P3M, tax_class: work_compute,
                         factors: { level: { L8: 1 } } }
            """;
        Assert.Equal(HttpStatusCode.OK, (await _company.PlanAsync(plan)).Status);
        var one = $"admin:other@example.com:{await PersonAsync("other@example.com")}";
        var waits = await _company.ProposeAsync(
            "/api/v1/plans", plan.Replace("L8: 1", "L8: 3", StringComparison.Ordinal), Ann);
        Assert.Equal(1, waits.GetProperty("reach").GetInt32());
        var shown = await ShowAsync(waits, one);
        Assert.Contains("3,000.00 USD", shown.GetProperty("onYou").GetString(), StringComparison.Ordinal);
        Assert.False(shown.GetProperty("youMay").GetBoolean());
        Assert.Equal("approvals.input_own", (await ApproveAsync(waits, one)).Code());
        Assert.Equal(1, await _company.ScalarAsync("select count(*) from compensation.plan"));
        Assert.Equal(HttpStatusCode.OK,
            (await ApproveAsync(waits, $"admin:many3@example.com:{await PersonAsync("many3@example.com")}")).Status);
    }

    [Fact]
    public async Task Waiting_AtMostAHundredOfOnePerson_WhateverTheyAreOf()
    {
        await SendAsync(PayScene.Terms, Ann);
        await _company.ExecuteAsync($"""
            insert into approvals.input
            select (jsonb_populate_record(i, jsonb_build_object('input_id', gen_random_uuid(), 'subject', n::text))).*
              from approvals.input i, generate_series(1, {InputProposals.MostWaiting - 1}) as n
            """);
        var many = await _company.SendAsync(
            HttpMethod.Post, "/api/v1/payroll", new StringContent(PayrollTests.Settings), Ann);
        Assert.Equal("approvals.inputs_many", many.Code());
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(PayScene.Terms, Ann)).Status); // waits already
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(PayScene.Terms + "\n# b", Ann)).Status); // in its place
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(PayScene.Terms, Bob)).Status);
        Assert.Equal(InputProposals.MostWaiting + 1,
            await _company.ScalarAsync("select count(*) from approvals.input where state = 'waiting'"));

        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = (await _company.GetAsync(
                $"/api/v1/inputs?limit=40{(after is null ? "" : $"&after={after}")}", Bob)).Body;
            seen.AddRange(page.GetProperty("inputs").EnumerateArray().Select(IdOf));
            after = page.GetProperty("next").GetString();
        }
        while (after is not null);
        Assert.Equal(InputProposals.MostWaiting + 2, seen.Count); // with the one that was overtaken
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Equal("approvals.page_invalid", (await _company.GetAsync("/api/v1/inputs?limit=0", Bob)).Code());
        Assert.Equal("approvals.page_invalid", (await _company.GetAsync("/api/v1/inputs?after=x", Bob)).Code());
    }

    // What others proposed in the same words is in force then too, and does not wait any more.
    [Fact]
    public async Task SameOfAnother_IsOvertaken_AndAnApprovalOfItIsRefused()
    {
        var first = (await SendAsync(PayScene.Terms, Ann)).Body.GetProperty("waits");
        var same = (await SendAsync(PayScene.Terms, "admin:carl@example.com")).Body.GetProperty("waits");
        Assert.NotEqual(IdOf(first), IdOf(same));
        Assert.Equal(HttpStatusCode.OK, (await ApproveAsync(first, Bob)).Status);
        var late = await ApproveAsync(same, Bob);
        Assert.Equal((HttpStatusCode.Conflict, "approvals.input_decided"), (late.Status, late.Code()));
        var shown = await ShowAsync(same, Bob);
        Assert.Equal("overtaken", shown.GetProperty("proposal").GetProperty("state").GetString());
        Assert.Equal(1, await VersionsAsync());

        // A repeat gets its first answer only where it names the same.
        Assert.Equal("approvals.input_changed",
            (await ApproveAsync(IdOf(first), new string('0', 64), Bob)).Code());
    }

    [Fact]
    public async Task FortyAtOnce_WaitForNoConnection()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(
            i => SendAsync($"{PayScene.Terms}\n# {i}", $"admin:asker{i}@example.com")));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Accepted, answer.Status));
    }

    private async Task<JsonElement> ShowAsync(JsonElement waits, string caller) =>
        (await _company.GetAsync($"/api/v1/inputs/{IdOf(waits)}", caller)).Body;

    private Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(string terms, string caller) =>
        _company.SendAsync(HttpMethod.Post, Terms, new StringContent(terms, Encoding.UTF8, "text/yaml"), caller);

    private Task<(HttpStatusCode Status, JsonElement Body)> ApproveAsync(JsonElement waits, string caller) =>
        _company.ApproveInputAsync(waits, caller);

    private Task<(HttpStatusCode Status, JsonElement Body)> ApproveAsync(string id, string? digest, string caller) =>
        _company.PostAsync($"/api/v1/inputs/{id}/approve", new { digest }, caller);

    private Task<(HttpStatusCode Status, JsonElement Body)> DeclineAsync(
        JsonElement waits, string? reason, string caller) =>
        _company.DeclineInputAsync(waits, reason, caller);

    private static string IdOf(JsonElement waits) => InputCalls.IdOf(waits);

    private Task<long> VersionsAsync() => _company.ScalarAsync("select count(*) from compensation.conversion_terms");

    private async Task<string> HireAsync(string email)
    {
        await _company.ImportAsync(Company.Row(email));
        return await PersonAsync(email);
    }

    private async Task<string> PersonAsync(string email) =>
        $"{(await _company.Get<PeopleDirectory>().FindAsync(email, Company.Ct))!.Id}";
}
