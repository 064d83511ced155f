using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Guerdon.Database.Grants;
using Guerdon.People.Employees;
using Npgsql;

namespace Guerdon.Database.People;

public sealed class ImportTests(Company company) : IClassFixture<Company>
{
    private static (int Created, int Updated, int Unchanged) Counts(JsonElement reply) =>
        (reply.GetProperty("created").GetInt32(), reply.GetProperty("updated").GetInt32(),
            reply.GetProperty("unchanged").GetInt32());

    [Fact]
    public async Task Import_SameFileAgain_ChangesNothing()
    {
        var rows = Company.Row("a1@again.example")
            + Company.Row("a2@again.example", "Ops/Night,Engineer,L5,DE,C,2024-01-15,,1,1,EUR,a2");

        Assert.Equal((2, 0, 0), Counts((await company.ImportAsync(rows)).Body));
        Assert.Equal((0, 0, 2), Counts((await company.ImportAsync(rows)).Body));
        Assert.Equal((0, 1, 1),
            Counts((await company.ImportAsync(rows.Replace(",L5,US", ",L6,US", StringComparison.Ordinal))).Body));
        Assert.Equal(1, await company.ScalarAsync(
            "select count(*) from people.team t join people.team p on p.team_id = t.parent_id where t.path = "
                + "'Ops/Night' and p.path = 'Ops'"));
        Assert.Empty(await company.VerifyAsync());
    }

    [Fact]
    public async Task Import_DryRun_SaysWhatTheImportWouldDoAndKeepsNothing()
    {
        await company.ImportAsync(Company.Row("d1@dry.example"));
        var rows = Company.Row("d1@dry.example", "Dry/Run,Engineer,L5,US,CC1,2024-01-15,,100000,120000,USD,")
            + Company.Row("d2@dry.example");

        Assert.Equal((1, 1, 0), Counts((await company.ImportAsync(rows, dryRun: true)).Body));
        Assert.Equal(0, await company.ScalarAsync(
            "select count(*) from people.person where email = 'd2@dry.example' or team = 'Dry/Run'"));
        Assert.Equal(0, await company.ScalarAsync("select count(*) from people.team where path like 'Dry%'"));
        Assert.Equal((1, 1, 0), Counts((await company.ImportAsync(rows)).Body));
    }

    [Fact]
    public async Task Import_OneWrongRow_ImportsNothingAndNamesIt()
    {
        var rows = Company.Row("w1@wrong.example")
            + Company.Row("w2@wrong.example", "E,Engineer,L5,XX,CC1,2026-02-30,,1,1,USD,");

        var (status, problem) = await company.ImportAsync(rows);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "people.import_invalid"),
            (status, problem.GetProperty("title").GetString()));
        Assert.Equal(["country", "hired_on"],
            problem.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("column").GetString()));
        Assert.All(problem.GetProperty("errors").EnumerateArray(),
            e => Assert.Equal(3, e.GetProperty("line").GetInt32()));
        Assert.Equal(
            0, await company.ScalarAsync("select count(*) from people.person where email like '%@wrong.example'"));

        var (dryStatus, dry) = await company.ImportAsync(rows, dryRun: true);
        Assert.Equal((HttpStatusCode.OK, 2), (dryStatus, dry.GetProperty("errorCount").GetInt32()));
    }

    [Fact]
    public async Task Import_LoginOfSomebodyElse_IsARowErrorUnlessBothSwap()
    {
        string Line(string email, string login) =>
            Company.Row(email, $"E,Engineer,L5,US,C,2024-01-15,,1,1,USD,{login}");
        await company.ImportAsync(Line("i1@id.example", "one") + Line("i2@id.example", "two"));

        var (status, problem) = await company.ImportAsync(Line("i3@id.example", "ONE"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("i1@id.example", problem.GetProperty("errors")[0].GetProperty("reason").GetString(),
            StringComparison.Ordinal);

        Assert.Equal((0, 2, 0),
            Counts((await company.ImportAsync(Line("i1@id.example", "two") + Line("i2@id.example", "one"))).Body));
        Assert.Equal((0, 0, 1), Counts((await company.ImportAsync(Line("i1@id.example", ""))).Body)); // blank leaves it
        Assert.Equal(
            2, await company.ScalarAsync("select count(*) from people.identity where value in ('one', 'two')"));
        Assert.Empty(await company.VerifyAsync());
    }

    [Fact]
    public async Task Import_FormOrNothing_IsReadOrRefused()
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(Company.Header + Company.Row("f1@form.example"), Encoding.UTF8, "text/csv"), "file",
                "people.csv" },
        };
        Assert.Equal((1, 0, 0), Counts((await company.SendAsync(HttpMethod.Post, "/api/v1/people/import", form)).Body));

        var (status, problem) =
            await company.SendAsync(HttpMethod.Post, "/api/v1/people/import", new StringContent(""));
        Assert.Equal((HttpStatusCode.BadRequest, "people.import_empty"),
            (status, problem.GetProperty("title").GetString()));
    }

    /// <summary>
    /// Time grows with the rows, not with their square: twenty times the rows may take 120 times as long, so that a
    /// machine which gets busy meanwhile passes; by the square they would take 400 times as long.
    /// </summary>
    [Fact]
    public async Task Import_HundredThousandRows_TakesTimeByTheRow()
    {
        await using var small = await Tests.TestDatabase.CreateAsync();
        await using var big = await Tests.TestDatabase.CreateAsync();
        await ImportAsync(small.Db, Rows(100)); // what runs once: compiling, connecting
        var (few, _) = await ImportAsync(small.Db, Rows(5_000));

        var (imported, first) = await ImportAsync(big.Db, Rows(100_000));
        var (compared, again) = await ImportAsync(big.Db, Rows(100_000));

        Assert.Equal((100_000, 0, 100_000), (first.Created, first.Unchanged, again.Unchanged));
        Assert.True(imported < 120 * few, $"100,000 rows took {imported}, 5,000 took {few}.");
        TestContext.Current.SendDiagnosticMessage("100,000 rows: {0} first, {1} again", imported, compared);
    }

    private static byte[] Rows(int count)
    {
        var csv = new StringBuilder(Company.Header);
        for (var i = 0; i < count; i++)
            csv.Append(
                Company.Row($"p{i}@big.example", $"Big/T{i % 500},Engineer,L5,US,C,2024-01-15,,{i},{i},USD,login{i}"));
        return Encoding.UTF8.GetBytes(csv.ToString());
    }

    private static async Task<(TimeSpan Took, ImportPeople.Reply Result)> ImportAsync(NpgsqlDataSource db, byte[] csv)
    {
        var watch = Stopwatch.StartNew();
        var result = await ImportPeople.RunAsync(new MemoryStream(csv), false, db, TimeProvider.System, Company.Ct);
        return (watch.Elapsed, result);
    }

    [Fact]
    public async Task People_ByTeam_IncludesTeamsBelowAndPages()
    {
        await company.ImportAsync(string.Concat(new[] { "Sea", "Sea/Deep", "Sea/Deep/Blue", "Seas" }.Select(
            (team, i) => Company.Row($"t{i}@team.example", $"{team},Engineer,L5,US,C,2024-01-15,,1,1,USD,"))));

        var (_, first) = await company.GetAsync("/api/v1/people?team=Sea&limit=2");
        var (_, rest) =
            await company.GetAsync($"/api/v1/people?team=Sea&limit=2&after={first.GetProperty("next").GetString()}");

        string[] Emails(JsonElement page) =>
            [.. page.GetProperty("people").EnumerateArray().Select(p => p.GetProperty("email").GetString()!)];
        Assert.Equal(["t0@team.example", "t1@team.example", "t2@team.example"], [.. Emails(first), .. Emails(rest)]);
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("next").ValueKind);
        Assert.Equal("people.page_invalid",
            (await company.GetAsync("/api/v1/people?limit=0")).Body.GetProperty("title").GetString());
        Assert.Equal("people.page_invalid",
            (await company.GetAsync("/api/v1/people?team=%00")).Body.GetProperty("title").GetString());
    }

    [Fact]
    public async Task Person_IsReadByThemselvesAndAdminsOnly()
    {
        await company.ImportAsync(Company.Row("me@self.example") + Company.Row("other@self.example"));
        var (_, me) = await company.GetAsync("/api/v1/people/ME@self.example");
        var id = me.GetProperty("id").GetString()!;

        Assert.Equal("me@self.example",
            (await company.GetAsync($"/api/v1/people/{id}", id)).Body.GetProperty("email").GetString());
        Assert.Equal(HttpStatusCode.OK, (await company.GetAsync($"/api/v1/people/{id}/rewards", id)).Status);
        var (_, list) = await company.GetAsync("/api/v1/people", id);
        Assert.Equal(id, Assert.Single(list.GetProperty("people").EnumerateArray()).GetProperty("id").GetString());
        foreach (var path in (string[])["other@self.example", "nobody@self.example", "other@self.example/rewards"])
            Assert.Equal("people.person_not_found",
                (await company.GetAsync($"/api/v1/people/{path}", id)).Body.GetProperty("title").GetString());
    }

    [Theory]
    [InlineData("POST", "/api/v1/people/import")]
    [InlineData("PUT", "/api/v1/people/a@x.example/email")]
    [InlineData("GET", "/api/v1/people/identity-kinds")]
    [InlineData("POST", "/api/v1/people/identity-kinds")]
    [InlineData("GET", "/api/v1/plans")]
    [InlineData("POST", "/api/v1/plans")]
    [InlineData("POST", "/api/v1/plans/check")]
    [InlineData("POST", "/api/v1/plans/diff")]
    [InlineData("GET", "/api/v1/plans/plan")]
    [InlineData("GET", "/api/v1/plans/plan/history")]
    [InlineData("GET", "/api/v1/plans/plan/phases")]
    [InlineData("POST", "/api/v1/plans/plan/phases/all")]
    [InlineData("POST", "/api/v1/plans/plan/phases/all/votes")]
    [InlineData("GET", "/api/v1/grants/runs")]
    [InlineData("POST", "/api/v1/grants/runs/run_1/lines/1/vesting")]
    [InlineData("POST", "/api/v1/vesting/facts/vfa_1/approve")]
    [InlineData("POST", "/api/v1/grants/awards/import")]
    [InlineData("POST", "/api/v1/tiers/requests/trq_1/approve")]
    [InlineData("POST", "/api/v1/tiers/requests/trq_1/decline")]
    [InlineData("POST", "/api/v1/vesting/check")]
    [InlineData("POST", "/api/v1/grants/runs")]
    [InlineData("GET", "/api/v1/grants/runs/run_1")]
    [InlineData("GET", "/api/v1/grants/runs/run_1/lines")]
    public async Task AdminRoutes_OtherCallers_AreTurnedAway(string method, string path)
    {
        Assert.Equal(HttpStatusCode.Forbidden,
            (await company.SendAsync(new HttpMethod(method), path, null,
                "prs_00000000000000000000000000000001")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized,
            (await company.SendAsync(new HttpMethod(method), path, null, "nobody")).Status);
    }
}
