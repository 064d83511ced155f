using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Guerdon.Approvals;
using Guerdon.Database.Payroll;
using Guerdon.People.Employees;

namespace Guerdon.Database.Grants;

/// <summary>Every decision of the product, by one table of rules: asking decides nothing, neither who asked nor whom
/// it pays decides, nothing but what was looked at is decided, and of two who decide at once one does. What waits is in
/// the inbox of whoever may decide it and of whoever asked.</summary>
public sealed class DecisionTests(Company company) : IClassFixture<Company>
{
    private const string Ann = "admin:ann", Bob = "admin:bob", Cy = "admin:cy";

    /// <summary>Something that waits to be decided.</summary>
    /// <param name="Path">Where it is decided.</param>
    /// <param name="Body">What the decider sends.</param>
    /// <param name="Asker">Who asked for it; null: nobody but a person who is no administrator.</param>
    /// <param name="Paid">The account of whom it benefits; null: nobody in particular.</param>
    /// <param name="IsOpen">Whether it waits still.</param>
    private sealed record Waiting(
        string Path, object Body, string? Asker, string? Paid, Func<Task<bool>> IsOpen)
    {
        /// <summary>What somebody sends who looked at something else; null: the id says it all.</summary>
        public object? Stale { get; init; }
    }

    private readonly Dictionary<string, Func<DecisionTests, Task<Waiting>>> _rows = new()
    {
        ["run"] = t => t.RunAsync(), ["award"] = t => t.AwardAsync(), ["run reversal"] = t => t.RunReversalAsync(),
        ["vesting fact"] = t => t.FactAsync(), ["tier"] = t => t.TierAsync(), ["phase"] = t => t.PhaseAsync(),
        ["conversion"] = t => t.ConversionAsync(), ["conversion reversal"] = t => t.ConversionReversalAsync(),
        ["claim"] = t => t.ClaimAsync(), ["price proposal"] = t => t.ProposalAsync(),
    };

    public static TheoryData<string> Names() =>
    [
        "run", "award", "run reversal", "vesting fact", "tier", "phase", "conversion", "conversion reversal", "claim",
        "price proposal",
    ];

    private readonly string _own = Guid.NewGuid().ToString("N")[..8];

    [Theory, MemberData(nameof(Names))]
    public async Task Decision_EveryKind_IsMadeOnceByAnother(string name)
    {
        var one = await _rows[name](this);
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
        var one = await _rows[name](this);
        if (one.Paid is null) return; // it pays nobody in particular

        company.Admins.Known["later"] = Guid.ParseExact(one.Paid.Split('_')[^1], "N");
        var own = await company.PostAsync(one.Path, one.Body, "admin:later");
        Assert.Equal(HttpStatusCode.Forbidden, own.Status);
        Assert.True(await one.IsOpen(), "whom it pays decided it");
        Assert.NotEqual("decides", await SeesAsync(one, "admin:later"));
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
    private async Task SeenAsync(Waiting one, string forOthers, string forAsker)
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
        var one = await _rows[name](this);
        if (one.Asker is null) return; // nobody but the person asks
        Assert.Equal("asked", await SeesAsync(one, one.Asker));
        Assert.Equal("nothing", await SeesAsync(one, one.Asker.Replace("admin:", "former:", StringComparison.Ordinal)));
    }

    // What waits of others is not read for whoever does not run the programme, so that it takes no place from theirs.
    [Theory, MemberData(nameof(Names))]
    public async Task Inbox_OfWhoDoesNotRunTheProgramme_IsReadOfThemAlone(string name)
    {
        var one = await _rows[name](this);
        var people = new List<Guid> { Guid.CreateVersion7() };
        if (one.Paid is { } paid) people.Add(Guid.ParseExact(paid.Split('_')[^1], "N"));
        foreach (var person in people)
            foreach (var source in company.Get<IEnumerable<IPendingDecisions>>())
                foreach (var found in await source.ListAsync(new(new("x", person), Decides: false), 1, Company.Ct))
                    Assert.Equal([person], found.Asked.Beneficiaries);
        var caller = one.Paid?.Split(':')[^1] ?? $"prs_{people[0]:N}";
        Assert.Equal(one.Asker is null ? "asked" : "nothing", await SeesAsync(one, caller));
    }

    // All pages, a few lines each.
    private async Task<string> SeesAsync(Waiting one, string caller)
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
    private static void IsWhole(Waiting one, JsonElement item, bool isAdministrator)
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
        var one = await _rows[name](this);
        if (one.Asker is null) return; // nobody but the person asks

        var second = await company.PostAsync(one.Path, one.Body, $"admin:ann-too:prs_{ann:N}");
        Assert.True(await one.IsOpen(), "a second account of whoever asked decided it");
        if (name != "phase") Assert.Equal(HttpStatusCode.Forbidden, second.Status); // their vote stands, and waits
    }

    private string Plan(string more = "") => $$"""
        name: p{{_own}}
        effective_from: 2026-11-01
        pool: p{{_own}}
        eligible: { teams: [T{{_own}}] }
        allowance: { share: 12%, basis: base, mode: on-top, tax_class: work_compute, expires_after: P1Y{{more}} }
        """;

    private async Task<string> HireAsync(string level = "L5")
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        await company.ImportAsync(
            Company.Row(email, $"T{_own},Engineer,{level},US,C,2024-01-15,,100000,120000,USD,"));
        return (await company.Get<PeopleDirectory>().FindAsync(email, Company.Ct))!.Id.ToString();
    }

    private async Task ApplyAsync(string yaml)
    {
        var (status, body) = await company.PlanAsync(yaml);
        Assert.True(status == HttpStatusCode.OK, body.ToString());
    }

    private static string Text(JsonElement body, string property) => body.GetProperty(property).GetString()!;

    // Asks twice: as one administrator, and as another who must not approve by it.
    private async Task<JsonElement> AskAsync(string path, object body, string asker = Ann, string again = Bob)
    {
        var (status, first) = await company.PostAsync(path, body, asker);
        Assert.True(status == HttpStatusCode.OK, first.ToString());
        await company.PostAsync(path, body, again);
        return first;
    }

    private async Task<bool> StateIsAsync(string path, string state) =>
        Text((await company.GetAsync(path)).Body, "state") == state;

    private async Task<Waiting> RunOf(JsonElement prepared, string person)
    {
        var run = Text(prepared, "runId");
        var path = $"/api/v1/grants/runs/{run}";
        return new(
            path + "/approve", new { digest = await company.DigestAsync(run) }, Ann, $"admin:own:{person}",
            () => StateIsAsync(path, "awaiting"))
        {
            Stale = new { digest = new string('0', 64) },
        };
    }

    private async Task<Waiting> RunAsync()
    {
        var person = await HireAsync();
        await ApplyAsync(Plan());
        var asked = await AskAsync("/api/v1/grants/runs", new { plan = $"p{_own}", period = "2026-11" });
        return await RunOf(asked, person);
    }

    private async Task<Waiting> AwardAsync()
    {
        var person = await HireAsync();
        await ApplyAsync(Plan() + """

            awards:
              - { name: star, kind: performance, amount_usd: 500, expires_after: never, tax_class: convertible_cash }
            """);
        var awards = new[] { new { person, award = "star", reason = "Good" } };
        return await RunOf(
            await AskAsync("/api/v1/grants/awards", new { plan = $"p{_own}", period = "2026-11", awards }), person);
    }

    private async Task<Waiting> RunReversalAsync()
    {
        await HireAsync();
        await ApplyAsync(Plan());
        var (_, ran) = await company.RunAsync($"p{_own}", "2026-11");
        var path = $"/api/v1/grants/runs/{Text(ran, "runId")}";
        await AskAsync(path + "/reverse", new { reason = "Wrong" });
        return new(path + "/reverse/approve", new { }, Ann, null, () => StateIsAsync(path, "reversal-awaiting"));
    }

    private async Task<Waiting> FactAsync()
    {
        var person = await HireAsync();
        await ApplyAsync(Plan(", vesting: { months: 12 }"));
        var run = Text((await company.RunAsync($"p{_own}", "2026-11")).Body, "runId");
        var fact = await AskAsync(
            $"/api/v1/grants/runs/{run}/lines/1/vesting",
            new { kind = "acceleration", happenedOn = "2026-11-20", reason = "Agreed" });
        var id = Text(fact, "id");
        return new($"/api/v1/vesting/facts/{id}/approve", new { }, Ann, $"admin:own:{person}", async () =>
            (await company.GetAsync("/api/v1/vesting/facts?waiting=true")).Body.GetProperty("facts").EnumerateArray()
                .Count(f => Text(f, "run") == run) == 1); // asked for twice, kept once
    }

    private async Task<Waiting> TierAsync()
    {
        var person = await HireAsync();
        await ApplyAsync(Plan() + "\ntiers: [{ name: expert, adds: 50%, needs: A use case }]\n");
        var asked = new { plan = $"p{_own}", tier = "expert", useCase = "Bots", impact = "Fewer bugs" };
        var id = Text(await AskAsync("/api/v1/tiers/requests", asked, person, person), "id");
        return new(
            $"/api/v1/tiers/requests/{id}/approve", new { reason = "Good" }, null, $"admin:own:{person}", async () =>
            (await company.GetAsync("/api/v1/tiers/requests?all=true&waiting=true")).Body.GetProperty("requests")
                .EnumerateArray().Any(r => Text(r, "id") == id));
    }

    private async Task<Waiting> PhaseAsync()
    {
        var person = await HireAsync("L3");
        await ApplyAsync(Plan() + """

            phases:
              - { name: pilot, eligible: { levels: [L5] } }
              - { name: all, votes: 1 }
            """);
        var path = $"/api/v1/plans/p{_own}/phases";
        await AskAsync($"{path}/all", new { report = "Well.", beginsOn = "2026-12-01" });
        var digest = await company.PhaseDigestAsync($"p{_own}", "all");
        return new(
            $"{path}/all/votes", new { inFavour = true, reason = "Read", digest }, Ann, $"admin:own:{person}",
            async () => (await company.GetAsync(path)).Body.GetProperty("phases").EnumerateArray()
                .Any(p => Text(p, "name") == "all" && Text(p, "state") == "proposed"))
        {
            Stale = new { inFavour = true, reason = "Read", digest = new string('0', 64) },
        };
    }

    private async Task<(string Path, string Person)> ConvertAsync()
    {
        var scene = await PayScene.OpenAsync(company);
        var person = await scene.HireAsync(1_000);
        var asked = await AskAsync(
            $"/api/v1/people/{person}/conversions", new { key = "k", form = "cash", tokensMilli = 100_000 });
        return ($"/api/v1/conversions/{Text(asked.GetProperty("conversion"), "id")}", $"{person}");
    }

    private async Task<bool> ConversionIsAsync(string path, string state) =>
        Text((await company.GetAsync(path)).Body.GetProperty("conversion"), "state") == state;

    private async Task<Waiting> ConversionAsync()
    {
        var (path, person) = await ConvertAsync();
        return new(
            path + "/approve", new { }, Ann, $"admin:own:{person}", () => ConversionIsAsync(path, "locked"));
    }

    private async Task<Waiting> ConversionReversalAsync()
    {
        var (path, person) = await ConvertAsync();
        await company.PostAsync(path + "/approve", new { }, Bob);
        await AskAsync(path + "/reversal", new { reason = "Wrong" });
        return new(
            path + "/reversal/approve", new { step = await PayScene.StepAsync(company, path) }, Ann,
            $"admin:own:{person}", () => ConversionIsAsync(path, "reversal_asked"))
        {
            Stale = new { step = 99 },
        };
    }

    private async Task<Waiting> ClaimAsync()
    {
        var scene = await PayScene.OpenAsync(company);
        var hired = await scene.HireAsync(1_000);
        var person = $"{hired}";
        var (_, filed) = await scene.ClaimAsync(hired, Encoding.ASCII.GetBytes($"%PDF-1.4\n% {_own}\n%%EOF\n"));
        var id = Text(filed.GetProperty("claim"), "id");
        return new($"/api/v1/claims/{id}/approve", new { }, null, $"admin:own:{person}", async () =>
            (await company.GetAsync("/api/v1/claims?open=true")).Body.GetProperty("claims").EnumerateArray()
                .Any(c => Text(c, "id") == id));
    }

    private async Task<Waiting> ProposalAsync()
    {
        var text = string.Create(
            CultureInfo.InvariantCulture, $"model,provider,input,output,context_tokens\nm-{_own},openai,1,2,1000\n");
        var id = "";
        foreach (var caller in (string[])[Ann, Bob])
        {
            var (_, body) = await company.SendAsync(
                HttpMethod.Post, "/api/v1/prices/proposals?format=csv", new StringContent(text), caller);
            id = Text(body.GetProperty("proposal"), "id");
        }

        var path = $"/api/v1/prices/proposals/{id}";
        return new(path + "/approve", new { }, Ann, null, async () =>
            (await company.GetAsync(path)).Body.GetProperty("proposal").GetProperty("decision").ValueKind
                == JsonValueKind.Null);
    }
}
