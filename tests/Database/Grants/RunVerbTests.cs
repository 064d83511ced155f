using System.Text.Json;
using Guerdon.Database.Cli;

namespace Guerdon.Database.Grants;

/// <summary>Runs and vesting facts on the command line, against a server.</summary>
public sealed class RunVerbTests : IAsyncLifetime
{
    private readonly Company _company = new();

    public ValueTask InitializeAsync() => _company.InitializeAsync();

    public ValueTask DisposeAsync() => _company.DisposeAsync();

    private Task<Typed> TypeAsync(string who, string line) => Typed.RunAsync(line, new()
    {
        ["GUERDON_URL"] = _company.Http.BaseAddress!.ToString(), ["GUERDON_TOKEN"] = $"admin:{who}",
    });

    private static string Text(JsonElement body, string property) => body.GetProperty(property).GetString()!;

    [Fact]
    public async Task CommandLine_PrepareTwiceShowAndApprove_NamesRunAndDigest()
    {
        await _company.PlanAsync("""
            name: plan
            effective_from: 2026-11-01
            pool: pool
            allowance: { share: 12%, basis: base, mode: on-top, expires_after: P3M, tax_class: work_compute }
            """);
        await _company.ImportAsync(Company.Row("ada@example.com"));

        var first = await TypeAsync("ann", "grant run --plan plan --period 2026-11");
        var run = Text((await _company.GetAsync("/api/v1/grants/runs")).Body.GetProperty("runs")[0], "runId");
        var digest = await _company.DigestAsync(run);
        Assert.Contains($"guerdon grant approve {run} {digest}", first.Results, StringComparison.Ordinal);
        var again = await TypeAsync("bob", "grant run --plan plan --period 2026-11");
        Assert.Contains(
            "waits for someone with the finance role other than ann", again.Results, StringComparison.Ordinal);
        Assert.Equal("awaiting", Text((await _company.GetAsync($"/api/v1/grants/runs/{run}")).Body, "state"));

        await InboxSaysAsync("bob", "For you to decide", "Grants of plan, November 2026", $"guerdon grant show {run}");
        await InboxSaysAsync(
            "ann", "You asked for", run, "someone with the finance role other than ann, who prepared it");
        Assert.Contains(digest, (await TypeAsync("bob", "approvals --json")).Results, StringComparison.Ordinal);
        Assert.Contains(digest, (await TypeAsync("bob", $"grant show {run}")).Results, StringComparison.Ordinal);
        var missing = await TypeAsync("bob", $"grant approve {run}");
        Assert.Equal(1, missing.Exit);
        Assert.Contains(digest, missing.Messages, StringComparison.Ordinal);
        Assert.Equal(1, (await TypeAsync("ann", $"grant approve {run} {digest}")).Exit);
        var done = await TypeAsync("bob", $"grant approve {run} {digest}");
        Assert.True(done.Exit == 0, done.Messages);
        Assert.Contains($"Run {run} is posted.", done.Results, StringComparison.Ordinal);
        Assert.Contains("Nothing waits for you", (await TypeAsync("bob", "approvals")).Messages,
            StringComparison.Ordinal);
        Assert.Equal(1, (await TypeAsync("bob", "approvals --after x")).Exit);
    }

    private async Task InboxSaysAsync(string who, params string[] words)
    {
        var inbox = await TypeAsync(who, "approvals");
        Assert.True(inbox.Exit == 0, inbox.Messages);
        Assert.All(words, word => Assert.Contains(word, inbox.Results, StringComparison.Ordinal));
    }

    [Fact]
    public async Task CommandLine_VestingFacts_AreRecordedListedAndDecided()
    {
        await _company.PlanAsync("""
            name: vests
            effective_from: 2026-11-01
            pool: pool
            allowance: { share: 12%, basis: base, mode: on-top, expires_after: P1Y, tax_class: work_compute,
              vesting: { months: 4 } }
            """);
        await _company.ImportAsync(Company.Row("ada@example.com"));
        var run = Text((await _company.RunAsync("vests", "2026-11")).Body, "runId");

        var asked = await TypeAsync("ann", $"vesting record {run} 1 --on 2026-11-20 --tokens 2500 --reason Agreed");
        Assert.True(asked.Exit == 0, asked.Messages);
        var fact = asked.Results.Split(':')[0];
        Assert.Contains("acceleration of 2,500 tokens for ada@example.com, waits, recorded by ann", asked.Results,
            StringComparison.Ordinal);
        Assert.StartsWith(fact, (await TypeAsync("bob", // the same again is the same fact
            $"vesting record {run} 1 --on 2026-11-20 --tokens 2500 --reason Agreed")).Results,
            StringComparison.Ordinal);
        Assert.Contains(fact, (await TypeAsync("bob", "vesting facts")).Results, StringComparison.Ordinal);
        Assert.Contains("own_approval", (await TypeAsync("ann", $"vesting approve {fact} --json")).Results,
            StringComparison.Ordinal);
        Assert.Contains("approved by bob", (await TypeAsync("bob", $"vesting approve {fact}")).Results,
            StringComparison.Ordinal);
        Assert.Equal("Nothing is waiting.\n", (await TypeAsync("bob", "vesting facts")).Messages);

        var second = await TypeAsync("ann", $"vesting record {run} 1 --on 2026-11-21 --reason Agreed");
        var other = second.Results.Split(':')[0];
        Assert.Contains("declined by ann: No", (await TypeAsync("ann", $"vesting decline {other} --reason No")).Results,
            StringComparison.Ordinal);
        Assert.Equal(1, (await TypeAsync("bob", $"vesting approve {other}")).Exit);
        Assert.Contains(other, (await TypeAsync("bob", "vesting facts --all")).Results, StringComparison.Ordinal);
    }
}
