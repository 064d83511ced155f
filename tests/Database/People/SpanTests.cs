using System.Net;
using System.Text;
using System.Text.Json;
using Guerdon.Database.Grants;
using Guerdon.People.Employees;

namespace Guerdon.Database.People;

/// <summary>What is true of people has dates; it is 21 November 2026.</summary>
public sealed class SpanTests(Company company) : IClassFixture<Company>
{
    private const string Header = "email,name,team,role,level,country,cost_centre,hired_on,left_on,base_pay,total_pay,"
        + "currency,effective_on,manager_email,leave\n";

    private static string Row(string email, string level = "L5", string effective = "", string manager = "",
        string leave = "", string pay = "100000") =>
        $"{email},Somebody,Spans,Engineer,{level},US,CC1,2024-01-15,,{pay},120000,USD,{effective},{manager},{leave}\n";

    private Task<(HttpStatusCode Status, JsonElement Body)> ImportAsync(params string[] rows) =>
        company.SendAsync(HttpMethod.Post, "/api/v1/people/import",
            new StringContent(Header + string.Concat(rows), Encoding.UTF8, "text/csv"));

    private async Task<Person> OnAsync(string email, string day) =>
        (await company.Get<PeopleDirectory>().AsOfAsync(email, DateOnly.Parse(day, null), Company.Ct))!;

    private async Task<string[]> HistoryAsync(string email) =>
    [
        .. (await company.GetAsync($"/api/v1/people/{email}/history")).Body.GetProperty("spans").EnumerateArray()
            .Select(s => $"{s.GetProperty("from")}..{s.GetProperty("to")} "
                + s.GetProperty("standing").GetProperty("level").GetString()),
    ];

    [Fact]
    public async Task Import_WithoutADay_HoldsFromTodayAndLeavesThePast()
    {
        await company.ImportAsync(Company.Row("today@span.example"));
        var raised = Company.Row("today@span.example", "Engineering,Engineer,L6,US,CC1,2024-01-15,,100000,120000,USD,");
        Assert.Equal(1, (await company.ImportAsync(raised)).Body.GetProperty("updated").GetInt32());
        Assert.Equal(1, (await company.ImportAsync(raised)).Body.GetProperty("unchanged").GetInt32());

        Assert.Equal(["2024-01-15..2026-11-20 L5", "2026-11-21.. L6"], await HistoryAsync("today@span.example"));
        Assert.Equal("L5", (await OnAsync("today@span.example", "2026-11-20")).Level);
        Assert.Equal("L5", (await OnAsync("today@span.example", "1999-01-01")).Level);
        Assert.Equal("L6", (await OnAsync("today@span.example", "2030-01-01")).Level);
        Assert.Equal("L6",
            await company.TextAsync("select level from people.v_person where email = 'today@span.example'"));
        Assert.Empty(await company.VerifyAsync());
    }

    [Fact]
    public async Task Import_PastAndFutureDays_HoldFromThem()
    {
        await ImportAsync(Row("dated@span.example"));
        var past = await ImportAsync(Row("dated@span.example", "L6", "2026-03-01"));
        Assert.Equal((1, 1),
            (past.Body.GetProperty("updated").GetInt32(), past.Body.GetProperty("backdated").GetInt32()));
        var future = await ImportAsync(Row("dated@span.example", "L7", "2027-01-01"));
        Assert.Equal(0, future.Body.GetProperty("backdated").GetInt32());

        // A file that is sent every night knows nothing of next year's rise, and does not take it back.
        Assert.Equal(1, (await ImportAsync(Row("dated@span.example", "L6"))).Body.GetProperty("unchanged").GetInt32());
        Assert.Equal(
            ["2024-01-15..2026-02-28 L5", "2026-03-01..2026-12-31 L6", "2027-01-01.. L7"],
            await HistoryAsync("dated@span.example"));
        Assert.Equal("L6",
            await company.TextAsync("select level from people.v_person where email = 'dated@span.example'"));

        var was = company.Clock.Now;
        company.Clock.Now = new(2027, 1, 1, 0, 5, 0, TimeSpan.Zero);
        try
        {
            Assert.Equal("L7",
                (await company.GetAsync("/api/v1/people/dated@span.example")).Body.GetProperty("level").GetString());
            Assert.True(await company.Get<IEnumerable<Microsoft.Extensions.Hosting.IHostedService>>()
                .OfType<Guerdon.People.Spans.SpansOfToday>().Single().RunAsync(Company.Ct) >= 1);
            Assert.Equal("L7",
                await company.TextAsync("select level from people.v_person where email = 'dated@span.example'"));
        }
        finally
        {
            company.Clock.Now = was;
            await company.Get<IEnumerable<Microsoft.Extensions.Hosting.IHostedService>>()
                .OfType<Guerdon.People.Spans.SpansOfToday>().Single().RunAsync(Company.Ct);
        }

        Assert.Equal("L5", (await company.GetAsync("/api/v1/people/dated@span.example?on=2026-02-28"))
            .Body.GetProperty("level").GetString());
        Assert.Empty(await company.VerifyAsync());
    }

    [Fact]
    public async Task Import_HiredEarlierThanWasKnown_ReachesBack()
    {
        await ImportAsync(Row("early@span.example"));
        await ImportAsync(Row("early@span.example").Replace("2024-01-15", "2023-06-01", StringComparison.Ordinal));

        Assert.Equal(["2023-06-01.. L5"], await HistoryAsync("early@span.example"));
        Assert.Empty(await company.VerifyAsync());
    }

    [Fact]
    public async Task Import_Managers_AreFoundInFileAndOnFileAndFormNoCircle()
    {
        await ImportAsync(
            Row("boss@man.example"), Row("lead@man.example", manager: "boss@man.example"),
            Row("dev@man.example", manager: "lead@man.example"));
        var people = company.Get<PeopleDirectory>();
        var (boss, lead, dev) = (
            (await OnAsync("boss@man.example", "2026-01-01")).Id, (await OnAsync("lead@man.example", "2026-01-01")).Id,
            (await OnAsync("dev@man.example", "2026-01-01")).Id);
        DateOnly Day(string day) => DateOnly.Parse(day, null);

        Assert.True(await people.IsUnderAsync(boss, dev, Day("2026-01-01"), Company.Ct));
        Assert.False(await people.IsUnderAsync(dev, boss, Day("2026-01-01"), Company.Ct));
        Assert.False(await people.IsUnderAsync(boss, boss, Day("2026-01-01"), Company.Ct));
        Assert.Equal(2, await company.ScalarAsync(
            $"select count(*) from people.under('{boss.Value}', '2026-01-01')"));

        // Nor is who begins later, or has left, anybody's on that day; whom a leaver leads stays whose they are.
        Assert.False(await people.IsUnderAsync(boss, dev, Day("2024-01-14"), Company.Ct));
        Assert.Equal(0, await company.ScalarAsync(
            $"select count(*) from people.under('{boss.Value}', '2024-01-14')"));
        await company.ExecuteAsync(
            $"update people.person set left_on = '2025-12-31' where person_id = '{lead.Value}'");
        Assert.True(await people.IsUnderAsync(boss, lead, Day("2025-12-31"), Company.Ct));
        Assert.False(await people.IsUnderAsync(boss, lead, Day("2026-01-01"), Company.Ct));
        Assert.True(await people.IsUnderAsync(boss, dev, Day("2026-01-01"), Company.Ct));
        Assert.Equal(1, await company.ScalarAsync(
            $"select count(*) from people.under('{boss.Value}', '2026-01-01')"));
        await company.ExecuteAsync($"update people.person set left_on = null where person_id = '{lead.Value}'");

        // From March on the developer reports to nobody.
        await ImportAsync(Row("dev@man.example", effective: "2026-03-01"));
        Assert.True(await people.IsUnderAsync(lead, dev, Day("2026-02-28"), Company.Ct));
        Assert.False(await people.IsUnderAsync(lead, dev, Day("2026-03-01"), Company.Ct));
        Assert.Equal(1, await company.ScalarAsync(
            $"select count(*) from people.under('{boss.Value}', '2026-03-01')"));

        // A circle that would only have been last year is one all the same.
        var (status, problem) =
            await ImportAsync(Row("boss@man.example", manager: dev.ToString(), effective: "2025-05-05"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        var error = problem.GetProperty("errors")[0];
        Assert.Equal((2, "manager_email"),
            (error.GetProperty("line").GetInt32(), error.GetProperty("column").GetString()));
        Assert.Contains("2025-05-05", error.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Null((await OnAsync("boss@man.example", "2026-01-01")).Manager);

        var unknown = await ImportAsync(Row("dev@man.example", manager: "who@man.example"));
        Assert.Contains("nobody on file", unknown.Body.GetProperty("errors")[0].GetProperty("reason").GetString(),
            StringComparison.Ordinal);
        Assert.Empty(await company.VerifyAsync());
    }

    private Task<(HttpStatusCode Status, JsonElement Body)> LeaveAsync(string email, string leave) =>
        company.SendAsync(HttpMethod.Post, "/api/v1/people/import",
            new StringContent(
                $"{Header.TrimEnd()},leave_pay,leave_from,leave_until\n{Row(email).TrimEnd()}{leave}\n", Encoding.UTF8,
                "text/csv"));

    private async Task<string> LeavesAsync(string email) => string.Join(
        ", ", (await company.GetAsync($"/api/v1/people/{email}/history")).Body.GetProperty("spans").EnumerateArray()
            .Select(s => (From: s.GetProperty("from").GetString(), Standing: s.GetProperty("standing")))
            .Select(s => $"{s.From} {s.Standing.GetProperty("leave")}/{s.Standing.GetProperty("leavePay")}"));

    [Fact]
    public async Task Import_LeaveWithDays_IsForTheseDaysHoweverOftenItIsSent()
    {
        const string email = "leave@span.example", ofMarch = "parental,unpaid,2027-03-01,2027-08-31";
        await ImportAsync(Row(email));
        Assert.Equal(1, (await LeaveAsync(email, ofMarch)).Body.GetProperty("updated").GetInt32());
        Assert.Equal(1, (await LeaveAsync(email, ofMarch)).Body.GetProperty("unchanged").GetInt32());
        Assert.Equal("2024-01-15 /, 2027-03-01 parental/unpaid, 2027-09-01 /", await LeavesAsync(email));

        // One from the day on which it is sent, which leaves the other; and one that is over, which says nothing.
        Assert.Equal(1, (await LeaveAsync(email, "care,,,2026-11-30")).Body.GetProperty("updated").GetInt32());
        Assert.Equal(1, (await LeaveAsync(email, "care,,,2026-11-20")).Body.GetProperty("unchanged").GetInt32());
        Assert.Equal(
            "2024-01-15 /, 2026-11-21 care/paid, 2026-12-01 /, 2027-03-01 parental/unpaid, 2027-09-01 /",
            await LeavesAsync(email));
        var person = await OnAsync(email, "2027-08-31");
        Assert.Equal(("parental", "unpaid"), (person.Leave, person.LeavePay));

        // A leave that does not come to pass.
        var path = $"/api/v1/people/{email}/changes";
        var wrong = await company.PostAsync(path, new { leavePay = "unpaid", from = "2027-01-01" });
        Assert.Equal("leavePay", Assert.Single(wrong.Body.GetProperty("errors").EnumerateArray())
            .GetProperty("column").GetString());
        await company.PostAsync(path, new { leave = "", from = "2027-03-01", until = "2027-08-31" });
        Assert.Equal("2024-01-15 /, 2026-11-21 care/paid, 2026-12-01 /", await LeavesAsync(email));
        Assert.Empty(await company.VerifyAsync());
    }

    [Fact]
    public async Task Change_OfOne_HoldsForItsDaysAndIsRefusedToThemselves()
    {
        await ImportAsync(Row("one@span.example"), Row("over@span.example"));
        var id = (await OnAsync("one@span.example", "2026-01-01")).Id.ToString();
        const string path = "/api/v1/people/one@span.example/changes";
        object leave = new
        {
            from = "2026-02-01", until = "2026-02-28", leave = "parental", manager = "over@span.example",
        };

        var dry = await company.PostAsync(path + "?dryRun=true", leave);
        Assert.Equal((true, 3),
            (dry.Body.GetProperty("changed").GetBoolean(), dry.Body.GetProperty("spans").GetArrayLength()));
        Assert.Null((await OnAsync("one@span.example", "2026-02-15")).Leave);

        Assert.True((await company.PostAsync(path, leave)).Body.GetProperty("isBackdated").GetBoolean());
        Assert.False((await company.PostAsync(path, leave)).Body.GetProperty("changed").GetBoolean());
        var (during, after) = (
            await OnAsync("one@span.example", "2026-02-28"), await OnAsync("one@span.example", "2026-03-01"));
        Assert.Equal(("parental", true, null, null),
            (during.Leave, during.Manager is not null, after.Leave, after.Manager));

        var made = (await company.GetAsync("/api/v1/people/one@span.example/history", "admin:ann")).Body
            .GetProperty("changes").EnumerateArray().Single();
        Assert.Equal(("2026-02-01", "2026-02-28", "manager leave"),
            (made.GetProperty("from").GetString(), made.GetProperty("until").GetString(),
                string.Join(' ', made.GetProperty("parts").EnumerateArray().Select(p => p.GetString()))));

        var own = await company.PostAsync(path, new { basePay = "999999" }, $"admin:one@span.example:{id}");
        Assert.Equal("people.own_change", own.Body.GetProperty("title").GetString());
        var wrong = await company.PostAsync(path, new { level = "L11", currency = "EUR", from = "2020-01-01" });
        Assert.Equal(["from", "level", "currency"], wrong.Body.GetProperty("errors").EnumerateArray()
            .Select(e => e.GetProperty("column").GetString()));
        Assert.Equal(100_000_00, (await OnAsync("one@span.example", "2026-11-21")).BasePayCents);

        await company.PostAsync("/api/v1/people/over@span.example/changes", new { manager = "one@span.example" });
        var loop = await company.PostAsync(path, new { manager = "over@span.example", from = "2026-11-01" });
        Assert.Equal("people.manager_loop", loop.Body.GetProperty("title").GetString());
        Assert.Contains("2026-11-21", loop.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(await company.VerifyAsync());
    }

    [Fact]
    public async Task Spans_OfThemselvesAndAdministrators_AreOthersNot()
    {
        await ImportAsync(Row("mine@span.example"), Row("theirs@span.example"));
        var id = (await OnAsync("mine@span.example", "2026-01-01")).Id.ToString();

        Assert.Equal(HttpStatusCode.OK, (await company.GetAsync("/api/v1/people/me/history", id)).Status);
        Assert.Equal("people.person_not_found",
            (await company.GetAsync("/api/v1/people/theirs@span.example/history", id)).Body.GetProperty("title")
                .GetString());
        Assert.Equal(HttpStatusCode.Forbidden,
            (await company.PostAsync("/api/v1/people/theirs@span.example/changes", new { level = "L9" }, id)).Status);
    }

    [Fact]
    public async Task PersonSpans_OfTheTable_CannotOverlapAndNobodyIsWithout()
    {
        await ImportAsync(Row("table@span.example"));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => company.ExecuteAsync("""
            insert into people.person_span (person_id, starts_on, team, role, level, country, cost_centre,
                base_pay_cents, total_pay_cents, currency)
            select person_id, starts_on, team, role, 'L9', country, cost_centre, 1, 1, currency
              from people.person_span limit 1
            """));
        Assert.Equal(0, await company.ScalarAsync("""
            select count(*) from people.person p
             where not exists (
                select from people.person_span s where s.person_id = p.person_id and s.starts_on <= p.hired_on)
            """));
    }
}
