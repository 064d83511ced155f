using Guerdon.Grants.Lines;
using Guerdon.Grants.Phases;
using Guerdon.Grants.Plans;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.Plans;
using Guerdon.Pricing.Book;
using Guerdon.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Guerdon.Grants.Runs;

/// <summary>
/// Prepares runs: a line for every grant that is due and not made yet, in one transaction. Nothing moves before it is
/// approved. People, what they had before and the lines all pass in the order of people, so that the memory it takes
/// does not grow with them.
/// </summary>
internal sealed class RunPreparation(NpgsqlDataSource db, PeopleDirectory people, PriceBook book, TimeProvider clock)
{
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(31);

    private const string PlanOf = "select plan from compensation.grant_run where run_id = $1";

    private const string Attempts =
        "select count(*) from compensation.grant_run where plan = $1 and reversed_at is not null";

    private static readonly string InsertRun = Sql.Read("Grants/Runs/InsertRun.sql");

    private const string UpdateTotals = """
        update compensation.grant_run
           set people = $2, lines = $3, skipped = $4, total_milli = $5, total_usd_nanos = $6 where run_id = $1
        """;

    private const string UpdateDigest =
        "update compensation.grant_run set content = compensation.run_digest(run_id) where run_id = $1";

    private const string InsertChunks = """
        insert into compensation.grant_chunk (run_id, chunk, asset, lines, total_milli, content)
        select $1, * from unnest($2::int[], $3::smallint[], $4::int[], $5::bigint[], $6::bytea[])
        """;

    private const string DropRehearsals = """
        with old as (
            delete from compensation.grant_line l using compensation.grant_run r
             where r.run_id = l.run_id and r.rehearsal and r.plan = $1 and r.period = $2)
        delete from compensation.grant_run where rehearsal and plan = $1 and period = $2
        """;

    /// <summary>What a preparation wrote: nothing (no id) where nobody was due anything.</summary>
    public sealed record Prepared(RunId? Run, RunTally Tally);

    /// <summary>What to prepare.</summary>
    /// <param name="Plan">Its name.</param>
    /// <param name="Period">The month.</param>
    /// <param name="Rehearsal">Its lines are to be read, never to be posted.</param>
    /// <param name="By">Who asks.</param>
    public sealed record Asked(string Plan, Period Period, bool Rehearsal, Actor By)
    {
        /// <summary>What to give out of the catalogue; null: what the plan means for everybody.</summary>
        public AwardList? Awards { get; init; }

        /// <summary>plan or awards.</summary>
        public string Kind => Awards is null ? "plan" : "awards";
    }

    /// <summary>
    /// Steps: 1 find the version in effect, 2 lock, 3 clear earlier rehearsals, 4 write a line for each grant due and
    /// not made yet, 5 commit them where there are any.
    /// </summary>
    public async Task<Result<Prepared>> RunAsync(Asked asked, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await Db.WithoutTimeLimitAsync(connection, ct);
        var found = await FindAsync(connection, asked, ct); // 1
        if (!found.Is(out var applied, out var refused)) return refused;

        await LockAsync(connection, asked.Plan, ct); // 2
        if (asked.Rehearsal) // 3
            await connection.ExecuteAsync(DropRehearsals, [asked.Plan, $"{asked.Period}"], ct);

        var terms = await TermsAsync(connection, applied, asked, ct); // 4
        if (asked.Awards is { } wanted && wanted.Refuse(terms.Plan) is { } unknown) return unknown;
        var run = Id.New<RunId>(clock);
        await connection.ExecuteAsync(InsertRun,
            [
                run.Value, applied.Id.Value, asked.Plan, $"{asked.Period}", asked.Rehearsal, terms.TokenValueNanos,
                terms.Now, asked.Kind, terms.Attempt, asked.By.Name, asked.By.Account, asked.By.Person,
            ], ct);
        var tally = await WriteAsync(connection, run, asked, terms, ct);
        if (tally.Lines == 0 && !asked.Rehearsal) return new Prepared(null, tally);

        await connection.ExecuteAsync(UpdateTotals, // 5
            [run.Value, tally.People, tally.Lines, tally.Skipped, tally.TotalMilli, tally.TotalUsdNanos], ct);
        if (!asked.Rehearsal) await connection.ExecuteAsync(UpdateDigest, [run.Value], ct);
        await transaction.CommitAsync(ct);
        return new Prepared(run, tally);
    }

    private async Task<Result<AppliedPlan>> FindAsync(NpgsqlConnection connection, Asked asked, CancellationToken ct)
    {
        if (!asked.Rehearsal && asked.Period.Start > clock.GetUtcNow() + Ahead)
            return GrantRefusals.PeriodTooEarly.With($"{asked.Period} begins more than 31 days from now.");

        var (plan, known) = await PlanStore.InEffectAsync(connection, asked.Plan, asked.Period.First, ct);
        if (plan is not null) return plan;

        return known
            ? GrantRefusals.PlanNotInEffect.With($"No version of {asked.Plan} is in effect on {asked.Period}-01.")
            : GrantRefusals.PlanNotFound.With($"There is no plan '{asked.Plan}'.");
    }

    /// <summary>Waits for the lock under which a run is reversed, until the transaction ends. A preparation has counted
    /// reversals before: were one to free lines meanwhile, it would give them keys that are posted already, and its run
    /// could never be posted.</summary>
    internal static async Task LockPlanOfAsync(NpgsqlConnection connection, RunId run, CancellationToken ct)
    {
        if (await connection.ScalarAsync<string>(PlanOf, [run.Value], ct) is { } plan)
            await LockAsync(connection, plan, ct);
    }

    // One at a time, since two preparations of one plan would each miss the other's lines.
    private static Task LockAsync(NpgsqlConnection connection, string plan, CancellationToken ct) =>
        Locks.InTransactionAsync(connection, $"compensation.run/{plan}", ct);

    private async Task<GrantTerms> TermsAsync(
        NpgsqlConnection connection, AppliedPlan applied, Asked asked, CancellationToken ct)
    {
        var plan = PlanFile.ReadApplied(applied.Yaml);
        var attempt = await connection.ScalarAsync<long>(Attempts, [asked.Plan], ct);
        var opened = await PhaseStore.OpenedAsync(connection, asked.Plan, asked.Period.First, ct);

        var start = ZoneDays.StartOf(asked.Period.First, plan.TimeZone);
        return new GrantTerms(plan, applied.Version, asked.Period, book.TokenValueAt(start), clock.GetUtcNow())
        {
            Attempt = (int)attempt,
            Phase = plan.PhaseWith(opened),
        };
    }

    private async Task<RunTally> WriteAsync(
        NpgsqlConnection connection, RunId run, Asked asked, GrantTerms terms, CancellationToken ct)
    {
        var tally = new RunTally();
        LineWriter lines;
        await using (var copy = await GrantLines.BeginAsync(connection, ct))
        using (lines = new LineWriter(copy, run, asked.Rehearsal))
        {
            var outcomes = asked.Awards is { } awards
                ? awards.LinesAsync(terms, people, db, ct) : DueAsync(terms, ct);
            await foreach (var (person, outcome) in outcomes)
            {
                foreach (var line in outcome.Lines) await lines.AddAsync(line, ct);
                tally.Add(person, outcome);
            }

            lines.Finish();
            await copy.CompleteAsync(ct);
        }

        if (!asked.Rehearsal) await KeepChunksAsync(connection, run, lines.Chunks, ct);
        return tally;
    }

    private async IAsyncEnumerable<(Person, Outcome)> DueAsync(
        GrantTerms terms, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await using var history = await HistoryReader.OpenAsync(db, terms, ct);
        await foreach (var person in people.ListAsync(terms.Period.First, terms.Period.Last, ct))
            yield return (person, GrantRules.For(terms, person, await history.OfAsync(person.Id.Value)));
    }

    private static async Task KeepChunksAsync(
        NpgsqlConnection connection, RunId run, IReadOnlyList<LineWriter.ChunkRow> chunks, CancellationToken ct)
    {
        await using var insert = new NpgsqlCommand(InsertChunks, connection);
        insert.Parameters.Add(new NpgsqlParameter { Value = run.Value });
        insert.Parameters.Add(Columns.Of(NpgsqlDbType.Integer, chunks, c => c.Chunk));
        insert.Parameters.Add(Columns.Of(NpgsqlDbType.Smallint, chunks, c => (short)c.Asset));
        insert.Parameters.Add(Columns.Of(NpgsqlDbType.Integer, chunks, c => c.Lines));
        insert.Parameters.Add(Columns.Of(NpgsqlDbType.Bigint, chunks, c => c.TotalMilli));
        insert.Parameters.Add(Columns.Of(NpgsqlDbType.Bytea, chunks, c => c.Content));
        await insert.ExecuteNonQueryAsync(ct);
    }
}
