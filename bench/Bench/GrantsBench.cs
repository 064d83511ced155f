using System.Diagnostics;
using System.Globalization;
using Guerdon.Approvals;
using Guerdon.Grants;
using Guerdon.Grants.Plans;
using Guerdon.Grants.Runs;
using Guerdon.Host.Database;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Metering;
using Guerdon.Offers;
using Guerdon.Payroll;
using Guerdon.People;
using Guerdon.Plans;
using Guerdon.Pricing;
using Guerdon.Pricing.Book;
using Guerdon.Statements;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Bench;

/// <summary>
/// A grant run for a million people, with vesting, beside one plain <c>INSERT … SELECT</c> of the very rows that it wrote,
/// into tables with the same keys and indexes and without triggers. In between the run is killed once and begun again.
/// </summary>
internal static class GrantsBench
{
    private const string Plan = """
        name: bench
        effective_from: 2026-11-01
        pool: company
        allowance:
          share: 25%
          basis: base
          mode: on-top
          expires_after: P1Y
          tax_class: work_compute
          factors: { level: { L5: 1.25 }, complexity: { Team: 1.1 } }
          vesting: { months: 12, cliff_months: 3 }
        """;

    private static readonly string[] Written =
    [
        "compensation.grant_run", "compensation.grant_chunk", "compensation.grant_line", "compensation.vesting",
        "ledger.wallet", "ledger.entry", "ledger.lot", "ledger.position",
    ];

    public static async Task<int> RunAsync(int people)
    {
        var home = Directory.CreateTempSubdirectory("guerdon-bench-").FullName;
        await using var cluster = await PrivateCluster.StartAsync(
            new PrivateClusterOptions(home) { SharedBuffersMb = 1_024 }, TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, default);
        var server = new NpgsqlConnectionStringBuilder(cluster.ConnectionString());
        await using var db = DatabaseSetup.Pool(server, new DatabaseOptions { Home = home });
        await cluster.MigrateAsync(default);
        await using var owner = DatabaseSetup.Pool(
            new(cluster.ConnectionString(role: PrivateCluster.Owner)), new DatabaseOptions { Home = home });
        using var app = await StartAsync(db);
        await HireAsync(db, people);
        await AnalyzeAsync(owner); // which only a table's owner may do

        var context = app.Services.GetRequiredService<RunContext>();
        var (plan, errors) = PlanFile.Read(Plan);
        if (plan is null) throw new InvalidOperationException(string.Join(' ', errors));
        await using (var connection = await db.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await PlanStore.AddAsync(connection, plan, Plan, "bench", TimeProvider.System, default);
            await transaction.CommitAsync();
        }

        var memory = new Memory();

        var watch = Stopwatch.StartNew();
        var month = new Period(2026, 11);
        var preparation = await context.Preparation.RunAsync(new("bench", month, Rehearsal: false, new("ann", null)), default);
        if (!preparation.Is(out var prepared, out var refused)) throw new InvalidOperationException(refused.ToString());
        var run = prepared.Run ?? throw new InvalidOperationException("nothing was due");
        var preparing = watch.Elapsed;
        Say($"prepared {prepared.Tally.Lines:#,0} lines in {preparing.TotalSeconds:0.0} s, {memory}");

        var posting = app.Services.GetRequiredService<GrantPosting>();
        await KilledAsync(posting, db, run, people / 2);
        var digest = (await GetRun.FindAsync(run, db, default))!.Digest;
        if (await context.ApproveAsync(run, new(digest), new("bob", null), default) is { } no) throw new InvalidOperationException(no.ToString());
        await ProgressAsync(db, run, people, memory);
        watch.Stop();
        Say($"posted in {(watch.Elapsed - preparing).TotalSeconds:0.0} s, {memory}");

        var (_, again) = await AgainAsync(context, month);
        await CheckAsync(db, people, again);
        await VerifyAsync(db, owner);
        var plain = await PlainAsync(owner);
        Say($"grant run   {watch.Elapsed.TotalSeconds,8:0.0} s");
        Say($"plain rows  {plain.TotalSeconds,8:0.0} s   INSERT … SELECT of the same rows");
        Say($"ratio       {watch.Elapsed / plain,8:0.00}     (aim: at most 4)");
        await app.StopAsync();
        return 0;
    }

    private static async Task<IHost> StartAsync(NpgsqlDataSource db)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(db).AddDataProtection();
        builder.Services.AddSingleton<IDeciders, TwoOfThem>();
        builder.AddPricing();
        builder.AddPeople();
        builder.AddLedger();
        builder.AddMetering();
        builder.AddGrants();
        builder.AddPayroll();
        builder.AddOffers();
        var host = builder.Build();
        await SeedBook.RunAsync(db, TimeProvider.System, default);
        await host.StartAsync();
        await host.Services.GetRequiredService<PriceBook>().ReloadAsync(default);
        return host;
    }

    private sealed class TwoOfThem : IDeciders
    {
        public Task<int> CountAsync(string permission, CancellationToken ct) => Task.FromResult(2);

        public Task<int> CountOutsideAsync(
            string permission, IReadOnlyCollection<Guid> without, CancellationToken ct) => Task.FromResult(2);

        public Task<bool> WereTwoAsync(CancellationToken ct) => Task.FromResult(true);

        public Task<Guid?> PersonOfAsync(Actor actor, CancellationToken ct) => Task.FromResult(actor.Person);

        public Task<IReadOnlyDictionary<Guid, SignedInBy>> SignedInByAsync(
            IReadOnlyCollection<Guid> accountsOrPersons, CancellationToken ct) =>
            Task.FromResult<IReadOnlyDictionary<Guid, SignedInBy>>(new Dictionary<Guid, SignedInBy>());
    }

    private static async Task HireAsync(NpgsqlDataSource db, int people)
    {
        await using var connection = await UnlimitedAsync(db);
        await using var command = new NpgsqlCommand("""
            insert into people.team (team_id, path) select gen_random_uuid(), 'Team' union all
            select gen_random_uuid(), 'Team/' || i from generate_series(1, 100) i;
            insert into people.person (
                person_id, email, name, team, role, level, country, cost_centre, hired_on, base_pay_cents,
                total_pay_cents, currency)
            select gen_random_uuid(), 'p' || i || '@example.com', 'Person ' || i, 'Team/' || i % 100 + 1, 'Engineer',
                   'L' || i % 9 + 1, 'US', 'CC' || i % 50, date '2020-01-01' + i % 2000, 8000000 + i % 1000 * 7919,
                   9000000 + i % 1000 * 7919, 'USD'
              from generate_series(1, $1) i
            """, connection) { CommandTimeout = 0 };
        command.CommandText = command.CommandText.Replace("$1", people.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        await command.ExecuteNonQueryAsync();
        Say($"hired {people:#,0} people");
    }

    // Nothing is approved yet, so the posting that is cut off here is one that another node would have begun.
    private static async Task KilledAsync(GrantPosting posting, NpgsqlDataSource db, RunId run, int at)
    {
        await using (var connection = await db.OpenConnectionAsync())
            await connection.ExecuteAsync("update compensation.grant_run set decision = 'approved', decided_by = 'bob', decided_at = now(), "
                + "approved = content where run_id = $1", [run.Value], default);
        using var killed = new CancellationTokenSource();
        var begun = posting.PostAsync(run, killed.Token);
        while (await PostedAsync(db, run) < at && !begun.IsCompleted) await Task.Delay(200);
        await killed.CancelAsync();
        await begun.ContinueWith(_ => { }, TaskScheduler.Default);
        await using (var connection = await db.OpenConnectionAsync())
            await connection.ExecuteAsync("update compensation.grant_run set decision = null, decided_by = null, decided_at = null, approved = null "
                + "where run_id = $1", [run.Value], default); // so that approving it is in the figures
        Say($"stopped in the middle, at {await PostedAsync(db, run):#,0}; going on");
    }

    private static async Task<int> PostedAsync(NpgsqlDataSource db, RunId run) =>
        (await GetRun.FindAsync(run, db, default))!.Posted;

    private static async Task ProgressAsync(NpgsqlDataSource db, RunId run, int people, Memory memory)
    {
        for (var posted = 0; posted < people;)
        {
            await Task.Delay(2_000);
            posted = await PostedAsync(db, run);
            Say($"  {posted,9:#,0} of {people:#,0}, {memory}");
        }
    }

    private static async Task<(int Lines, string State)> AgainAsync(RunContext context, Period month)
    {
        var again = await context.Preparation.RunAsync(new("bench", month, Rehearsal: false, new("ann", null)), default);
        if (!again.Is(out var prepared, out var refused)) throw new InvalidOperationException(refused.ToString());
        return (prepared.Tally.Lines, $"{prepared.Tally.Lines} more lines when run again");
    }

    private static async Task CheckAsync(NpgsqlDataSource db, int people, string again)
    {
        await using var connection = await UnlimitedAsync(db);
        await using var command = new NpgsqlCommand("""
            select (select count(*) from ledger.lot), (select count(distinct wallet_id) from ledger.lot),
                   (select count(*) from compensation.vesting), (select sum(amount_milli) from compensation.grant_line)
                       = (select sum(unvested_milli) from ledger.v_balance where wallet_id in (select person_id from people.person))
            """, connection);
        command.CommandTimeout = 0;
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        if ((row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetBoolean(3)) != (people, people, people, true))
            throw new InvalidOperationException("Somebody was granted twice, or not at all.");
        Say($"everybody was granted once; {again}");
    }

    private static async Task AnalyzeAsync(NpgsqlDataSource owner)
    {
        await using var connection = await UnlimitedAsync(owner);
        await using var analyze = new NpgsqlCommand("vacuum analyze people.person", connection) { CommandTimeout = 0 };
        await analyze.ExecuteNonQueryAsync();
    }

    private static async Task VerifyAsync(NpgsqlDataSource db, NpgsqlDataSource owner)
    {
        var watch = Stopwatch.StartNew();
        await foreach (var finding in VerifyCompany.RunAsync(db, null, new(), default))
            throw new InvalidOperationException($"{finding}");
        var verified = watch.Elapsed;

        // Only a day that has ended is sealed, by the database's clock too: what was noted today becomes yesterday's.
        await using (var connection = await UnlimitedAsync(owner))
        await using (var back = new NpgsqlCommand("update kernel.change set at = at - interval '1 day'", connection))
        {
            back.CommandTimeout = 0;
            await back.ExecuteNonQueryAsync();
        }

        watch.Restart();
        var days = await Ledger.Audit.Seals.SealAsync(db, TimeProvider.System, TimeSpan.Zero, default);
        if (days != 1) throw new InvalidOperationException($"{days} days were sealed instead of one.");
        Say($"verify      {verified.TotalSeconds,8:0.0} s;  the day's seal {watch.Elapsed.TotalSeconds:0.0} s");
    }

    // What the bench itself does may take longer than a statement of the product.
    private static async Task<NpgsqlConnection> UnlimitedAsync(NpgsqlDataSource db)
    {
        var connection = await db.OpenConnectionAsync();
        await using var command = new NpgsqlCommand("set statement_timeout = 0", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    private static async Task<TimeSpan> PlainAsync(NpgsqlDataSource db)
    {
        await using var connection = await UnlimitedAsync(db);
        async Task DoAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync();
        }

        await DoAsync("create schema plain");
        var took = TimeSpan.Zero;
        foreach (var table in Written)
        {
            var copy = "plain." + table.Split('.')[1];
            await DoAsync($"create table {copy} (like {table} including all)");
            var watch = Stopwatch.StartNew();
            await DoAsync($"insert into {copy} select * from {table}");
            took += watch.Elapsed;
            Say($"  {table}: {watch.Elapsed.TotalSeconds:0.0} s");
        }

        return took;
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    /// <summary>What this process takes now, and took at most.</summary>
    private sealed class Memory
    {
        private long _most;

        public override string ToString()
        {
            using var self = Process.GetCurrentProcess();
            _most = Math.Max(_most, self.WorkingSet64);
            return string.Create(CultureInfo.InvariantCulture,
                $"{self.WorkingSet64 >> 20} MB now, {_most >> 20} at most, {self.TotalProcessorTime.TotalSeconds:0.0} s of CPU");
        }
    }
}
