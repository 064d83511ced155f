using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Guerdon.Database.Approvals;
using Guerdon.Database.Grants;
using Guerdon.Database.Payroll;
using Guerdon.People.Employees;
using Guerdon.People.Proposals;

namespace Guerdon.Database.People;

/// <summary>What is on file of people is proposed by one and approved by another, once something is computed from it.
/// It is 21 November 2026.</summary>
public sealed class PeopleInputTests : IAsyncLifetime
{
    private const string Ann = "admin:ann@example.com", Bob = "admin:bob@example.com";

    private const string Plan = """
        name: plan
        effective_from: 2026-11-01
        pool: pool
        allowance: { share: 5%, basis: base, mode: on-top, expires_after: P3M, tax_class: work_compute }
        """;

    private readonly Company _company = new();

    public async ValueTask InitializeAsync() => await _company.InitializeAsync();

    public ValueTask DisposeAsync() => _company.DisposeAsync();

    [Fact]
    public void Computing_IsKnownOfAllThatDoes() => Assert.Equal(
        ["ConversionsFromPeople", "GrantsFromPeople"],
        _company.Get<IEnumerable<IComputedFromPeople>>().Select(one => one.GetType().Name).Order());

    // What is not compared would be in effect at once, and in no digest: a new column comes into OnFile and its SQL.
    [Fact]
    public async Task Columns_OfPeople_AreAllCompared() => Assert.Equal(
        [
            "identity: kind value",
            "person: base_pay_cents cost_centre country currency email hired_on is_bot left_on level name role team "
                + "total_pay_cents",
            "person_span: base_pay_cents cost_centre country currency employment leave leave_pay legal_entity level "
                + "manager_id part_time_bp role starts_on team time_zone total_pay_cents",
        ],
        (await _company.TextAsync("""
            select string_agg(named || ': ' || has, e'\n' order by named) from (
                select table_name::text as named,
                       string_agg(column_name::text, ' ' order by column_name::text collate "C") as has
                  from information_schema.columns
                 where table_schema = 'people' and table_name in ('identity', 'person', 'person_span')
                   and column_name not in ('person_id', 'digest')
                 group by table_name) as tables
            """))!.Split('\n'));

    [Theory]
    [InlineData("/api/v1/plans")]
    [InlineData("/api/v1/conversion-terms")]
    public async Task Import_WhileNothingIsComputed_IsInEffectAtOnce_AndWaitsAfterwards(string path)
    {
        Assert.Equal(HttpStatusCode.OK, (await _company.SendPeopleAsync(Row("ada", 100_000), Ann)).Status);
        Assert.Equal(HttpStatusCode.OK, (await _company.SendPeopleAsync(Row("ada", 110_000), Ann)).Status);
        var applied = await _company.ApplyAsync(path, path.EndsWith("plans", StringComparison.Ordinal)
            ? Plan : PayScene.Terms);
        Assert.True(applied.Status == HttpStatusCode.OK, applied.Body.ToString());

        Assert.Equal(HttpStatusCode.OK, (await _company.SendPeopleAsync(Row("ada", 110_000), Ann)).Status); // the same
        var sent = await _company.SendPeopleAsync(Row("ada", 120_000), Ann);
        Assert.True(sent.Status == HttpStatusCode.Accepted, sent.Body.ToString());
        Assert.Equal(110_000, await PayAsync("ada"));
        var (status, body) = await _company.ApprovedInputAsync(Task.FromResult(sent), "admin:bob@example.com");
        Assert.True(status == HttpStatusCode.OK, body.ToString());
        Assert.Equal((0, 1, 0), (Count(body, "created"), Count(body, "updated"), Count(body, "unchanged")));
        Assert.Equal("separated by commas, UTF-8", body.GetProperty("readAs").GetString());
        Assert.Equal(120_000, await PayAsync("ada"));
        Assert.Equal("ann@example.com", await _company.TextAsync(
            "select made_by from people.v_span_change order by made_at desc, change_id desc limit 1"));
        Assert.Equal("bob@example.com", await _company.TextAsync(
            "select decided_by from approvals.v_input where kind = 'people'"));
        Assert.Empty(await _company.VerifyAsync());
    }

    [Fact]
    public async Task WhatNothingIsComputedFrom_WaitsForNobody_ButNotBesideWhatIs()
    {
        await BeginAsync(Row("ada", 100_000));
        var renamed = Row("ada", 100_000).Replace("Somebody", "Ada", StringComparison.Ordinal)
            .Replace("CC1", "CC2", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _company.SendPeopleAsync(renamed, Ann)).Status);
        Assert.Equal("Ada CC2", await _company.TextAsync("select name || ' ' || cost_centre from people.v_person"));
        var both = renamed.Replace("CC2", "CC3", StringComparison.Ordinal)
            .Replace("L5", "L6", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, (await _company.SendPeopleAsync(both, Ann)).Status);
        Assert.Equal("Ada CC2", await _company.TextAsync("select name || ' ' || cost_centre from people.v_person"));
        var zone = await ChangeAsync("ada", new { costCentre = "CC4", timeZone = "Europe/Berlin" });
        Assert.Equal(HttpStatusCode.OK, zone.Status);
        Assert.True(zone.Body.GetProperty("changed").GetBoolean());
    }

    public static TheoryData<string, string, string> Waits => new()
    {
        { "level", """{"level": "L6", "from": "2027-01-01"}""", "L5 -> L5; L6 from 2027-01-01" },
        { "team", """{"team": "Sales"}""", "Engineering -> Engineering; Sales from 2026-11-21" },
        { "role", """{"role": "Chief"}""", "Engineer -> Engineer; Chief from 2026-11-21" },
        { "country", """{"country": "DE"}""", "US -> US; DE from 2026-11-21" },
        {
            "pay", """{"basePay": "150000", "totalPay": "150000"}""",
            "base 100000.00, total 100000.00 USD a year -> base 100000.00, total 100000.00 USD a year; "
                + "base 150000.00, total 150000.00 USD a year from 2026-11-21"
        },
        { "employment", """{"employment": "contractor"}""", "employee -> employee; contractor from 2026-11-21" },
        { "part_time", """{"partTime": "50%"}""", "100% -> 100%; 50% from 2026-11-21" },
        {
            "leave", """{"leave": "none", "until": "2026-12-31"}""",
            "none -> none; none from 2026-11-21; none from 2027-01-01"
        },
        { "leave", """{"leave": "care", "leavePay": "unpaid"}""", "none -> none; care (unpaid) from 2026-11-21" },
        { "legal_entity", """{"legalEntity": "Ltd"}""", "none -> none; Ltd from 2026-11-21" },
        {
            "manager", """{"manager": "bo@example.com"}""",
            "none -> none; bo@example.com from 2026-11-21"
        },
    };

    [Theory, MemberData(nameof(Waits))]
    public async Task Change_OfWhatIsComputedFrom_Waits_AndSaysWhat(string part, string change, string said)
    {
        await BeginAsync(Row("ada", 100_000) + Row("bo", 100_000));
        var (status, body) = await ChangeAsync("ada", JsonElement.Parse(change));
        Assert.True(status == HttpStatusCode.Accepted, body.ToString());
        var waits = body.GetProperty("waits");
        var shown = Assert.Single(waits.GetProperty("changes").EnumerateArray());
        Assert.Equal($"ada@example.com: {part}", shown.GetProperty("what").GetString());
        Assert.Equal(said, $"{shown.GetProperty("before")} -> {shown.GetProperty("after")}");
        Assert.Equal(1, waits.GetProperty("reach").GetInt32());
        Assert.Equal(2, await _company.ScalarAsync("select count(*) from people.person_span"));

        // The day counts on which it was asked for, whenever it is approved.
        _company.Clock.Now += TimeSpan.FromDays(3);
        var done = await _company.ApprovedInputAsync(Task.FromResult((status, body)), Bob);
        Assert.True(done.Status == HttpStatusCode.OK, done.Body.ToString());
        Assert.True(done.Body.GetProperty("changed").GetBoolean());
        Assert.True(await _company.ScalarAsync("select count(*) from people.person_span") > 2);
    }

    [Fact]
    public async Task Newcomers_LastDays_AndIdentities_Wait()
    {
        await BeginAsync(Row("ada", 100_000));
        var file = Row("ada", 100_000, "2026-12-31", "ada-gh") + Row("new", 90_000);
        var (status, body) = await _company.SendPeopleAsync(file, Ann);
        Assert.True(status == HttpStatusCode.Accepted, body.ToString());
        Assert.Equal(
            [
                "new@example.com: new person: -> Somebody, from 2024-01-15, Engineering, Engineer, L5, US, CC1, "
                    + "employee, 100%",
                "new@example.com: pay: -> base 90000.00, total 90000.00 USD a year",
                "ada@example.com: left_on: -> 2026-12-31", "ada@example.com: github_login: -> ada-gh",
            ],
            ChangesOf(body));
        Assert.Equal("People: 1 new, 1 changed", body.GetProperty("waits").GetProperty("about").GetString());
        Assert.Equal(1, await _company.ScalarAsync("select count(*) from people.person where left_on is null"));
        var shown = await ShowAsync(body, Bob); // somebody new is the same however often somebody looks
        Assert.Equal(DigestOf(body), shown.GetProperty("proposal").GetProperty("digest").GetString());
        Assert.StartsWith("file 2026-11-21 separated by commas, UTF-8\nemail,", shown.GetProperty("body").GetString(),
            StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await ApproveAsync(body, Bob)).Status);
        Assert.Equal(2, await _company.ScalarAsync("select count(*) from people.person"));
    }

    [Fact]
    public async Task Address_Waits_AndPeopleGoOnByTheirOldOne()
    {
        await BeginAsync(Row("ada", 100_000));
        var sent = await _company.SendAsync(
            HttpMethod.Put, "/api/v1/people/ada@example.com/email", Json(new { email = "Ada.L@example.com" }), Ann);
        Assert.True(sent.Status == HttpStatusCode.Accepted, sent.Body.ToString());
        Assert.Equal(["ada@example.com: email: ada@example.com -> ada.l@example.com"], ChangesOf(sent.Body));
        Assert.NotNull(await _company.Get<PeopleDirectory>().FindAsync("ada@example.com", Company.Ct));
        var (status, body) = await _company.ApprovedInputAsync(Task.FromResult(sent), Bob);
        Assert.Equal("ada.l@example.com", body.GetProperty("now").GetString());
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.NotNull(await _company.Get<PeopleDirectory>().FindAsync("ada.l@example.com", Company.Ct));
    }

    [Fact]
    public async Task WrongFiles_AreRefusedAsTheyAreProposed_ByLine_AndADryRunProposesNothing()
    {
        await BeginAsync(Row("ada", 100_000));
        var wrong = Row("ada", 120_000) + Row("bo", 1, level: "L99") + Row("ada", 1);
        var refused = await _company.SendPeopleAsync(wrong, Ann);
        Assert.Equal("people.import_invalid", refused.Code());
        Assert.Equal(
            ["3 level", "4 email"], refused.Body.GetProperty("errors").EnumerateArray().Select(
                e => $"{e.GetProperty("line")} {e.GetProperty("column")}"));
        var dry = await _company.SendPeopleAsync(Row("ada", 120_000), Ann, dryRun: true);
        Assert.Equal((HttpStatusCode.OK, 1), (dry.Status, Count(dry.Body, "updated")));
        Assert.Equal(HttpStatusCode.OK, (await _company.PostAsync(
            "/api/v1/people/ada@example.com/changes?dryRun=true", new { level = "L6" }, Ann)).Status);
        Assert.Equal(0, await _company.ScalarAsync("select count(*) from approvals.input where kind = 'people'"));
    }

    // What was looked at is what is decided.
    [Fact]
    public async Task Person_ChangedMeanwhile_IsShownAgainBeforeItIsApproved()
    {
        await BeginAsync(Row("ada", 100_000) + Row("bo", 100_000));
        var (_, body) = await _company.SendPeopleAsync(Row("ada", 120_000), Ann);
        Assert.Equal(HttpStatusCode.OK, (await _company.ApprovedInputAsync(
            ChangeAsync("bo", new { level = "L9" }), Bob)).Status); // who is not in it
        Assert.Equal(DigestOf(body), await DigestAsync(body));
        Assert.Equal(HttpStatusCode.OK, (await _company.ApprovedInputAsync(
            ChangeAsync("ada", new { basePay = "60000", totalPay = "60000" }), Bob)).Status);
        var late = await ApproveAsync(body, Bob);
        Assert.Equal("approvals.input_changed", late.Code());
        Assert.Equal(60_000, await PayAsync("ada"));
        Assert.Equal(HttpStatusCode.OK, (await ApproveAsync(body, Bob, await DigestAsync(body))).Status);
        Assert.Equal(120_000, await PayAsync("ada"));
    }

    // By it the same rows can mean somebody else.
    [Fact]
    public async Task KindOfIdentity_DeclaredMeanwhile_IsLookedAtAgain()
    {
        await BeginAsync(Row("ada", 100_000));
        var (_, body) = await _company.SendPeopleAsync(Row("ada", 120_000), Ann);
        Assert.Equal(HttpStatusCode.OK, (await _company.PostAsync(
            "/api/v1/people/identity-kinds", new { kind = "payroll_number", findsPerson = true }, Ann)).Status);
        Assert.Equal("approvals.input_changed", (await ApproveAsync(body, Bob)).Code());
        Assert.Equal(HttpStatusCode.OK, (await ApproveAsync(body, Bob, await DigestAsync(body))).Status);
    }

    [Fact]
    public async Task TwoWhoApproveAtOnce_OneDoes()
    {
        await BeginAsync(Row("ada", 100_000));
        var (_, body) = await _company.SendPeopleAsync(Row("ada", 120_000), Ann);
        var both = await Task.WhenAll(ApproveAsync(body, Bob), ApproveAsync(body, "admin:cy@example.com"));
        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.Conflict], both.Select(one => one.Status).Order());
        Assert.Equal(1, await _company.ScalarAsync(
            "select count(*) from people.v_span_change where 'pay' = any (parts)"));
    }

    [Fact]
    public async Task TheSameInTwoForms_OnceOneIsApproved_ChangesNothing()
    {
        await BeginAsync(Row("ada", 100_000));
        var (_, file) = await _company.SendPeopleAsync(Row("ada", 120_000), Ann);
        var (_, change) = await ChangeAsync("ada", new { basePay = "120000", totalPay = "120000" });
        Assert.Equal(2, await WaitingAsync());
        Assert.Equal(HttpStatusCode.OK, (await ApproveAsync(change, Bob)).Status);
        var late = await ApproveAsync(file, Bob);
        Assert.Equal("people.changes_nothing", late.Code());
        Assert.Contains("on file already", (await ShowAsync(file, Bob)).GetProperty("refused").GetString(),
            StringComparison.Ordinal);
    }

    // A file of the same people takes the place of the one before; what is about others goes on waiting.
    [Fact]
    public async Task Files_OfOtherPeople_WaitBesideEachOther()
    {
        await BeginAsync(Row("ada", 100_000) + Row("bo", 100_000));
        await _company.SendPeopleAsync(Row("ada", 120_000), Ann);
        await _company.SendPeopleAsync(Row("bo", 120_000), Ann);
        await ChangeAsync("ada", new { level = "L6" });
        await ChangeAsync("ada", new { team = "Sales" });
        Assert.Equal(4, await WaitingAsync());
        await _company.SendPeopleAsync(Row("ada", 130_000), Ann);
        await ChangeAsync("ada", new { level = "L7" });
        Assert.Equal(4, await WaitingAsync());
        Assert.Equal(2, await _company.ScalarAsync("select count(*) from approvals.input where state = 'overtaken'"));
    }

    [Fact]
    public async Task Changes_OfMany_AreListedUpToAThousand_TheGreatestRisesFirst()
    {
        await BeginAsync(Rows(_ => 100_000));
        var (status, body) = await _company.SendPeopleAsync(Rows(i => i == 1_050 ? 300_000 : 101_000), Ann);
        Assert.True(status == HttpStatusCode.Accepted, body.ToString());
        var changes = ChangesOf(body);
        Assert.Equal(1_001, changes.Length);
        Assert.StartsWith("p1050@example.com: pay: ", changes[0], StringComparison.Ordinal);
        Assert.StartsWith("and 100 changes more", changes[^1], StringComparison.Ordinal);
        Assert.Equal(1_100, body.GetProperty("waits").GetProperty("reach").GetInt32());
        Assert.Equal(HttpStatusCode.OK, (await ApproveAsync(body, Bob)).Status);
        Assert.Equal(1_099, await _company.ScalarAsync(
            "select count(*) from people.v_person where base_pay_cents = 10100000"));
    }

    // What is not listed is part of what is approved, too.
    [Fact]
    public async Task Digest_ChangesWithWhatIsNotListed()
    {
        await BeginAsync(Rows(_ => 100_000));
        var (_, body) = await _company.SendPeopleAsync(Rows(_ => 101_000), Ann);
        Assert.Equal(HttpStatusCode.OK, (await _company.SendPeopleAsync(
            Row("p1099", 100_000).Replace("Somebody", "Zed", StringComparison.Ordinal), Ann)).Status);
        Assert.NotEqual(DigestOf(body), await DigestAsync(body));
    }

    [Fact]
    public async Task Files_BeyondWhatIsKept_AreRefused()
    {
        await BeginAsync(Row("ada", 100_000));
        var padded = new string('x', (int)ImportPeople.MaxBytes - Company.Header.Length);
        Assert.Equal("people.file_too_large", (await _company.SendPeopleAsync(padded, Ann)).Code());
    }

    [Fact]
    public async Task OtherEncodings_AreKept_AndSaidAsTheyCameIn()
    {
        await BeginAsync(Row("ada", 100_000));
        var text = (Company.Header + Row("ada", 120_000)).Replace("Somebody", "Zoë", StringComparison.Ordinal);
        var sent = await _company.SendAsync(
            HttpMethod.Post, "/api/v1/people/import", new StringContent(text, Encoding.Unicode, "text/csv"), Ann);
        Assert.True(sent.Status == HttpStatusCode.Accepted, sent.Body.ToString());
        var done = await _company.ApprovedInputAsync(Task.FromResult(sent), Bob);
        Assert.Equal("separated by commas, UTF-16", done.Body.GetProperty("readAs").GetString());
        Assert.Equal("Zoë", await _company.TextAsync("select name from people.v_person"));
    }

    // All of it tells what people are paid.
    [Theory]
    [InlineData("board,employee:eve@example.com:{0}")]
    [InlineData("platform:eve@example.com")]
    [InlineData("board:eve@example.com")]
    public async Task Proposals_AreNotReadByWhoMayNotReadPay(string caller)
    {
        await BeginAsync(Row("eve", 100_000));
        caller = string.Format(
            CultureInfo.InvariantCulture, caller,
            (await _company.Get<PeopleDirectory>().FindAsync("eve@example.com", Company.Ct))!.Id);
        var (_, body) = await _company.SendPeopleAsync(Row("eve", 120_000), Ann);
        var shown = await _company.GetAsync($"/api/v1/inputs/{IdOf(body)}", caller);
        Assert.Equal("approvals.input_unknown", shown.Code());
        var list = await _company.GetAsync("/api/v1/inputs", caller);
        Assert.DoesNotContain(
            list.Body.GetProperty("inputs").EnumerateArray(), one => one.GetProperty("kind").GetString() == "people");
    }

    private async Task BeginAsync(string rows)
    {
        Assert.Equal(HttpStatusCode.OK, (await _company.SendPeopleAsync(rows, Ann)).Status);
        var (status, body) = await _company.PlanAsync(Plan);
        Assert.True(status == HttpStatusCode.OK, body.ToString());
    }

    private static string Rows(Func<int, int> pay) => string.Concat(Enumerable.Range(0, 1_100).Select(
        i => Row(string.Create(CultureInfo.InvariantCulture, $"p{i:0000}"), pay(i))));

    private static string Row(string name, int pay, string left = "", string login = "", string level = "L5") =>
        Company.Row(
            $"{name}@example.com",
            $"Engineering,Engineer,{level},US,CC1,2024-01-15,{left},{pay},{pay},USD,{login}");

    private Task<(HttpStatusCode Status, JsonElement Body)> ChangeAsync(string name, object change) =>
        _company.PostAsync($"/api/v1/people/{name}@example.com/changes", change, Ann);

    private async Task<(HttpStatusCode Status, JsonElement Body)> ApproveAsync(
        JsonElement sent, string by, string? digest = null) => await _company.PostAsync(
            $"/api/v1/inputs/{IdOf(sent)}/approve", new { digest = digest ?? DigestOf(sent) }, by);

    private async Task<JsonElement> ShowAsync(JsonElement sent, string by) =>
        (await _company.GetAsync($"/api/v1/inputs/{IdOf(sent)}", by)).Body;

    private async Task<string> DigestAsync(JsonElement sent) =>
        (await ShowAsync(sent, Bob)).GetProperty("proposal").GetProperty("digest").GetString()!;

    private async Task<long> PayAsync(string name) => await _company.ScalarAsync(
        $"select base_pay_cents / 100 from people.v_person where email = '{name}@example.com'");

    private Task<long> WaitingAsync() => _company.ScalarAsync(
        "select count(*) from approvals.input where kind = 'people' and state = 'waiting'");

    private static string[] ChangesOf(JsonElement sent) =>
    [
        .. sent.GetProperty("waits").GetProperty("changes").EnumerateArray().Select(
            one => $"{one.GetProperty("what")}: {one.GetProperty("before")} -> {one.GetProperty("after")}"
                .Replace(":  ->", ": ->", StringComparison.Ordinal)),
    ];

    private static int Count(JsonElement body, string name) => body.GetProperty(name).GetInt32();

    private static string IdOf(JsonElement sent) => InputCalls.IdOf(sent.GetProperty("waits"));

    private static string DigestOf(JsonElement sent) => sent.GetProperty("waits").GetProperty("digest").GetString()!;

    private static StringContent Json(object body) =>
        new(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
}
