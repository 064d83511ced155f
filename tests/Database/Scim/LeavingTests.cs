using System.Text;
using System.Text.Json;
using Guerdon.Database.Gateway;
using Guerdon.Database.Host;
using Guerdon.Database.Payroll;
using Guerdon.Metering.Audit;
using Guerdon.Storage;

namespace Guerdon.Database.Scim;

/// <summary>Whoever the directory lets go has no access within two seconds, and loses nothing by it alone.</summary>
public sealed class LeavingTests
{
    private const string Lea = "lea@example.com", Admin = RealApp.Admin, Other = RealApp.Other;

    private const string Plan = """
        name: vests
        effective_from: 2026-11-01
        pool: ops
        allowance: { share: 12%, basis: base, mode: on-top, expires_after: P1Y, tax_class: work_compute,
          vesting: { months: 4 } }
        eligible: { teams: [Ops] }
        """;

    private const string Offer = """
        offer: next
        employer: Analytical Engines
        candidate: Ada Lovelace
        role: Engineer
        country: DE
        location: Berlin
        currency: EUR
        start: 2199-02-01
        valid_until: 2199-12-31
        base_pay: 100000
        tokens: { share: 25%, basis: base, mode: carve-out, expires_after: P3M, usability: 70% }
        """;

    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(2);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Leaver_WithEverythingUnderWay_LosesAccessAndNothingElse()
    {
        await using var scene = await LeavingScene.OpenAsync();
        await scene.ImportAsync((Lea, null), ("stays@example.com", null));
        var person = await scene.PersonAsync(Lea);
        await GrantAsync(scene);
        await scene.FundAsync(person, 100_000);
        var access = await scene.AccessAsync(Lea);
        await FileClaimAsync(scene);
        await scene.SendAsync(
            Admin, HttpMethod.Post, "/api/v1/offers", new StringContent(Offer, Encoding.UTF8, "text/yaml"));
        var user = await scene.UserAsync("Lea@Example.com");
        Assert.Equal("token session sign-in key", await scene.OpensAsync(access));
        using var stream = await scene.CallAsync(access.Key, "[tokens=100; chunk-delay=100]", stream: true);
        using var answer = new StreamReader(await stream.Content.ReadAsStreamAsync(Ct));
        Assert.StartsWith("data:", await answer.ReadLineAsync(Ct), StringComparison.Ordinal);
        using var pageRequest = LeavingScene.Request(HttpMethod.Get, $"/live/wallets/wal_{person:N}", null);
        pageRequest.Headers.Add("Cookie", access.Session);
        using var page = await scene.Http.SendAsync(pageRequest, HttpCompletionOption.ResponseHeadersRead, Ct);
        using var live = new StreamReader(await page.Content.ReadAsStreamAsync(Ct));
        Assert.NotNull(await live.ReadLineAsync(Ct));
        var before = await scene.TokensAsync(person);
        Assert.True(before.Unvested > 0);

        var begun = TimeProvider.System.GetTimestamp();
        await scene.ActivateAsync(user, false);
        var (cut, closed) = (ToEndAsync(answer), ToEndAsync(live));
        await LeavingScene.EventuallyAsync(AtOnce, async () => await scene.OpensAsync(access) == "");
        Assert.False(await cut, "the stream told its end"); // it broke off
        await closed;
        var took = TimeProvider.System.GetElapsedTime(begun);
        TestContext.Current.SendDiagnosticMessage($"No access after {took}.");
        Assert.True(took < AtOnce + GatewayServer.Busy, $"{took}");

        // The call was read on for its usage, and is charged what it used.
        await LeavingScene.EventuallyAsync(TimeSpan.FromSeconds(30), async () => await CutCallAsync(scene, person) > 0);
        await scene.Get<Guerdon.Metering.Settlement.Settlements>().OfWalletsAsync([new(person)], null, Ct);
        var after = await scene.TokensAsync(person);
        Assert.Equal((before.Unvested, before.Whole), (after.Unvested, after.Whole));
        Assert.True(after.Spent > before.Spent);

        // Every figure is explained, to somebody who may decide it; what waited waits still.
        var departure = await WaitingAsync(scene);
        var effect = departure.GetProperty("effect");
        Assert.Equal(after.Unvested, effect.GetProperty("forfeitsMilli").GetInt64());
        var lines = effect.GetProperty("lines").EnumerateArray().ToArray();
        Assert.Equal(after.Unvested, lines.Where(l => l.GetProperty("what").GetString() == "forfeits")
            .Sum(l => l.GetProperty("amountMilli").GetInt64()));
        Assert.All(lines, l => Assert.NotEqual("", l.GetProperty("why").GetString()));
        Assert.Equal(("2026-11-30", "the directory"),
            (departure.GetProperty("lastDay").GetString(), departure.GetProperty("askedBy").GetString()));
        var inbox = await scene.GetAsync(Other, "/api/v1/approvals");
        string[] kinds =
            [.. inbox.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("kind").GetString()!)];
        Assert.Contains("departure", kinds);
        Assert.Contains("claim", kinds);
        await scene.GetAsync(Other, "/api/v1/offers/next");
        await foreach (var finding in VerifyEverything.RunAsync(scene.App.Db, null, Ct))
            Assert.Fail(finding.ToString());
    }

    [Fact]
    public async Task Reactivation_BeforeItFalls_GivesAccessBackAndWithdrawsIt()
    {
        await using var scene = await LeavingScene.OpenAsync();
        await scene.ImportAsync((Lea, null));
        var person = await scene.PersonAsync(Lea);
        await GrantAsync(scene);
        await scene.FundAsync(person, 100_000);
        var user = await scene.UserAsync("someone", $$""","emails":[{"type":"work","value":"{{Lea}}"}]""");
        var access = await scene.AccessAsync(Lea);
        await scene.ActivateAsync(user, false);
        await LeavingScene.EventuallyAsync(AtOnce, async () => await scene.OpensAsync(access) == "");

        await scene.ActivateAsync(user, true);
        await LeavingScene.EventuallyAsync(
            AtOnce, async () => (await scene.OpensAsync(access)).EndsWith("sign-in key", StringComparison.Ordinal));
        Assert.Equal("withdrawn", await StateAsync(scene));
        var unvested = (await scene.TokensAsync(person)).Unvested;

        scene.Clock.Now += TimeSpan.FromSeconds(1);
        // Again, and now nobody decides: it falls after the grace, and not before.
        await scene.ScimAsync(HttpMethod.Delete, $"/Users/{user}", null, 204);
        await LeavingScene.EventuallyAsync(AtOnce, async () => await scene.OpensAsync(access) == "");
        scene.Clock.Now += TimeSpan.FromDays(6.9);
        await scene.RunJobAsync("FallenDepartures");
        await scene.RunJobAsync("VestGrants");
        Assert.Equal(unvested, (await scene.TokensAsync(person)).Unvested);
        scene.Clock.Now += TimeSpan.FromDays(0.2);
        var proposed = (await WaitingAsync(scene)).GetProperty("effect").GetProperty("forfeitsMilli").GetInt64();
        await scene.RunJobAsync("FallenDepartures");
        await scene.RunJobAsync("VestGrants");
        var left = await scene.TokensAsync(person);
        Assert.Equal((0, unvested), (left.Unvested, proposed));
        Assert.Equal("grace", await StateAsync(scene));
        Assert.Equal(new DateOnly(2026, 11, 30), (await scene.Get<Guerdon.People.Employees.PeopleDirectory>()
            .FindAsync(Lea, Ct))!.LeftOn);
    }

    // HR's date ends what the directory proposed, whatever the grace.
    [Fact]
    public async Task LastDay_OfHr_OvertakesWhatIsProposed()
    {
        await using var scene = await LeavingScene.OpenAsync();
        await scene.ImportAsync((Lea, null));
        var user = await scene.UserAsync(Lea);
        await scene.ActivateAsync(user, false);
        await scene.ImportAsync((Lea, new DateOnly(2026, 12, 15)));
        Assert.Empty((await scene.GetAsync(Other, "/api/v1/departures?waiting=true")).GetProperty("departures")
            .EnumerateArray());
        await scene.RunJobAsync("FallenDepartures");
        Assert.Equal("hr", await StateAsync(scene));
    }

    // A job that was late gives what vested by the day that the departure names, and no more, however often it runs.
    [Fact]
    public async Task Vesting_WhileADepartureWaits_EndsWithItsDay()
    {
        await using var scene = await LeavingScene.OpenAsync();
        await scene.ImportAsync((Lea, null));
        var person = await scene.PersonAsync(Lea);
        await GrantAsync(scene);
        var whole = (await scene.TokensAsync(person)).Unvested;
        scene.Clock.Now = new(2026, 12, 2, 10, 0, 0, TimeSpan.Zero);
        await scene.ActivateAsync(await scene.UserAsync(Lea), false);
        scene.Clock.Now = new(2027, 1, 20, 10, 0, 0, TimeSpan.Zero);
        for (var i = 0; i < 2; i++) await scene.RunJobAsync("VestGrants");
        var left = (await scene.TokensAsync(person)).Unvested;
        Assert.InRange(left, whole * 3 / 4 - 4, whole * 3 / 4 + 4);
        Assert.Equal(left, (await WaitingAsync(scene)).GetProperty("effect").GetProperty("forfeitsMilli").GetInt64());
    }

    // What is proposed is what is booked, also of a grant that vests and is clawed back.
    [Fact]
    public async Task Effect_OfVestingAndClawBack_IsWhatIsBooked()
    {
        await using var scene = await LeavingScene.OpenAsync();
        await scene.ImportAsync((Lea, null));
        var person = await scene.PersonAsync(Lea);
        await GrantAsync(scene, Plan.Replace(
            "vesting: { months: 4 }", "vesting: { months: 4 }, clawback: { within: P1Y, mode: full }",
            StringComparison.Ordinal));
        var before = (await scene.TokensAsync(person)).Whole;
        scene.Clock.Now = new(2026, 12, 2, 10, 0, 0, TimeSpan.Zero);
        await scene.ActivateAsync(await scene.UserAsync(Lea), false);
        var departure = await WaitingAsync(scene);
        var effect = departure.GetProperty("effect");
        var (forfeits, clawsBack) =
            (effect.GetProperty("forfeitsMilli").GetInt64(), effect.GetProperty("clawsBackMilli").GetInt64());
        Assert.True(forfeits > 0 && clawsBack > 0, $"{forfeits} {clawsBack}");
        await scene.PostAsync(Other, $"/api/v1/departures/{departure.GetProperty("id").GetString()}/approve", new { });
        scene.Clock.Now = new(2026, 12, 4, 10, 0, 0, TimeSpan.Zero);
        await scene.RunJobAsync("VestGrants");
        Assert.Equal(before - forfeits, (await scene.TokensAsync(person)).Whole);
        await scene.RunJobAsync("ClawBack");
        Assert.Equal(before - forfeits - clawsBack, (await scene.TokensAsync(person)).Whole);
    }

    // Nobody's call goes on because a node did not hear.
    [Fact]
    public async Task Call_WhoseNotificationIsLost_EndsAtTheNextLook()
    {
        await using var scene = await LeavingScene.OpenAsync();
        await scene.ImportAsync((Lea, null));
        var person = await scene.PersonAsync(Lea);
        await scene.FundAsync(person, 100_000);
        var access = await scene.AccessAsync(Lea);
        using var stream = await scene.CallAsync(access.Key, "[tokens=400; chunk-delay=100]", stream: true);
        using var answer = new StreamReader(await stream.Content.ReadAsStreamAsync(Ct));
        Assert.StartsWith("data:", await answer.ReadLineAsync(Ct), StringComparison.Ordinal);
        await scene.App.OwnerDb.ExecuteAsync("""
            do $$ begin
                alter table people.access_end disable trigger tell_access;
                insert into people.access_end (person_id, ended_at, ended_by)
                select person_id, now(), 'a test' from people.person;
                alter table people.access_end enable trigger tell_access;
            end $$
            """, [], Ct);
        Assert.False(await ToEndAsync(answer), "the stream told its end");
    }

    // The fourth of ten within an hour waits, and all after it, until somebody says that it is so.
    [Fact]
    public async Task Deactivations_OfTooManyWithinAnHour_AreHeld()
    {
        await using var scene = await LeavingScene.OpenAsync();
        string[] people = [.. Enumerable.Range(0, 10).Select(i => $"p{i}@example.com")];
        await scene.ImportAsync([.. people.Select(email => (email, (DateOnly?)null))]);
        var users = new List<string>();
        foreach (var email in people) users.Add(await scene.UserAsync(email));
        var access = new List<LeavingScene.Access>();
        foreach (var email in people.Take(6)) access.Add(await scene.AccessAsync(email));

        foreach (var user in users.Take(5)) await scene.ActivateAsync(user, false); // each is answered 200
        for (var i = 0; i < 6; i++) Assert.Equal(i > 2, await scene.HasTokenAsync(access[i]));
        scene.Clock.Now += TimeSpan.FromHours(2);
        await scene.ActivateAsync(users[5], false); // the fault goes on
        Assert.True(await scene.HasTokenAsync(access[5]));
        var held = (await scene.GetAsync(Other, "/api/v1/approvals")).GetProperty("items").EnumerateArray()
            .Single(i => i.GetProperty("kind").GetString() == "departures_held");
        Assert.StartsWith("3 people keep access", held.GetProperty("subject").GetString(), StringComparison.Ordinal);
        var seen = held.GetProperty("digest").GetString();

        await scene.ActivateAsync(users[3], true); // one of them was the directory's mistake
        foreach (var other in new[] { seen, null, "" }) // it is of three, and names nobody who is held since
            await scene.SendAsync(Other, HttpMethod.Post, "/api/v1/departures/held/confirm",
                System.Net.Http.Json.JsonContent.Create(new { digest = other }), 409);
        var digest = (await scene.GetAsync(Other, "/api/v1/departures?waiting=true")).GetProperty("held")
            .GetProperty("digest").GetString();
        await scene.SendAsync(Admin, HttpMethod.Post, "/api/v1/departures/held/confirm",
            System.Net.Http.Json.JsonContent.Create(new { digest }), 403); // the directory has this one's token
        await scene.PostAsync(Other, "/api/v1/departures/held/confirm", new { digest });
        for (var i = 0; i < 6; i++) Assert.Equal(i == 3, await scene.HasTokenAsync(access[i]));
        scene.Clock.Now += TimeSpan.FromHours(2);
        await scene.ActivateAsync(users[6], false); // nothing is held any more
        Assert.Equal(6, (await scene.GetAsync(Other, "/api/v1/departures?waiting=true")).GetProperty("departures")
            .GetArrayLength());
    }

    // The directory speaks for those whom it made, and who are people; nobody else's account is its.
    [Fact]
    public async Task User_WhoIsNoPerson_ChangesNobodysAccess()
    {
        await using var scene = await LeavingScene.OpenAsync();
        var user = await scene.UserAsync(Admin);
        await scene.ActivateAsync(user, false);
        await scene.GetAsync(Admin, "/api/v1/me");

        // HR's data comes later: from the next word of the directory on, the user is the person's.
        await scene.ImportAsync((Lea, null));
        var early = await scene.UserAsync("early@example.com");
        await scene.ImportAsync((Lea, null), ("early@example.com", null));
        var access = await scene.AccessAsync("early@example.com");
        await scene.ActivateAsync(early, false);
        Assert.False(await scene.HasTokenAsync(access));

        // Of two users of one person the other is still active.
        var one = await scene.UserAsync(Lea);
        var two = await scene.UserAsync("lea.two", $$""","emails":[{"value":"{{Lea}}"}]""");
        var leas = await scene.AccessAsync(Lea);
        await scene.ActivateAsync(one, false);
        Assert.True(await scene.HasTokenAsync(leas));
        await scene.ActivateAsync(two, false);
        Assert.False(await scene.HasTokenAsync(leas));
    }

    private static async Task GrantAsync(LeavingScene scene, string plan = Plan)
    {
        await scene.ApplyAsync("/api/v1/plans", plan);
        var run = await scene.PostAsync(Admin, "/api/v1/grants/runs", new { plan = "vests", period = "2026-11" });
        var id = run.GetProperty("runId").GetString();
        var digest = run.GetProperty("waiting")[0].GetProperty("digest").GetString();
        await scene.PostAsync(Other, $"/api/v1/grants/runs/{id}/approve", new { digest });
    }

    private static async Task FileClaimAsync(LeavingScene scene)
    {
        await scene.ApplyAsync("/api/v1/conversion-terms", PayScene.Terms);
        using var receipt = new ByteArrayContent("%PDF-1.7\nA receipt\n%%EOF\n"u8.ToArray());
        receipt.Headers.ContentType = new("application/pdf");
        using var form = new MultipartFormDataContent
        {
            { new StringContent("OpenAI"), "vendor" }, { new StringContent("ChatGPT Plus"), "service" },
            { new StringContent("2026-11-20"), "spentOn" }, { new StringContent("20.00"), "amount" },
            { new StringContent("USD"), "currency" }, { new StringContent("Work"), "purpose" },
            { receipt, "receipt", "receipt.pdf" },
        };
        await scene.SendAsync(Lea, HttpMethod.Post, "/api/v1/claims", form);
    }

    private static async Task<JsonElement> WaitingAsync(LeavingScene scene) => Assert.Single(
        (await scene.GetAsync(Other, "/api/v1/departures?waiting=true")).GetProperty("departures").EnumerateArray());

    private static async Task<string?> StateAsync(LeavingScene scene) =>
        (await scene.GetAsync(Other, "/api/v1/departures")).GetProperty("departures")[0].GetProperty("state")
        .GetString();

    // What the call that was cut off is charged, once it is booked; the provider said how much it used.
    private static async Task<long> CutCallAsync(LeavingScene scene, Guid person)
    {
        await scene.Get<Guerdon.Metering.Requests.RequestJournal>().DrainAsync();
        await using var command = scene.App.Db.CreateCommand("""
            select coalesce(max(charged_milli), 0) from metering.request
             where wallet_id = $1 and output = 100 and state <> 2
            """);
        command.Parameters.Add(new() { Value = person });
        return (long)(await command.ExecuteScalarAsync(Ct))!;
    }

    /// <returns>Whether it told its end before it ended.</returns>
    private static async Task<bool> ToEndAsync(StreamReader reader)
    {
        try
        {
            while (await reader.ReadLineAsync(Ct) is { } line)
                if (line == "data: [DONE]") return true;
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            // broken off
        }

        return false;
    }
}
