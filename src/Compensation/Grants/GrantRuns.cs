using Npgsql;
using Stipend.Kernel;
using Stipend.Ledger;
using Stipend.People;
using Stipend.Pricing;

namespace Stipend.Compensation;

/// <summary>
/// Prepares and posts runs. A run's lines are written first, in one transaction; then they are posted in chunks, each
/// all or none. Killed anywhere, it is finished by the next run of the plan: the same lines make the same transfers,
/// and the ledger posts a transfer once.
/// </summary>
internal sealed class GrantRuns(
    NpgsqlDataSource db, PeopleDirectory people, PriceBook book, LedgerWriter ledger, TimeProvider clock)
{
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(31);

    // Two preparations of one plan would each miss the other's lines.
    private const string OneAtATime = "select pg_advisory_xact_lock(hashtextextended('compensation.run/' || $1, 0))";

    private static readonly string InsertRun = Sql.Read("Compensation/Grants/InsertRun.sql");

    private const string UpdateTotals = """
        update compensation.grant_run
           set people = $2, lines = $3, skipped = $4, total_milli = $5, total_usd_nanos = $6 where run_id = $1
        """;

    private const string DropRehearsals = """
        with old as (
            delete from compensation.grant_line l using compensation.grant_run r
             where r.run_id = l.run_id and r.rehearsal and r.plan = $1 and r.period = $2)
        delete from compensation.grant_run where rehearsal and plan = $1 and period = $2
        """;

    private const string Unposted = """
        select distinct l.run_id, l.chunk, p.yaml
          from compensation.grant_line l
          join compensation.grant_run r on r.run_id = l.run_id
          join compensation.plan p on p.plan_id = r.plan_id
         where not l.rehearsal and l.transfer_id is null and l.plan = $1
         order by l.run_id, l.chunk
        """;

    /// <summary>What a preparation wrote: nothing (no id) where nobody was due anything.</summary>
    public sealed record Prepared(RunId? Run, RunTally Tally);

    /// <summary>What was posted by one call, which may include what an earlier one left.</summary>
    public readonly record struct PostedTotals(int Lines, long Milli, long UsdNanos, RunId? LastRun);

    /// <summary>
    /// Steps: 1 find the version in effect, 2 lock, 3 clear earlier rehearsals, 4 write a line for each grant due and
    /// not made yet, 5 keep them where there are any.
    /// </summary>
    public async Task<(Prepared? Prepared, Refused? Refused)> PrepareAsync(
        string planName, Period period, bool rehearsal, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var (applied, refused) = await FindAsync(connection, planName, period, rehearsal, ct); // 1
        if (applied is null) return (null, refused);

        await ExecuteAsync(connection, OneAtATime, [planName], ct); // 2
        if (rehearsal) await ExecuteAsync(connection, DropRehearsals, [planName, period.ToString()], ct); // 3

        var terms = new GrantTerms( // 4
            PlanFile.ReadApplied(applied.Yaml), applied.Version, period, book.TokenValueAt(period.Start),
            clock.GetUtcNow());
        var run = Id.New<RunId>(clock);
        await ExecuteAsync(connection, InsertRun,
            [run.Value, applied.Id.Value, planName, period.ToString(), rehearsal, terms.TokenValueNanos, terms.Now],
            ct);
        var had = await GrantLines.HadAsync(connection, planName, period, ct);
        var tally = await WriteLinesAsync(connection, run, rehearsal, terms, had, ct);
        if (tally.Lines == 0 && !rehearsal) return (new Prepared(null, tally), null);

        await ExecuteAsync(connection, UpdateTotals, // 5
            [run.Value, tally.People, tally.Lines, tally.Skipped, tally.TotalMilli, tally.TotalUsdNanos], ct);
        await transaction.CommitAsync(ct);
        return (new Prepared(run, tally), null);
    }

    /// <summary>Posts every line of a plan that is not posted yet, oldest run first. Safe to repeat and to run twice at
    /// once.</summary>
    public async Task<(PostedTotals Totals, Refused? Refused)> PostAsync(string planName, CancellationToken ct)
    {
        var totals = default(PostedTotals);
        foreach (var (run, chunk, pool) in await UnpostedAsync(planName, ct))
        {
            var lines = await GrantLines.ChunkAsync(db, run, chunk, ct);
            if (await PostChunkAsync(run, chunk, pool, lines, ct) is { } refused) return (totals, refused);

            totals = new PostedTotals(
                totals.Lines + lines.Count,
                checked(totals.Milli + lines.Sum(l => l.Grant.Amount.Tokens.Milli)),
                checked(totals.UsdNanos + lines.Sum(l => l.Grant.Amount.Money.Nanos)), run);
        }

        return (totals, null);
    }

    // One posting: the treasury funds the pool with the chunk's total, and the pool grants it all on.
    private async Task<Refused?> PostChunkAsync(
        RunId run, int chunk, PoolId pool, List<KeptLine> lines, CancellationToken ct)
    {
        var transfers = ChunkTransfers.Of(run, chunk, pool, lines);
        var posted = await ledger.PostAsync(transfers, with: null, ct);
        if (posted.FirstOrDefault(p => !p.Done) is { Refused: { } why })
            return CompensationRefusals.PostingRefused.With($"The ledger refused chunk {chunk} of {run}: {why}");

        await GrantLines.MarkPostedAsync(
            db, run, [.. lines.Select(l => l.Line)], [.. posted.Skip(1).Select(p => p.Id.Value)],
            clock.GetUtcNow(), ct);
        return null;
    }

    private async Task<(AppliedPlan?, Refused?)> FindAsync(
        NpgsqlConnection connection, string planName, Period period, bool rehearsal, CancellationToken ct)
    {
        if (!rehearsal && period.Start > clock.GetUtcNow() + Ahead)
            return (null, CompensationRefusals.PeriodTooEarly.With($"{period} begins more than 31 days from now."));

        var (plan, known) = await PlanStore.InEffectAsync(connection, planName, period.First, ct);
        if (plan is not null) return (plan, null);

        return (null, known
            ? CompensationRefusals.PlanNotInEffect.With($"No version of {planName} is in effect on {period}-01.")
            : CompensationRefusals.PlanNotFound.With($"There is no plan '{planName}'."));
    }

    private async Task<RunTally> WriteLinesAsync(
        NpgsqlConnection connection, RunId run, bool rehearsal, GrantTerms terms, HashSet<(Guid, string)> had,
        CancellationToken ct)
    {
        var tally = new RunTally();
        await using var copy = await GrantLines.BeginAsync(connection, ct);
        await foreach (var person in people.ListAsync(terms.Period.First, terms.Period.Last, ct))
        {
            var outcome = GrantRules.For(terms, person, kind => had.Contains((person.Id.Value, kind)));
            var number = tally.Lines;
            foreach (var line in outcome.Lines) await GrantLines.WriteAsync(copy, run, rehearsal, ++number, line, ct);
            tally.Add(person, outcome);
        }

        await copy.CompleteAsync(ct);
        return tally;
    }

    private async Task<List<(RunId Run, int Chunk, PoolId Pool)>> UnpostedAsync(string planName, CancellationToken ct)
    {
        var chunks = new List<(RunId, int, PoolId)>();
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var command = Db.Command(connection, Unposted, planName);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var plan = PlanFile.ReadApplied(reader.GetString(2));
            chunks.Add((new RunId(reader.GetGuid(0)), reader.GetInt32(1), PoolId.Of(plan.Pool)));
        }

        return chunks;
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, object?[] values, CancellationToken ct)
    {
        await using var command = Db.Command(connection, sql, values);
        await command.ExecuteNonQueryAsync(ct);
    }
}
