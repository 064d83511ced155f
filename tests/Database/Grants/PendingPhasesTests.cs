using Guerdon.Approvals;
using Guerdon.Grants.Phases;
using Guerdon.People.Employees;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Database.Grants;

/// <summary>Phases that wait for votes, in the inbox.</summary>
public sealed class PendingPhasesTests(Company company) : IClassFixture<Company>
{
    private static string Plan(string name, string phases) => $$"""
        name: {{name}}
        effective_from: 2026-11-01
        pool: pool
        allowance: { share: 12%, basis: base, mode: on-top, expires_after: P3M, tax_class: work_compute }
        phases: [{ name: pilot, eligible: { levels: [L5] } }, {{phases}}]
        """;

    private async Task ProposeAsync(string plan, string phase)
    {
        var (_, asked) = await company.PostAsync(
            $"/api/v1/plans/{plan}/phases/{phase}", new { report = "Well.", beginsOn = "2026-12-01" }, "admin:ann");
        Assert.Equal("proposed", asked.GetProperty("state").GetString());
        company.Clock.Now += TimeSpan.FromMinutes(1);
    }

    private async Task<(IReadOnlyList<PendingDecision> Found, int Statements)> ReadAsync()
    {
        using var counted = new Statements();
        await using var db = new NpgsqlDataSourceBuilder(company.Database.ConnectionString)
            .UseLoggerFactory(counted).Build();
        var reader = new InboxReader(
            new("dee", (await company.Get<PeopleDirectory>().FindAsync("dee@example.com", Company.Ct))!.Id.Value),
            SeesAll: true);
        var source = new PendingPhases(db, new PeopleDirectory(db), company.Get<FourEyes>());
        return (await source.ListAsync(reader, 1_000, Company.Ct), counted.Count);
    }

    [Fact]
    public async Task Phases_OfManyPlans_AreReadByAsManyStatementsAsOfOne()
    {
        await company.ImportAsync(Company.Row("dee@example.com"));
        foreach (var name in (string[])["second", "first", "third", "fourth"])
            await company.PlanAsync(Plan(name, "{ name: next, votes: 2 }, { name: all, votes: 1 }"));
        await ProposeAsync("first", "next");
        var (found, alone) = await ReadAsync();
        Assert.Equal("first/next", Assert.Single(found).Id);

        foreach (var name in (string[])["second", "third", "fourth"]) await ProposeAsync(name, "next");
        foreach (var voter in (string[])["admin:bob", "admin:dee@example.com"])
            await company.PostAsync("/api/v1/plans/second/phases/next/votes", new
            {
                inFavour = voter == "admin:bob", reason = "Read",
                digest = await company.PhaseDigestAsync("second", "next"),
            }, voter);
        var (all, together) = await ReadAsync();

        Assert.Equal(["first/next", "second/next", "third/next", "fourth/next"], all.Select(one => one.Id));
        Assert.Equal(alone, together);
        Assert.InRange(alone, 1, 2); // the phases, and who reads
        Assert.Equal([false, true, false, false], all.Select(one => one.IsAnswered));
        Assert.Contains("1 of 2 votes for it so far", all[1].Subject, StringComparison.Ordinal);
        Assert.Contains("0 of 2 votes for it so far", all[0].Subject, StringComparison.Ordinal);
        Assert.Equal(
            [await company.PhaseDigestAsync("first", "next"), await company.PhaseDigestAsync("second", "next")],
            all.Take(2).Select(one => one.Digest));
    }

    // The order is the newest version's, and votes on an older version do not count.
    [Fact]
    public async Task Phases_ThatALaterVersionReorders_AreThoseThatAreVotedOn()
    {
        await company.ImportAsync(Company.Row("dee@example.com"));
        await company.PlanAsync(Plan("turned", "{ name: b, votes: 2 }, { name: c, votes: 2 }"));
        await ProposeAsync("turned", "b");
        await company.PostAsync("/api/v1/plans/turned/phases/b/votes", new
        {
            inFavour = true, reason = "Read", digest = await company.PhaseDigestAsync("turned", "b"),
        }, "admin:bob");
        company.Clock.Now += TimeSpan.FromMinutes(1);
        await company.PlanAsync(Plan("turned", "{ name: c, votes: 2 }, { name: b, votes: 2 }"));
        Assert.Contains("0 of 2", (await TurnedAsync())!.Subject, StringComparison.Ordinal);

        await ProposeAsync("turned", "c");
        Assert.Equal("turned/c", (await TurnedAsync())!.Id);
        company.Clock.Now += TimeSpan.FromMinutes(1);
        await company.PlanAsync(Plan("turned", "{ name: d, votes: 2 }"));
        Assert.Null(await TurnedAsync());

        async Task<PendingDecision?> TurnedAsync() =>
            (await ReadAsync()).Found.SingleOrDefault(one => one.Id.StartsWith("turned/", StringComparison.Ordinal));
    }

    /// <summary>Counts what Npgsql says that it has done.</summary>
    private sealed class Statements : ILoggerFactory, ILogger
    {
        private int _count;

        public int Count => _count;

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == NpgsqlEventId.CommandExecutionCompleted) Interlocked.Increment(ref _count);
        }

        public void Dispose()
        {
        }
    }

    private static class NpgsqlEventId
    {
        public const int CommandExecutionCompleted = 2001;
    }
}
