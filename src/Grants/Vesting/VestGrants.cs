using Guerdon.Grants.Plans;
using Guerdon.Kernel;
using Guerdon.Ledger.Transfers;
using Guerdon.Plans;
using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Guerdon.Grants.Vesting;

/// <summary>
/// Moves what has vested to available, and what never will back to the treasury: once each, whenever it runs, since a
/// schedule says the same on any day and the ledger what has moved so far.
/// </summary>
internal sealed partial class VestGrants(
    NpgsqlDataSource db, LedgerWriter ledger, TimeProvider clock, ILogger<VestGrants> log)
    : Job(JobTiming.Hourly("compensation.VestGrants"), db, clock, log)
{
    private const int Batch = 1_000;
    private const int AtOnce = 64; // enough for the ledger to write them in groups

    private static readonly string DueSql = Sql.Read("Grants/Vesting/DueVesting.sql");

    private const string MoveOn = """
        update compensation.vesting set vested_milli = vested_milli + $3, next_on = $4 where run_id = $1 and line = $2
        """;

    private readonly ILogger _log = log;

    /// <returns>How many grants moved on.</returns>
    protected override async Task<int> WorkAsync(CancellationToken ct)
    {
        var (done, plans) = (0, new PlanCache(Database));
        var after = (Run: Guid.Empty, Line: 0);
        while (await DueAsync(after, ct) is { Count: > 0 } due)
        {
            await Parallel.ForEachAsync(
                due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct },
                async (grant, token) =>
                {
                    if (await MoveOnAsync(grant, await plans.OfAsync(grant.Plan, token), token))
                        Interlocked.Increment(ref done);
                });
            after = (due[^1].Run.Value, due[^1].Line);
        }

        return done;
    }

    private async Task<bool> MoveOnAsync(DueGrant grant, Plan plan, CancellationToken ct)
    {
        var today = ZoneDays.DayOf(Clock.GetUtcNow(), plan.TimeZone);
        var step = VestingStep.Of(plan, grant, grant.HeldAfter < today ? grant.HeldAfter.Value : today);
        if (step.VestMilli < 0 && grant.HeldAfter is not null) return false; // it vested before anybody said so
        if (step.VestMilli == 0 && step.ForfeitMilli == 0 && step.NextOn == grant.NextOn) return false;

        var posted = await ledger.PostAsync(step.Transfers(grant, PoolId.Of(plan.Pool)), new InSameCommit
        {
            Commands = [() => MoveOnCommand(grant, step)],
        }, ct);
        if (posted.All(p => p.Done)) return true;

        Log.Refused(_log, grant.Run.Value, grant.Line, posted.First(p => !p.Done).Refused!.Refusal.Code);
        return false; // the next hour looks again
    }

    private static NpgsqlBatchCommand MoveOnCommand(DueGrant grant, VestingStep step)
    {
        var nextOn = new NpgsqlParameter
        {
            Value = (object?)step.NextOn ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Date,
        };
        return Db.InBatch(MoveOn, grant.Run.Value, grant.Line, step.VestMilli, nextOn);
    }

    private async Task<List<DueGrant>> DueAsync((Guid Run, int Line) after, CancellationToken ct)
    {
        // A day ahead of UTC, since tomorrow has come already in some zones.
        var latest = Clock.Today().AddDays(1);
        return await Database.ReadAsync(
            DueSql, row => DueGrant.Read(row) with { HeldAfter = row.DateOrNull("held_after") },
            [latest, after.Run, after.Line, Batch], ct);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Line {Line} of grant run {Run} did not vest: {Code}")]
        public static partial void Refused(ILogger log, Guid run, int line, string code);
    }
}
