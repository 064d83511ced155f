using Npgsql;
using Stipend.Kernel;

namespace Stipend.Compensation;

/// <summary>What preparing and deciding runs takes.</summary>
public sealed class RunDesk
{
    private readonly NpgsqlDataSource db;
    private readonly RunPreparation preparation;
    private readonly RunWork work;
    private readonly IAdministrators administrators;
    private readonly TimeProvider clock;

    internal RunDesk(
        NpgsqlDataSource db, RunPreparation preparation, RunWork work, IAdministrators administrators,
        TimeProvider clock) =>
        (this.db, this.preparation, this.work, this.administrators, this.clock) =
            (db, preparation, work, administrators, clock);

    private const string Open = """
        select run_id from compensation.v_grant_run
         where plan = $1 and period = $2 and not rehearsal and reversed_at is null
           and (decision is null or decision = 'approved' and posted < lines)
         order by prepared_at desc limit 1
        """;

    private const string Lock = """
        select prepared_by, decision, reversal_by, reversed_at is not null
          from compensation.grant_run where run_id = $1 and not rehearsal for update
        """;

    private const string Decide = """
        update compensation.grant_run set decision = $2, decided_by = $3, decided_at = $4
         where run_id = $1 and decision is null
        """;

    private const string Release = "update compensation.grant_line set live = false where run_id = $1";

    private const string AskReversal = """
        update compensation.grant_run set reversal_reason = $2, reversal_by = $3, reversal_at = $4 where run_id = $1
        """;

    private const string Reverse =
        "update compensation.grant_run set reversed_by = $2, reversed_at = $3 where run_id = $1";

    internal NpgsqlDataSource Db => db;
    internal RunPreparation Preparation => preparation;

    /// <summary>The plan in effect in a month, or null.</summary>
    internal async Task<Plan?> PlanAsync(string name, Period period, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var (plan, _) = await PlanStore.InEffectAsync(connection, name, period.First, ct);
        return plan is null ? null : PlanFile.ReadApplied(plan.Yaml);
    }

    /// <summary>A plan's run for a month that waits to be approved or is not posted whole, or null.</summary>
    internal async Task<RunId?> OpenRunAsync(string plan, Period period, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var command = Compensation.Db.Command(connection, Open, plan, $"{period}");
        return await command.ExecuteScalarAsync(ct) is Guid run ? new RunId(run) : null;
    }

    /// <summary>Approves a run and posts it. Approving again goes on where it stopped.</summary>
    public Task<Refused?> ApproveAsync(RunId run, string by, CancellationToken ct) => DecideAsync(run, async (at,
        state) =>
    {
        if (state.Decision == "declined") return CompensationRefusals.RunDecided.With($"{run} was declined.");
        if (state.IsReversed) return CompensationRefusals.RunDecided.With($"{run} was taken back.");
        if (state.Decision is not null) return null;
        if (!await FourEyes.MayAsync(by, state.PreparedBy, administrators, ct))
            return CompensationRefusals.OwnApproval.With($"{by} prepared {run}.");

        await Compensation.Db.ExecuteAsync(at, Decide, [run.Value, "approved", by, clock.GetUtcNow()], ct);
        return null;
    }, ct);

    /// <summary>Declines a run that nobody approved; what was in it can be prepared anew. Declining again changes
    /// nothing.</summary>
    public Task<Refused?> DeclineAsync(RunId run, string by, CancellationToken ct) => DecideAsync(run, async (at,
        state) =>
    {
        if (state.Decision == "approved") return CompensationRefusals.RunDecided.With($"{run} was approved.");
        if (state.Decision is not null) return null;

        await Compensation.Db.ExecuteAsync(at, Decide, [run.Value, "declined", by, clock.GetUtcNow()], ct);
        await Compensation.Db.ExecuteAsync(at, Release, [run.Value], ct);
        return null;
    }, ct);

    /// <summary>Asks for a posted run to be taken back; with nobody else to agree, takes it back.</summary>
    public Task<Refused?> AskReversalAsync(RunId run, string reason, string by, CancellationToken ct) =>
        DecideAsync(run, async (at, state) =>
        {
            if (state.Decision != "approved") return CompensationRefusals.RunDecided.With($"{run} was not approved.");
            if (state.IsReversed || state.ReversalBy is not null) return null;

            await Compensation.Db.ExecuteAsync(at, AskReversal, [run.Value, reason, by, clock.GetUtcNow()], ct);
            if (await FourEyes.MayAsync(by, by, administrators, ct)) await ReverseAsync(at, run, by, ct);
            return null;
        }, ct);

    /// <summary>Agrees that a run is taken back, and takes it back. Again: goes on where it stopped.</summary>
    public Task<Refused?> ApproveReversalAsync(RunId run, string by, CancellationToken ct) =>
        DecideAsync(run, async (at, state) =>
        {
            if (state.IsReversed) return null;
            if (state.ReversalBy is not { } asker)
                return CompensationRefusals.RunDecided.With($"Nobody asked for {run} to be taken back.");
            if (!await FourEyes.MayAsync(by, asker, administrators, ct))
                return CompensationRefusals.OwnApproval.With($"{by} asked for {run} to be taken back.");

            await ReverseAsync(at, run, by, ct);
            return null;
        }, ct);

    private async Task ReverseAsync(NpgsqlConnection at, RunId run, string by, CancellationToken ct)
    {
        await Compensation.Db.ExecuteAsync(at, Reverse, [run.Value, by, clock.GetUtcNow()], ct);
        await Compensation.Db.ExecuteAsync(at, Release, [run.Value], ct);
    }

    private async Task<Refused?> DecideAsync(
        RunId run, Func<NpgsqlConnection, State, Task<Refused?>> decide, CancellationToken ct)
    {
        await using (var connection = await db.OpenConnectionAsync(ct))
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await Compensation.Db.WithoutTimeLimitAsync(connection, ct); // a decision may touch all of a run's lines
            if (await StateAsync(connection, run, ct) is not { } state)
                return CompensationRefusals.RunNotFound.With($"There is no run '{run}'.");
            if (await decide(connection, state) is { } refused) return refused;
            await transaction.CommitAsync(ct);
        }

        return await work.BeginAsync(run, ct);
    }

    private static async Task<State?> StateAsync(NpgsqlConnection connection, RunId run, CancellationToken ct)
    {
        await using var command = Compensation.Db.Command(connection, Lock, run.Value);
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? new State(
                row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2),
                row.GetBoolean(3))
            : null;
    }

    private sealed record State(string PreparedBy, string? Decision, string? ReversalBy, bool IsReversed);
}
