using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Guerdon.Database.Payroll;
using Guerdon.People.Employees;

namespace Guerdon.Database.Grants;

/// <summary>Something of each kind that waits to be decided, asked for twice.</summary>
internal sealed class DecisionScene(Company company)
{
    /// <summary>Who asks, where it is not a person for themselves, and two who may decide.</summary>
    public const string Ann = "admin:ann", Bob = "admin:bob", Cy = "admin:cy";

    /// <summary>Something that waits to be decided.</summary>
    /// <param name="Path">Where it is decided.</param>
    /// <param name="Body">What the decider sends.</param>
    /// <param name="Asker">Who asked for it; null: nobody but a person who is no administrator.</param>
    /// <param name="Paid">The account of whom it benefits; null: nobody in particular.</param>
    /// <param name="IsOpen">Whether it waits still.</param>
    internal sealed record Waiting(
        string Path, object Body, string? Asker, string? Paid, Func<Task<bool>> IsOpen)
    {
        /// <summary>What somebody sends who looked at something else; null: the id says it all.</summary>
        public object? Stale { get; init; }
    }

    private readonly Dictionary<string, Func<DecisionScene, Task<Waiting>>> _rows = new()
    {
        ["run"] = t => t.RunAsync(), ["award"] = t => t.AwardAsync(), ["run reversal"] = t => t.RunReversalAsync(),
        ["vesting fact"] = t => t.FactAsync(), ["tier"] = t => t.TierAsync(), ["phase"] = t => t.PhaseAsync(),
        ["conversion"] = t => t.ConversionAsync(), ["conversion reversal"] = t => t.ConversionReversalAsync(),
        ["claim"] = t => t.ClaimAsync(), ["price proposal"] = t => t.ProposalAsync(),
        ["departure"] = t => t.DepartureAsync(),
    };

    private readonly string _own = Guid.NewGuid().ToString("N")[..8];

    /// <summary>Every kind, by the name of a row.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "run", "award", "run reversal", "vesting fact", "tier", "phase", "conversion", "conversion reversal", "claim",
        "price proposal", "departure",
    ];

    public static TheoryData<string> Names() => [.. All];

    /// <summary>Lets something of this kind be asked for.</summary>
    public Task<Waiting> OpenAsync(string name) => _rows[name](this);

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

    internal static string Text(JsonElement body, string property) => body.GetProperty(property).GetString()!;

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

    private async Task<Waiting> DepartureAsync()
    {
        var person = await HireAsync();
        // As ann's account; not by the directory, whose bound of an hour would hold the fourth.
        var account = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(Ann)).AsSpan(0, 16));
        for (var i = 0; i < 2; i++) // again, it is the same
            await company.ExecuteAsync($"""
                insert into people.departure (
                    departure_id, person_id, last_day, reason, asked_by, asked_by_account, asked_at, was_held, falls_at)
                values (gen_random_uuid(), '{Guid.ParseExact(person["prs_".Length..], "N")}', '2026-11-21', 'Asked',
                        'ann', '{account}', '2026-11-21 10:00Z', false, '2026-11-28 10:00Z')
                on conflict (person_id) where outcome is null do nothing
                """);

        var waiting = (await company.GetAsync("/api/v1/departures?waiting=true&limit=100")).Body
            .GetProperty("departures").EnumerateArray().Single(d => Text(d, "person") == person);
        var departure = Text(waiting, "id");
        return new(
            $"/api/v1/departures/{departure}/approve", new { }, Ann, $"admin:own:{person}", async () =>
            (await company.GetAsync("/api/v1/departures?waiting=true&limit=100")).Body.GetProperty("departures")
                .EnumerateArray().Any(d => Text(d, "id") == departure));
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
