using System.Globalization;
using System.Net;
using System.Text.Json;
using Guerdon.People.Employees;

namespace Guerdon.Database.Grants;

/// <summary>Tiers by reviewed evidence, and phases by vote: from the request to what a run grants.</summary>
public sealed class TierAndPhaseTests : IAsyncLifetime
{
    private readonly Company _company = new();

    private const string Plan = """
        name: plan
        effective_from: 2026-11-01
        pool: pool
        allowance: { share: 12%, basis: base, mode: on-top, expires_after: P3M, tax_class: work_compute }
        tiers: [{ name: expert, adds: 50%, needs: A use case }]
        phases:
          - { name: pilot, eligible: { levels: [L5] } }
          - { name: developers, votes: 2 }
          - { name: all, votes: 1 }
        """;

    public async ValueTask InitializeAsync()
    {
        await _company.InitializeAsync();
        await _company.ImportAsync(Company.Row("ada@example.com")
            + Company.Row("bo@example.com", "Eng,Engineer,L3,US,C,2024-01-15,,50000,50000,USD,"));
        await _company.PlanAsync(Plan);
    }

    public ValueTask DisposeAsync() => _company.DisposeAsync();

    private async Task<string> PersonAsync(string email) =>
        (await _company.Get<PeopleDirectory>().FindAsync(email, Company.Ct))!.Id.ToString();

    private Task<(HttpStatusCode, JsonElement)> AskAsync(string caller, string tier = "expert",
        string useCase = "Bots") =>
        _company.PostAsync("/api/v1/tiers/requests", new { plan = "plan", tier, useCase, impact = "Fewer bugs" },
            caller);

    private static string? Title((HttpStatusCode Status, JsonElement Body) reply) =>
        reply.Body.GetProperty("title").GetString();

    [Fact]
    public async Task Tier_AskedForAndApprovedByAnother_CountsFromAMonthOn()
    {
        var ada = await PersonAsync("ada@example.com");
        var (status, request) = await AskAsync(ada);
        Assert.Equal(HttpStatusCode.OK, status);
        var path = $"/api/v1/tiers/requests/{request.GetProperty("id").GetString()}";
        Assert.Equal("compensation.tier_asked", Title(await AskAsync(ada)));
        Assert.Equal("compensation.tier_invalid", Title(await AskAsync(ada, tier: "moon")));
        Assert.Equal("compensation.tier_invalid", Title(await AskAsync(ada, useCase: " ")));

        // Another account of hers, which is an administrator's.
        Assert.Equal("compensation.own_approval",
            Title(await _company.PostAsync(path + "/approve", new { reason = "me" }, $"admin:boss:{ada}")));
        Assert.Equal("compensation.first_day_invalid",
            Title(await _company.PostAsync(
                path + "/approve", new { reason = "ok", from = "2026-10-01" }, "admin:bob")));
        var (_, approved) = await _company.PostAsync(path + "/approve", new { reason = "ok" }, "admin:bob");
        Assert.Equal("2026-12-01", approved.GetProperty("fromOn").GetString());
        Assert.Equal("compensation.tier_decided",
            Title(await _company.PostAsync(path + "/decline", new { reason = "no" }, "admin:bob")));

        Assert.Equal(1, (await _company.RunAsync("plan", "2026-11")).Body.GetProperty("granted").GetInt32());
        _company.Clock.Now = DateTimeOffset.Parse("2026-12-02T10:00:00Z", CultureInfo.InvariantCulture);
        Assert.Equal(2, (await _company.RunAsync("plan", "2026-12")).Body.GetProperty("granted").GetInt32());
        Assert.Empty(await _company.VerifyAsync());
    }

    [Fact]
    public async Task Tier_List_ShowsOnesOwnOrAllToAdministrators()
    {
        await AskAsync(await PersonAsync("ada@example.com"));
        var bo = await PersonAsync("bo@example.com");
        async Task<int> CountAsync(string query, string caller) => (await _company.GetAsync(
            "/api/v1/tiers/requests" + query, caller)).Body.GetProperty("requests").GetArrayLength();

        Assert.Equal((0, 0, 1), (await CountAsync("", bo), await CountAsync("?all=true", bo),
            await CountAsync("?all=true&waiting=true", "admin:bob")));
        Assert.Equal(HttpStatusCode.Forbidden,
            (await _company.PostAsync("/api/v1/tiers/requests/trq_1/approve", new { reason = "x" }, bo)).Status);
        Assert.Equal("compensation.tier_not_found",
            Title(await _company.PostAsync("/api/v1/tiers/requests/trq_1/approve", new { reason = "x" }, "admin:bob")));
    }

    [Fact]
    public async Task Phase_WithItsVotes_OpensInOrderAndReachesMorePeople()
    {
        const string phases = "/api/v1/plans/plan/phases/";
        var proposal = new { report = "It went well.", beginsOn = "2026-12-01" };
        Assert.Equal("compensation.phase_invalid", Title(await _company.PostAsync(phases + "all", proposal)));
        Assert.Equal("compensation.phase_open", Title(await _company.PostAsync(phases + "pilot", proposal)));
        Assert.Equal("compensation.phase_not_found", Title(await _company.PostAsync(phases + "moon", proposal)));
        Assert.Equal("compensation.phase_invalid", Title(await VoteAsync("ann", true))); // nobody proposed it
        Assert.Equal(HttpStatusCode.OK, (await _company.PostAsync(phases + "developers", proposal)).Status);

        Assert.Equal("proposed", State(await VoteAsync("ann", true)));
        Assert.Equal("proposed", State(await VoteAsync("ann", true))); // her vote counts once
        Assert.Equal("proposed", State(await VoteAsync("bob", false)));
        Assert.Equal("open", State(await VoteAsync("bob", true))); // changed
        Assert.Equal("compensation.phase_open", Title(await VoteAsync("cy", false)));

        Assert.Equal(1, (await _company.RunAsync("plan", "2026-11")).Body.GetProperty("granted").GetInt32());
        Assert.Equal(2, (await _company.RunAsync("plan", "2026-12")).Body.GetProperty("granted").GetInt32());
        Assert.Equal(["open", "open", "ahead"], (await _company.GetAsync("/api/v1/plans/plan/phases")).Body
            .GetProperty("phases").EnumerateArray().Select(p => p.GetProperty("state").GetString()));
        Assert.Empty(await _company.VerifyAsync());

        async Task<(HttpStatusCode, JsonElement)> VoteAsync(string who, bool inFavour) => await _company.PostAsync(
            phases + "developers/votes", new
            {
                inFavour, reason = "I read it.", digest = await _company.PhaseDigestAsync("plan", "developers"),
            }, "admin:" + who);
        static string? State((HttpStatusCode, JsonElement Body) reply) => reply.Body.GetProperty("state").GetString();
    }

    [Fact]
    public async Task Vote_OnWhatChangedSinceItWasRead_IsRefusedAndOpensNothing()
    {
        const string phase = "/api/v1/plans/plan/phases/developers";
        await ProposeAsync("It went well.", "2026-12-01");
        var read = await _company.PhaseDigestAsync("plan", "developers");
        Assert.Equal(64, read!.Length);
        Assert.Equal("compensation.phase_digest_needed", Title(await VoteAsync("bob", null)));
        Assert.Equal((HttpStatusCode.OK, read), await VotedAsync("bob", read.ToUpperInvariant()));

        await ProposeAsync("It went well.", "2027-01-01"); // another day
        await AssertStaleAsync(read);
        read = await _company.PhaseDigestAsync("plan", "developers");
        await ProposeAsync("It went badly.", "2027-01-01"); // another report
        await AssertStaleAsync(read);
        read = await _company.PhaseDigestAsync("plan", "developers");
        Assert.Equal((HttpStatusCode.OK, read), await VotedAsync("bob", read!));

        _company.Clock.Now = _company.Clock.Now.AddMinutes(1); // another plan: the vote on the first counts no longer
        await _company.PlanAsync(Plan.Replace("share: 12%", "share: 15%", StringComparison.Ordinal));
        await AssertStaleAsync(read);
        Assert.Equal((0, 0), (await CastAsync(), await InViewAsync()));
        read = await _company.PhaseDigestAsync("plan", "developers");
        Assert.Equal((HttpStatusCode.OK, read), await VotedAsync("cy", read!));
        Assert.Equal((1, 1), (await CastAsync(), await InViewAsync()));
        var (_, opened) = await VoteAsync("bob", read);
        Assert.Equal(("open", JsonValueKind.Null, 2), (opened.GetProperty("state").GetString(),
            opened.GetProperty("digest").ValueKind, opened.GetProperty("cast").GetArrayLength()));
        Assert.Empty(await _company.VerifyAsync());

        async Task ProposeAsync(string report, string beginsOn) => Assert.Equal(
            HttpStatusCode.OK, (await _company.PostAsync(phase, new { report, beginsOn }, "admin:ann")).Status);
        Task<(HttpStatusCode Status, JsonElement Body)> VoteAsync(string who, string? digest) => _company.PostAsync(
            phase + "/votes", new { inFavour = true, reason = "I read it.", digest }, "admin:" + who);
        async Task<(HttpStatusCode, string?)> VotedAsync(string who, string digest)
        {
            var (status, body) = await VoteAsync(who, digest);
            return (status, body.GetProperty("digest").GetString());
        }

        async Task AssertStaleAsync(string? digest)
        {
            foreach (var who in new[] { "bob", "cy" })
                Assert.Equal("compensation.phase_digest_differs", Title(await VoteAsync(who, digest)));
        }

        Task<long> InViewAsync() => _company.ScalarAsync( // what the administrators' home counts
            "select votes_for from compensation.v_phase where plan = 'plan' and phase = 'developers'");
        async Task<int> CastAsync() => (await _company.GetAsync("/api/v1/plans/plan/phases")).Body.GetProperty("phases")
            .EnumerateArray().ElementAt(1).GetProperty("cast").GetArrayLength();
    }

    [Fact]
    public async Task Awards_FromAFile_AreAllPreparedOrNone()
    {
        await _company.PlanAsync(Plan + """

            awards: [{ name: star, kind: performance, up_to_usd: 500, expires_after: never,
                tax_class: convertible_cash }]
            """);
        const string path = "/api/v1/grants/awards/import?plan=plan&period=2026-11";
        Task<(HttpStatusCode, JsonElement)> SendAsync(string rows) => _company.SendAsync(
            HttpMethod.Post, path, new StringContent("person,award,amount_usd,reason\n" + rows));

        var wrong = await SendAsync(
            "ada@example.com,star,501,Good\nnobody@example.com,star,1,Good\nbo@example.com,moon,x,Good\n");
        Assert.Equal("compensation.award_invalid", Title(wrong));
        Assert.Equal([2, 3, 4, 4], wrong.Item2.GetProperty("errors").EnumerateArray().Select(e =>
            e.GetProperty("line").GetInt32()));
        Assert.Equal(0, await _company.ScalarAsync("select count(*) from compensation.grant_run"));

        var (status,
            done) = await SendAsync("ada@example.com,star,250.50,\"Good, very\"\nbo@example.com,star,1,Good\n");
        Assert.Equal((HttpStatusCode.OK, 2), (status, done.GetProperty("granted").GetInt32()));
        var (_, list) = await _company.GetAsync("/api/v1/grants/runs?plan=plan&limit=1");
        Assert.Equal("awards",
            Assert.Single(list.GetProperty("runs").EnumerateArray()).GetProperty("kind").GetString());
        Assert.Equal(0,
            (await _company.GetAsync("/api/v1/grants/runs?period=2026-10")).Body.GetProperty("runs").GetArrayLength());
        Assert.Equal("compensation.run_not_found", Title(await _company.GetAsync("/api/v1/grants/runs?after=x")));
    }
}
