using System.Net;
using System.Text.Json;
using Dapper;
using Guerdon.Approvals;
using Guerdon.Grants.Runs;
using Guerdon.People.Employees;
using Microsoft.Extensions.Options;

namespace Guerdon.Database.Grants;

/// <summary>A run from preparing to posting: what an approval names, and whose lines wait for another.</summary>
public sealed class RunApprovalTests : IAsyncLifetime
{
    private const string Ann = "admin:ann", Bob = "admin:bob";
    private const long Month = 1_000_000_000_000; // milli-tokens: 12 % of 100,000 USD a year
    private readonly Company _company = new();

    public async ValueTask InitializeAsync()
    {
        await _company.InitializeAsync();
        var (status, body) = await _company.PlanAsync("""
            name: plan
            effective_from: 2026-11-01
            pool: pool
            allowance: { share: 12%, basis: base, mode: on-top, expires_after: P3M, tax_class: work_compute }
            awards:
              - { name: star, kind: performance, amount_usd: 500, expires_after: never, tax_class: convertible_cash }
            """);
        Assert.True(status == HttpStatusCode.OK, body.ToString());
    }

    public ValueTask DisposeAsync() => _company.DisposeAsync();

    private async Task<string> HireAsync(string email)
    {
        await _company.ImportAsync(Company.Row(email));
        return (await _company.Get<PeopleDirectory>().FindAsync(email, Company.Ct))!.Id.ToString();
    }

    private async Task<JsonElement> PrepareAsync(string caller)
    {
        var (status, body) = await _company.PrepareAsync("plan", "2026-11", caller: caller);
        Assert.True(status == HttpStatusCode.OK, body.ToString());
        return body;
    }

    private async Task<string> RunAsync(string caller) => Text(await PrepareAsync(caller), "runId");

    private Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string run, object body, string caller) =>
        _company.PostAsync($"/api/v1/grants/runs/{run}/approve", body, caller);

    private async Task<JsonElement> ReadAsync(string run, string? caller = null) =>
        (await _company.GetAsync($"/api/v1/grants/runs/{run}", caller)).Body;

    private Task<long> GrantedAsync(string person) => _company.ScalarAsync($"""
        select coalesce(sum(available_milli), 0)::bigint from ledger.v_balance
         where wallet_id = '{Guid.ParseExact(person.Split('_')[1], "N")}'
        """);

    private static string Text(JsonElement body, string property) => body.GetProperty(property).GetString()!;

    private static string Title((HttpStatusCode Status, JsonElement Body) reply) => Text(reply.Body, "title");

    private static string Detail((HttpStatusCode Status, JsonElement Body) reply) => Text(reply.Body, "detail");

    [Fact]
    public async Task Prepare_WhileTheMonthBeforeItIsReversed_MakesARunThatCanBePosted()
    {
        var ada = await HireAsync("ada@example.com");
        var first = await RunAsync(Ann);
        Assert.Equal(HttpStatusCode.OK, (await _company.ApproveAsync(first, Bob)).Status);
        await _company.PostAsync($"/api/v1/grants/runs/{first}/reverse", new { reason = "Wrong" }, Ann);

        // The preparation stops after it has counted what was reversed, and before it reads what people have.
        Task<(HttpStatusCode, JsonElement)> preparing, reversing;
        await using (var connection = await _company.Database.OwnerDb.OpenConnectionAsync(Company.Ct))
        await using (var transaction = await connection.BeginTransactionAsync(Company.Ct))
        {
            await connection.ExecuteAsync("lock table compensation.phase_step in access exclusive mode");
            preparing = _company.PrepareAsync("plan", "2026-11", caller: Ann);
            await Task.Delay(1_000, Company.Ct);
            reversing = _company.PostAsync($"/api/v1/grants/runs/{first}/reverse/approve", caller: Bob);
            await Task.WhenAny(reversing, Task.Delay(2_000, Company.Ct));
        }

        var (_, prepared) = await preparing;
        Assert.Equal(HttpStatusCode.OK, (await reversing).Item1);
        var next = Text(prepared, "state") == "nothing" ? await RunAsync(Ann) : Text(prepared, "runId");
        Assert.Equal(HttpStatusCode.OK, (await _company.ApproveAsync(next, Bob)).Status);
        Assert.Equal(("posted", Month), (Text(await ReadAsync(next), "state"), await GrantedAsync(ada)));
        Assert.Empty(await _company.VerifyAsync());
    }

    [Fact]
    public async Task Prepare_AgainByAnother_ApprovesNothingAndSaysWhatWaits()
    {
        var ada = await HireAsync("ada@example.com");
        var run = await RunAsync(Ann);

        foreach (var caller in (string[])[Bob, Ann, Bob])
        {
            var again = await PrepareAsync(caller);
            Assert.Equal((run, "awaiting", 0, 1), (Text(again, "runId"), Text(again, "state"),
                again.GetProperty("granted").GetInt32(), again.GetProperty("waiting").GetArrayLength()));
            var waiting = again.GetProperty("waiting")[0];
            Assert.Equal((run, await _company.DigestAsync(run), "ann", caller == Bob),
                (Text(waiting, "runId"), Text(waiting, "digest"), Text(waiting, "preparedBy"),
                    waiting.GetProperty("youMay").GetBoolean()));
            Assert.Equal(
                "someone with the finance role other than ann, who prepared it, "
                + "and nobody whom it pays (ada@example.com)",
                Text(waiting, "whoMay"));
        }

        Assert.Equal("awaiting", Text(await ReadAsync(run), "state"));
        Assert.Equal(0, await GrantedAsync(ada));
        Assert.Equal(1, await _company.ScalarAsync("select count(*) from compensation.grant_run"));
    }

    [Fact]
    public async Task Award_AskedForAgainByAnother_ApprovesNeitherItNorThePlansRun()
    {
        await HireAsync("ada@example.com");
        var month = await RunAsync(Ann);
        var awards = new[] { new { person = "ada@example.com", award = "star", reason = "Good" } };
        Task<(HttpStatusCode, JsonElement Body)> AskAsync(string caller) => _company.PostAsync(
            "/api/v1/grants/awards", new { plan = "plan", period = "2026-11", awards }, caller);

        var award = Text((await AskAsync(Ann)).Body, "runId");
        Assert.Equal(award, Text((await AskAsync(Bob)).Body, "runId"));
        Assert.Equal(("awaiting", "awaiting"),
            (Text(await ReadAsync(award), "state"), Text(await ReadAsync(month), "state")));
        Assert.Equal(0, await _company.ScalarAsync("select count(*) from ledger.lot"));
    }

    [Fact]
    public async Task Approve_AnotherDigestOrNone_IsRefusedWithTheOneItHas()
    {
        var ada = await HireAsync("ada@example.com");
        var run = await RunAsync(Ann);
        var digest = await _company.DigestAsync(run);

        var none = await PostAsync(run, new { }, Bob);
        Assert.Equal(
            (HttpStatusCode.UnprocessableEntity, "compensation.run_digest_needed"), (none.Status, Title(none)));
        var other = await PostAsync(run, new { digest = digest[..63] + (digest[63] == '0' ? '1' : '0') }, Bob);
        Assert.Equal((HttpStatusCode.Conflict, "compensation.run_digest_differs"), (other.Status, Title(other)));
        Assert.All([none, other], no => Assert.Contains(digest, Detail(no), StringComparison.Ordinal));
        Assert.Equal(0, await GrantedAsync(ada));
        var (_, done) = await PostAsync(run, new { digest = digest.ToUpperInvariant() }, Bob);
        Assert.Equal("posted", Text(done, "state"));
        Assert.Equal(Month, await GrantedAsync(ada));
    }

    [Theory]
    [InlineData("update compensation.grant_line set amount_milli = amount_milli * 10 where line = 2")]
    [InlineData("update compensation.grant_line set explanation = 'x' where line = 2")]
    [InlineData("update compensation.grant_line set evidence = sha256('x') where line = 2")]
    [InlineData("delete from compensation.grant_line where line = 2")]
    [InlineData("update compensation.grant_chunk set content = sha256('x')")]
    [InlineData("update compensation.grant_run set total_milli = total_milli + 1")]
    public async Task Approve_WhatWasChangedSince_PostsNothing(string tampering)
    {
        var (ada, bo) = (await HireAsync("ada@example.com"), await HireAsync("bo@example.com"));
        var run = await RunAsync(Ann);
        var digest = await _company.DigestAsync(run);
        await _company.TamperAsync(tampering);

        var refused = await PostAsync(run, new { digest }, Bob);
        Assert.Equal((HttpStatusCode.Conflict, "compensation.run_changed"), (refused.Status, Title(refused)));
        Assert.Equal("awaiting", Text(await ReadAsync(run), "state"));
        Assert.Equal((0, 0), (await GrantedAsync(ada), await GrantedAsync(bo)));
    }

    // The digest is made to fit, so that what is shown and named is another sum than what would be posted.
    [Theory]
    [InlineData("update compensation.grant_run set total_milli = 1")]
    [InlineData("update compensation.grant_run set total_usd_nanos = 1")]
    [InlineData("update compensation.grant_run set lines = 2")]
    [InlineData("update compensation.grant_chunk set total_milli = 1")]
    public async Task Approve_SumsThatAreNotThoseOfTheLines_PostsNothing(string tampering)
    {
        var ada = await HireAsync("ada@example.com");
        var run = await RunAsync(Ann);
        await _company.ExecuteAsync(
            $"{tampering}; update compensation.grant_run set content = compensation.run_digest(run_id)");

        Assert.Equal("compensation.run_changed", Title(await _company.ApproveAsync(run, Bob)));
        Assert.Equal(0, await GrantedAsync(ada));
    }

    [Fact]
    public async Task Post_WhatWasChangedAfterItsApproval_IsNotPosted()
    {
        var ada = await HireAsync("ada@example.com");
        var run = await RunAsync(Ann);
        // Approved, and cut off before anything was posted; then chunks and the run's own digest are made to fit.
        await _company.ExecuteAsync("""
            update compensation.grant_run
               set decision = 'approved', decided_by = 'bob', decided_at = now(), approved = content;
            update compensation.grant_chunk set total_milli = total_milli * 10;
            update compensation.grant_run set content = compensation.run_digest(run_id)
            """);

        Assert.Equal("compensation.run_changed", Title(await _company.PrepareAsync("plan", "2026-11", caller: Bob)));
        await _company.Get<RunWork>().RunAsync(Company.Ct);
        Assert.Equal(0, await GrantedAsync(ada));
        Assert.Equal("posting", Text(await ReadAsync(run), "state"));
    }

    [Fact]
    public async Task Approve_RunForMany_SetsTheApproversAndThePreparersOwnLinesAside()
    {
        var (ann, bob) = (await HireAsync("ann@example.com"), await HireAsync("bob@example.com"));
        var cy = await HireAsync("cy@example.com");
        var (asAnn, asBob) = ($"admin:ann@example.com:{ann}", $"admin:bob@example.com:{bob}");
        var run = await RunAsync(asAnn);
        var digest = await _company.DigestAsync(run);

        var (status, done) = await PostAsync(run, new { digest }, asBob);
        Assert.Equal((HttpStatusCode.OK, "posted", 1, Month), (status, Text(done, "state"),
            done.GetProperty("lines").GetInt32(), done.GetProperty("totalMilli").GetInt64()));
        Assert.Equal((0, 0, Month), (await GrantedAsync(ann), await GrantedAsync(bob), await GrantedAsync(cy)));
        Assert.NotEqual(digest, Text(done, "digest"));

        var aside = done.GetProperty("setAside").EnumerateArray().Select(r => r.GetString()!).ToList();
        Assert.Equal(2, aside.Count);
        foreach (var own in aside)
        {
            var small = await ReadAsync(own);
            Assert.Equal(("awaiting", 1, Month, run), (Text(small, "state"), small.GetProperty("lines").GetInt32(),
                small.GetProperty("totalMilli").GetInt64(), Text(small, "setAsideFrom")));
            var person = Text(
                (await _company.GetAsync($"/api/v1/grants/runs/{own}/lines")).Body.GetProperty("lines")[0],
                "person");
            var (owner, other) = person == ann ? (asAnn, asBob) : (asBob, asAnn);
            Assert.Equal((false, true), ((await ReadAsync(own, owner)).GetProperty("youMay").GetBoolean(),
                (await ReadAsync(own, other)).GetProperty("youMay").GetBoolean()));
            Assert.Equal("compensation.own_approval", Title(await _company.ApproveAsync(own, owner)));
            Assert.Equal("posted", Text((await _company.ApproveAsync(own, other)).Body, "state"));
        }

        Assert.Equal((Month, Month, Month), (await GrantedAsync(ann), await GrantedAsync(bob), await GrantedAsync(cy)));
        Assert.Equal("nothing", Text(await PrepareAsync(Ann), "state"));
        Assert.Equal("posted", Text((await PostAsync(run, new { digest }, asBob)).Body, "state")); // the same again
        Assert.Empty(await _company.VerifyAsync());
    }

    // Cut off before anything was posted; then sums and the run's own digest are made to fit.
    [Theory]
    [InlineData("update compensation.grant_chunk set total_milli = total_milli * 10 where run_id = '{0}'")]
    [InlineData("update compensation.grant_run set total_usd_nanos = 1 where run_id = '{0}'")]
    [InlineData("update compensation.grant_chunk set lines = 2 where run_id = '{1}'")] // what was set aside of it
    public async Task Post_WhatWasChangedAfterLinesWereSetAside_IsNotPosted(string tampering)
    {
        await HireAsync("cy@example.com");
        var asBob = $"admin:bob@example.com:{await HireAsync("bob@example.com")}";
        var run = await RunAsync(Ann);
        var (_, done) = await _company.ApproveAsync(run, asBob);
        var aside = done.GetProperty("setAside")[0].GetString()!;

        tampering = tampering.Replace("{0}", run[4..]).Replace("{1}", aside[4..]);
        await _company.ExecuteAsync($"""
            update compensation.grant_chunk set posted_at = null; {tampering};
            update compensation.grant_run set content = compensation.run_digest(run_id)
            """);
        Assert.Equal("compensation.run_changed", Title(await _company.ApproveAsync(run, asBob)));
        await _company.Get<RunWork>().RunAsync(Company.Ct);
        Assert.Equal("posting", Text(await ReadAsync(run), "state"));
        Assert.Contains(await _company.VerifyAsync(), f => f.Contains("it is not what was approved"));
    }

    [Fact]
    public async Task Approve_LargeRunWithOwnLine_KeepsEveryChunkWhole()
    {
        await _company.ImportAsync(
            string.Concat(Enumerable.Range(0, 1_100).Select(i => Company.Row($"p{i}@example.com"))));
        var bob = await HireAsync("p700@example.com");
        var run = await RunAsync(Ann);

        var (_, done) = await _company.ApproveAsync(run, $"admin:bob@example.com:{bob}");
        Assert.Equal(("posted", 1_099, 1_099), (Text(done, "state"), done.GetProperty("lines").GetInt32(),
            done.GetProperty("posted").GetInt32()));
        Assert.Equal(1_099 * Month, await _company.ScalarAsync("""
            select sum(available_milli)::bigint from ledger.v_balance b
              join people.person p on p.person_id = b.wallet_id
            """));
        Assert.Equal(0, await GrantedAsync(bob));
        var (_, own) = await _company.ApproveAsync(done.GetProperty("setAside")[0].GetString()!, Ann);
        Assert.Equal("posted", Text(own, "state"));
        Assert.Equal(Month, await GrantedAsync(bob));
        Assert.Empty(await _company.VerifyAsync());
    }

    [Fact]
    public async Task Award_SetAside_StaysAskedForByWhoeverChoseIt()
    {
        var bob = await HireAsync("bob@example.com");
        await HireAsync("cy@example.com");
        var asBob = $"admin:bob@example.com:{bob}";
        var awards = ((string[])["bob@example.com", "cy@example.com"])
            .Select(person => new { person, award = "star", reason = "Good" });
        var (_, asked) = await _company.PostAsync(
            "/api/v1/grants/awards", new { plan = "plan", period = "2026-11", awards }, Ann);

        var (_, done) = await _company.ApproveAsync(Text(asked, "runId"), asBob);
        var own = done.GetProperty("setAside")[0].GetString()!;
        foreach (var caller in (string[])[Ann, asBob])
            Assert.Equal("compensation.own_approval", Title(await _company.ApproveAsync(own, caller)));
        Assert.Equal("posted", Text((await _company.ApproveAsync(own, "admin:dee")).Body, "state"));
        Assert.Empty(await _company.VerifyAsync());
    }

    [Fact]
    public async Task Approve_TwoAccountsOfOnePerson_AreOne()
    {
        await HireAsync("ada@example.com");
        var boss = await HireAsync("boss@example.com");
        var run = await RunAsync($"admin:boss@example.com:{boss}");

        var refused = await _company.ApproveAsync(run, $"admin:other-name@example.com:{boss}");
        Assert.Equal((HttpStatusCode.Forbidden, "compensation.own_approval"), (refused.Status, Title(refused)));
        Assert.Equal("awaiting", Text(await ReadAsync(run), "state"));
    }

    // One of the two accounts has become its person's since: the record, or the caller, does not say so yet.
    [Theory]
    [InlineData("admin:boss@example.com", "admin:other-name@example.com:")]
    [InlineData("admin:other-name@example.com:", "admin:boss@example.com")]
    public async Task Approve_AnAccountThatBecameThePersons_IsTheirs(string one, string other)
    {
        await HireAsync("ada@example.com");
        var boss = await HireAsync("boss@example.com");
        (one, other) = (one.EndsWith(':') ? one + boss : one, other.EndsWith(':') ? other + boss : other);
        var run = await RunAsync(one);

        Assert.False((await ReadAsync(run, other)).GetProperty("youMay").GetBoolean());
        var refused = await _company.ApproveAsync(run, other);
        Assert.Equal((HttpStatusCode.Forbidden, "compensation.own_approval"), (refused.Status, Title(refused)));
        Assert.Equal("posted", Text((await _company.ApproveAsync(run, Bob)).Body, "state"));
    }

    [Fact]
    public async Task Approve_ByTheOnlyAdministrator_NeedsTheSettingAndTheirWord()
    {
        var (ada, boss) = (await HireAsync("ada@example.com"), await HireAsync("boss@example.com"));
        var asBoss = $"admin:boss@example.com:{boss}";
        _company.Admins.Count = 1;
        var run = await RunAsync(asBoss);

        var off = await _company.ApproveAsync(run, asBoss, alone: true);
        Assert.Contains("Approvals:LoneAdministrator", Detail(off), StringComparison.Ordinal);
        _company.Get<IOptions<ApprovalOptions>>().Value.LoneAdministrator = true;
        Assert.Contains("--alone", Detail(await _company.ApproveAsync(run, asBoss)), StringComparison.Ordinal);
        Assert.Equal(0, await GrantedAsync(ada));

        var (_, done) = await _company.ApproveAsync(run, asBoss, alone: true);
        Assert.Equal(("posted", true), (Text(done, "state"), done.GetProperty("decidedAlone").GetBoolean()));
        Assert.Equal((Month, 0), (await GrantedAsync(ada), await GrantedAsync(boss)));
        var own = done.GetProperty("setAside")[0].GetString()!; // never what pays themselves
        Assert.Equal("compensation.own_approval", Title(await _company.ApproveAsync(own, asBoss, alone: true)));
        Assert.Empty(await _company.VerifyAsync());
    }
}
