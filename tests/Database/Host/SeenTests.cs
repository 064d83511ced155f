using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Audit;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Host;

/// <summary>Everybody sees who may see what about them and who looked, and nobody sees that of another.</summary>
public sealed class SeenTests(RunningApp running) : IClassFixture<RunningApp>
{
    private const string Root = "root@corp.example", Looks = "people/me/looks";
    private const string OneWallet = "GET /api/v1/wallets/{personOrEmail}", AllPeople = "GET /api/v1/people";

    private static readonly string[] Emails =
        [.. File.ReadLines(RunningApp.Example("people.csv")).Skip(1).Select(line => line.Split(',')[0])];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Look_AtAnothersWallet_IsOnTheirPageAndOnNobodyElses()
    {
        using var colleague = await SignUpAsync(Emails[1], Roles.Employee);
        var (before, theirs) = (await SeenAsync(running.Employee), await SeenAsync(colleague));
        await GetAsync(running.Admin, $"wallets/{RunningApp.Person}");
        await GetAsync(running.Admin, $"wallets/{RunningApp.Person}");
        await GetAsync(running.Employee, $"wallets/{RunningApp.Person}"); // one's own is no look
        await GetAsync(running.Admin, "people");
        await FlushAsync();

        var seen = await SeenAsync(running.Employee);
        Assert.Equal(2, Times(seen, Root, OneWallet, false) - Times(before, Root, OneWallet, false));
        Assert.Equal(1, Times(seen, Root, AllPeople, true) - Times(before, Root, AllPeople, true));
        Assert.Equal(0, Times(seen, RunningApp.Person, OneWallet, false));
        var wallet = seen.First(look => look.GetProperty("endpoint").GetString() == OneWallet);
        Assert.StartsWith("A wallet:", wallet.GetProperty("what").GetString(), StringComparison.Ordinal);
        Assert.Equal("Somebody", wallet.GetProperty("name").GetString());

        var others = await SeenAsync(colleague);
        Assert.Equal(1, Times(others, Root, AllPeople, true) - Times(theirs, Root, AllPeople, true));
        Assert.Equal(0, Times(others, Root, OneWallet, false));
        Assert.Empty(await SeenAsync(running.Admin)); // of nobody on file
        foreach (var path in (string[])[$"people/{RunningApp.Person}/looks", "people/looks"])
        {
            using var answer = await colleague.GetAsync(new Uri($"/api/v1/{path}", UriKind.Relative), Ct);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Page_OfLooks_SaysWhoLookedAndWhatAnOperatorSees()
    {
        await GetAsync(running.Admin, $"wallets/{RunningApp.Person}");
        await FlushAsync();
        using var browser = running.Client(null);
        using var signedIn = await RealApp.SignInAsync(browser, RunningApp.Person, RunningApp.Password);
        browser.DefaultRequestHeaders.Add("Cookie", RealApp.Cookie(signedIn, "guerdon"));
        var page = await browser.GetStringAsync(new Uri("/me/seen", UriKind.Relative), Ct);
        foreach (var text in (string[])[Root, "A wallet:", "whoever runs the database", "finance"])
            Assert.Contains(text, page, StringComparison.Ordinal);
    }

    // A manager's list is of their team: it is no look at anybody else.
    [Fact]
    public async Task List_OfAManager_IsALookAtTheirTeamAlone()
    {
        var (boss, report, other) = (Emails[2], Emails[3], Emails[4]);
        using var above = await SignUpAsync(boss, Roles.Manager);
        using var below = await SignUpAsync(report, Roles.Employee);
        using var beside = await SignUpAsync(other, Roles.Employee);
        using (var changed = await running.Admin.PostAsJsonAsync(
            new Uri($"/api/v1/people/{report}/changes", UriKind.Relative), new { manager = boss }, Ct))
            Assert.Equal(200, (await running.ApprovedAsync(changed)).Status);
        await GetAsync(above, "people");
        await FlushAsync();
        // Of a list from before they were in the team they were not.
        Assert.Equal(1, await running.Db.ExecuteAsync("""
            insert into host.act (act_id, request_id, at, kind, who, person_id, means, roles, address, endpoint,
                                  permission, subject, status, times)
            select gen_random_uuid(), gen_random_uuid(), now() - interval '40 days', 'looked', email, person_id,
                   'token', 'manager', '192.0.2.1', $2, 'people:read', '', 200, 7
              from people.person where email = $1
            """, [boss, AllPeople], Ct));

        Assert.Equal(1, Times(await SeenAsync(below), boss, AllPeople, true));
        Assert.Equal(0, Times(await SeenAsync(beside), boss, AllPeople, true));
        Assert.Equal([boss], await HoldersAsync(below, Roles.Manager));
        Assert.Empty(await HoldersAsync(beside, Roles.Manager));
    }

    [Fact]
    public async Task MaySee_RolesThatOpenSomethingOfOthers_NamesWhoHasThemToday()
    {
        var all = (await GetAsync(running.Employee, Looks)).GetProperty("maySee").EnumerateArray().ToDictionary(
            role => role.GetProperty("role").GetString()!);
        Assert.Equal(Roles.Names.Except([Roles.Employee]), all.Keys);
        foreach (var (role, shown) in all)
            Assert.Equal(
                Permissions.All.Where(p => p.TellsOfOthers && p.In(role) > Reach.Own).Select(p => p.Name),
                shown.GetProperty("opens").EnumerateArray().Select(p => p.GetProperty("permission").GetString()));
        Assert.Contains(Root, await HoldersAsync(running.Employee, Roles.Finance));
        Assert.Empty(await HoldersAsync(running.Employee, Roles.Auditor));

        using var gone = await SignUpAsync("gone@corp.example", Roles.Auditor);
        Assert.Equal(["gone@corp.example"], await HoldersAsync(running.Employee, Roles.Auditor));
        using (await running.Admin.PostAsync(
            new Uri("/api/v1/accounts/gone@corp.example/close", UriKind.Relative), null, Ct)) { }
        Assert.Empty(await HoldersAsync(running.Employee, Roles.Auditor));
        Assert.DoesNotContain(Root, await HoldersAsync(running.Admin, Roles.Finance)); // it is their own page
    }

    [Fact]
    public async Task Looks_APageAtATime_HaveEachOnceWhileMoreAreWritten()
    {
        const string who = "people/";
        foreach (var path in (string[])["wallets/" + RunningApp.Person, who + RunningApp.Person, "people",
            who + RunningApp.Person + "/history"]) await GetAsync(running.Admin, path);
        await FlushAsync();
        var all = (await SeenAsync(running.Employee)).Select(KeyOf).ToList();
        Assert.True(all.Count >= 4, string.Join('\n', all));
        var (walked, after) = (new List<string>(), "");
        do
        {
            var page = await GetAsync(running.Employee, $"{Looks}?limit=2{after}");
            walked.AddRange(page.GetProperty("looks").EnumerateArray().Select(KeyOf));
            after = page.GetProperty("next").GetString() is { } next ? $"&after={next}" : "";
            await GetAsync(running.Admin, $"wallets/{RunningApp.Person}");
            await FlushAsync();
        } while (after.Length > 0);

        Assert.Equal(all, walked);
        foreach (var wrong in (string[])["after=x", "after=1-2-0", $"after=1-2-{Guid.Empty:N}", "limit=0"])
        {
            using var answer = await running.Employee.GetAsync(
                new Uri($"/api/v1/{Looks}?{wrong}", UriKind.Relative), Ct);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("kind=write")]
    [InlineData("endpoint=v1/plans")]
    public async Task Export_OfSomeActs_IsWhatThePagesHave(string filter)
    {
        var query = $"who={Root}&{filter}";
        var export = (await GetAsync(running.Admin, $"acts?{query}")).GetProperty("acts").EnumerateArray().ToList();
        var (walked, after) = (new List<JsonElement>(), "");
        do
        {
            var page = await GetAsync(running.Admin, $"acts/page?limit=3&{query}{after}");
            walked.AddRange(page.GetProperty("acts").EnumerateArray());
            after = page.GetProperty("next").GetString() is { } next ? $"&after={next}" : "";
        } while (after.Length > 0);

        Assert.NotEmpty(walked);
        Assert.Equal(export.Select(WithoutPlace), walked.AsEnumerable().Reverse().Select(WithoutPlace));
    }

    // An act gets its place in the chain while this goes on.
    private static string WithoutPlace(JsonElement act) => string.Join('\n', act.EnumerateObject()
        .Where(member => member.Name != "seq").Select(member => $"{member.Name} {Read(member.Value)}"));

    // The two escape differently.
    private static string Read(JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? string.Join('\n', value.EnumerateArray().Select(Read)) : value.ToString();

    private static string KeyOf(JsonElement look) =>
        $"{look.GetProperty("email")} {look.GetProperty("endpoint")} {look.GetProperty("ofEverybody")}";

    private static long Times(IEnumerable<JsonElement> looks, string who, string endpoint, bool ofEverybody) => looks
        .Where(look => KeyOf(look) == $"{who} {endpoint} {ofEverybody}")
        .Sum(look => look.GetProperty("times").GetInt64());

    private static async Task<List<JsonElement>> SeenAsync(HttpClient who) =>
        [.. (await GetAsync(who, Looks)).GetProperty("looks").EnumerateArray()];

    private static async Task<List<string?>> HoldersAsync(HttpClient who, string role) =>
    [
        .. (await GetAsync(who, Looks)).GetProperty("maySee").EnumerateArray()
            .Single(one => one.GetProperty("role").GetString() == role).GetProperty("holders").EnumerateArray()
            .Select(holder => holder.GetProperty("email").GetString()),
    ];

    private static async Task<JsonElement> GetAsync(HttpClient who, string path)
    {
        using var answer = await who.GetAsync(new Uri($"/api/v1/{path}", UriKind.Relative), Ct);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {await answer.Content.ReadAsStringAsync(Ct)}");
        return await RunningApp.JsonAsync(answer);
    }

    private async Task FlushAsync() => await running.App.Services.GetRequiredService<ActLog>().FlushAsync(Ct);

    private async Task<HttpClient> SignUpAsync(string email, string role)
    {
        var person = await running.App.Services.GetRequiredService<PeopleDirectory>().FindAsync(email, Ct);
        var id = await running.App.Services.GetRequiredService<AccountDirectory>().CreateAsync(
            email, email, [role], person?.Id.Value, RunningApp.Password, Ct);
        return running.Client(
            (await running.App.Services.GetRequiredService<ApiTokens>().CreateAsync(id!.Value, "looks", Ct)).Token);
    }
}
