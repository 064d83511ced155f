using System.Net;
using System.Text.Json;
using Guerdon.Approvals;
using Guerdon.Kernel;

namespace Guerdon.Database.Grants;

/// <summary>Every decision of the product, by one table of rules: asking decides nothing, neither who asked nor whom
/// it pays decides, nothing but what was looked at is decided, and of two who decide at once one does. What waits is in
/// the inbox of whoever may decide it and of whoever asked.</summary>
public sealed class DecisionTests(Company company) : IClassFixture<Company>
{
    private const string Bob = DecisionScene.Bob, Cy = DecisionScene.Cy;

    private readonly DecisionScene _scene = new(company);

    private static string Text(JsonElement body, string property) => DecisionScene.Text(body, property);

    public static TheoryData<string> Names() => DecisionScene.Names();

    [Theory, MemberData(nameof(Names))]
    public async Task Decision_EveryKind_IsMadeOnceByAnother(string name)
    {
        var one = await _scene.OpenAsync(name);
        Assert.True(await one.IsOpen(), "asking, and asking again, decided it");
        await SeenAsync(one, forOthers: "decides", forAsker: "asked");

        foreach (var caller in new[] { one.Asker, one.Paid }.OfType<string>())
        {
            var own = await company.PostAsync(one.Path, one.Body, caller);
            Assert.True(await one.IsOpen(), $"{caller} decided it");
            if (name != "phase" || caller == one.Paid) // whoever proposed a phase votes too, and opens nothing by it
                Assert.Equal(HttpStatusCode.Forbidden, own.Status);
        }

        if (one.Stale is { } stale)
            Assert.EndsWith("_differs", Text((await company.PostAsync(one.Path, stale, Bob)).Body, "title"));
        Assert.True(await one.IsOpen(), "what was not looked at was decided");
        await SeenAsync(one, forOthers: "decides", forAsker: "asked");

        var both = await Task.WhenAll(
            company.PostAsync(one.Path, one.Body, Bob), company.PostAsync(one.Path, one.Body, Cy));
        Assert.Single(both, b => b.Status == HttpStatusCode.OK);
        var late = Assert.Single(both, b => b.Status == HttpStatusCode.Conflict);
        Assert.NotEqual("", late.Body.GetProperty("detail").GetString());
        Assert.False(await one.IsOpen());
        await SeenAsync(one, forOthers: "nothing", forAsker: "nothing");

        var (first, second) = both[0].Status == HttpStatusCode.OK ? (Bob, Cy) : (Cy, Bob);
        Assert.Equal(HttpStatusCode.OK, (await company.PostAsync(one.Path, one.Body, first)).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await company.PostAsync(one.Path, one.Body, second)).Status);
        Assert.Empty(await company.VerifyAsync());
    }

    // The account of whom it pays is known to be theirs only later: neither the session nor a record says so.
    [Theory, MemberData(nameof(Names))]
    public async Task Decision_ByAnAccountThatIsThePaidPersonsSince_IsNotMade(string name)
    {
        var one = await _scene.OpenAsync(name);
        if (one.Paid is null) return; // it pays nobody in particular

        company.Admins.Known["later"] = Guid.ParseExact(one.Paid.Split('_')[^1], "N");
        var own = await company.PostAsync(one.Path, one.Body, "admin:later");
        Assert.Equal(HttpStatusCode.Forbidden, own.Status);
        Assert.True(await one.IsOpen(), "whom it pays decided it");
        Assert.NotEqual("decides", await SeesAsync(one, "admin:later"));
    }

    // Whoever made the link by which an account got its password may be who has it: in both directions, also where
    // somebody else made both; nor is what came with the installation another.
    [Theory, MemberData(nameof(Names))]
    public async Task Decision_ByWhoeverMayHaveTheAskersAccount_IsNotMade_UntilSomebodyVouches(string name)
    {
        var one = await _scene.OpenAsync(name);
        // Of what people ask for themselves the record has the person.
        var asker = one.Asker is { } caller ? TestSignIn.AccountOf(caller)
            : Guid.ParseExact(one.Paid!.Split('_')[^1], "N");
        var (bob, third) = (TestSignIn.AccountOf(Bob), Guid.NewGuid());
        Dictionary<Guid, SignedInBy>[] all =
        [
            new() { [asker] = new([bob], false) }, new() { [bob] = new([asker], false) },
            new() { [asker] = new([third], false), [bob] = new([third], false) },
            new() { [asker] = new([], IsInstallers: true) }, new() { [bob] = new([], IsInstallers: true) },
        ];
        try
        {
            foreach (var signs in all)
            {
                company.Admins.Signs.Clear();
                foreach (var (account, by) in signs) company.Admins.Signs[account] = by;
                var (status, body) = await company.PostAsync(one.Path, one.Body, Bob);
                Assert.True(await one.IsOpen(), $"decided: {body}");
                if (name != "phase") Assert.Equal(HttpStatusCode.Forbidden, status); // a vote stands, and opens nothing
                Assert.NotEqual("decides", name == "phase" ? "" : await SeesAsync(one, Bob));
            }
        }
        finally
        {
            company.Admins.Signs.Clear(); // somebody vouched
        }

        var (done, answer) = await company.PostAsync(one.Path, one.Body, Bob);
        Assert.True(done == HttpStatusCode.OK, answer.ToString());
        Assert.False(await one.IsOpen());
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=1001")]
    [InlineData("after=run_1")]
    public async Task Inbox_APageThatIsNone_IsRefused(string query)
    {
        var (status, body) = await company.GetAsync($"/api/v1/approvals?{query}", Bob);
        Assert.Equal((HttpStatusCode.BadRequest, "approvals.page_invalid"), (status, Text(body, "title")));
    }

    // What the inbox shows of it to another, to whoever asked, and to whom it pays.
    private async Task SeenAsync(DecisionScene.Waiting one, string forOthers, string forAsker)
    {
        Assert.Equal(forOthers, await SeesAsync(one, Bob));
        Assert.Equal(forOthers, await SeesAsync(one, Cy));
        if (one.Asker is { } asker) Assert.Equal(forAsker, await SeesAsync(one, asker));
        // Of claims and tiers whom it pays is who asked.
        if (one.Paid is { } paid) Assert.Equal(one.Asker is null ? forAsker : "nothing", await SeesAsync(one, paid));
        // Of whoever does not run the programme nothing waits.
        var person = one.Paid?.Split(':')[^1] ?? $"prs_{Guid.CreateVersion7():N}";
        Assert.Equal(one.Asker is null ? forAsker : "nothing", await SeesAsync(one, person));
    }

    // The accounts of whoever asked have lost their role: of what pays others nothing is left to read.
    [Theory, MemberData(nameof(Names))]
    public async Task Inbox_OfAFormerAdministrator_HasNothingThatPaysOthers(string name)
    {
        var one = await _scene.OpenAsync(name);
        if (one.Asker is null) return; // nobody but the person asks
        Assert.Equal("asked", await SeesAsync(one, one.Asker));
        Assert.Equal("nothing", await SeesAsync(one, one.Asker.Replace("admin:", "former:", StringComparison.Ordinal)));
    }

    // What waits of others is not read for whoever does not run the programme, so that it takes no place from theirs.
    [Theory, MemberData(nameof(Names))]
    public async Task Inbox_OfWhoDoesNotRunTheProgramme_IsReadOfThemAlone(string name)
    {
        var one = await _scene.OpenAsync(name);
        var people = new List<Guid> { Guid.CreateVersion7() };
        if (one.Paid is { } paid) people.Add(Guid.ParseExact(paid.Split('_')[^1], "N"));
        foreach (var person in people)
            foreach (var source in company.Get<IEnumerable<IPendingDecisions>>())
                foreach (var found in await source.ListAsync(new(new("x", person), SeesAll: false), 1, Company.Ct))
                    Assert.Equal([person], found.Asked.Beneficiaries);
        var caller = one.Paid?.Split(':')[^1] ?? $"prs_{people[0]:N}";
        Assert.Equal(one.Asker is null ? "asked" : "nothing", await SeesAsync(one, caller));
    }

    // All pages, a few lines each.
    private async Task<string> SeesAsync(DecisionScene.Waiting one, string caller)
    {
        var (seen, after, pages) = (new List<string>(), "", 0);
        do
        {
            var (status, page) = await company.GetAsync($"/api/v1/approvals?limit=3{after}", caller);
            Assert.True(status == HttpStatusCode.OK, page.ToString());
            foreach (var item in page.GetProperty("items").EnumerateArray())
                if ($"{one.Path}/".Contains($"/{Text(item, "id").Replace("/", "/phases/", StringComparison.Ordinal)}/",
                    StringComparison.Ordinal))
                {
                    seen.Add(item.GetProperty("youMay").GetBoolean() ? "decides" : "asked");
                    OnlyReads(item);
                    IsWhole(one, item, isAdministrator: caller.StartsWith("admin:", StringComparison.Ordinal));
                }
            after = page.GetProperty("next").GetString() is { } next ? $"&after={Uri.EscapeDataString(next)}" : "";
        }
        while (after.Length > 0 && pages++ < 1_000);
        return seen.Count == 0 ? "nothing" : Assert.Single(seen); // each once
    }

    // The line has its kind's word, what an approval names besides the id, and a page that the reader may open.
    private static void IsWhole(DecisionScene.Waiting one, JsonElement item, bool isAdministrator)
    {
        var kind = one.Path.Split('/')[3] switch
        {
            "grants" => one.Path.Contains("/reverse/", StringComparison.Ordinal) ? "reversal" : "run",
            "conversions" => one.Path.Contains("/reversal/", StringComparison.Ordinal)
                ? "conversion_reversal" : "conversion",
            "vesting" => "vesting_fact",
            "tiers" => "tier",
            "plans" => "phase",
            "claims" => "claim",
            "departures" => "departure",
            var other => other,
        };
        Assert.Equal(kind, Text(item, "kind"));
        var named = JsonSerializer.SerializeToElement(one.Body).TryGetProperty("digest", out var digest)
            ? digest.GetString() : null;
        Assert.Equal(isAdministrator ? named : null, item.GetProperty("digest").GetString());
        Assert.Equal(isAdministrator, Text(item, "link").StartsWith("/admin/", StringComparison.Ordinal));
        Assert.Equal(isAdministrator, item.GetProperty("command").GetString() is not null);
    }

    // What somebody pastes to look at a thing does not decide it.
    internal static void OnlyReads(JsonElement item)
    {
        var command = item.GetProperty("command").GetString();
        if (command is null) return; // of whoever does not run the programme
        Assert.StartsWith("guerdon ", command, StringComparison.Ordinal);
        foreach (var deed in (string[])["approve", "decline", "apply", "reverse", "vote"])
            Assert.DoesNotContain(deed, command, StringComparison.Ordinal);
    }

    // The account that asked has become a person's since, who has another.
    [Theory, MemberData(nameof(Names))]
    public async Task Decision_ByAnotherAccountOfWhoeverAsked_IsNotMade(string name)
    {
        var ann = Guid.CreateVersion7();
        company.Admins.Known["ann"] = ann;
        var one = await _scene.OpenAsync(name);
        if (one.Asker is null) return; // nobody but the person asks

        var second = await company.PostAsync(one.Path, one.Body, $"admin:ann-too:prs_{ann:N}");
        Assert.True(await one.IsOpen(), "a second account of whoever asked decided it");
        if (name != "phase") Assert.Equal(HttpStatusCode.Forbidden, second.Status); // their vote stands, and waits
    }
}
