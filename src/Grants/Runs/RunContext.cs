using Guerdon.Approvals;
using Guerdon.Grants.Plans;
using Guerdon.Kernel;
using Guerdon.Plans;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Grants.Runs;

/// <summary>What preparing and deciding runs takes.</summary>
public sealed class RunContext
{
    private readonly NpgsqlDataSource _db;
    private readonly RunPreparation _preparation;
    private readonly RunWork _work;
    private readonly FourEyes _fourEyes;
    private readonly TimeProvider _clock;
    private readonly SetAside _setAside;

    internal RunContext(
        NpgsqlDataSource db, RunPreparation preparation, RunWork work, FourEyes fourEyes, TimeProvider clock)
    {
        (_db, _preparation, _work, _fourEyes, _clock) = (db, preparation, work, fourEyes, clock);
        _setAside = new SetAside(clock);
    }

    private const string Open = """
        select run_id from compensation.v_grant_run
         where plan = $1 and period = $2 and kind = $3 and not rehearsal and reversed_at is null
           and (decision is null or decision = 'approved' and posted < lines)
         order by decision is not null, run_id desc limit 100
        """;

    private const string Decide = """
        update compensation.grant_run
           set decision = $2, decided_by = $3, decided_by_account = $4, decided_by_person = $5, decided_at = $6,
               decided_alone = $7, approved = $8
         where run_id = $1 and decision is null
        """;

    private const string Release = "update compensation.grant_line set live = false where run_id = $1";

    private const string AskReversal = """
        update compensation.grant_run
           set reversal_reason = $2, reversal_by = $3, reversal_by_account = $4, reversal_by_person = $5,
               reversal_at = $6
         where run_id = $1
        """;

    private const string Reverse = """
        update compensation.grant_run
           set reversed_by = $2, reversed_by_account = $3, reversed_by_person = $4, reversed_at = $5,
               reversed_alone = $6
         where run_id = $1
        """;

    internal NpgsqlDataSource Db => _db;
    internal RunPreparation Preparation => _preparation;
    internal FourEyes FourEyes => _fourEyes;

    /// <summary>The plan in effect in a month, or null.</summary>
    internal async Task<Plan?> PlanAsync(string name, Period period, CancellationToken ct)
    {
        await using var connection = await _db.OpenConnectionAsync(ct);
        var (plan, _) = await PlanStore.InEffectAsync(connection, name, period.First, ct);
        return plan is null ? null : PlanFile.ReadApplied(plan.Yaml);
    }

    /// <summary>A plan's runs of a kind for a month that wait to be approved, the newest first, and after them those
    /// that are not posted whole.</summary>
    internal async Task<IReadOnlyList<RunId>> OpenRunsAsync(
        string plan, Period period, string kind, CancellationToken ct) =>
        await _db.ReadAsync(Open, row => row.Id<RunId>("run_id"), [plan, $"{period}", kind], ct);

    /// <summary>Goes on with what was decided before and cut off. Decides nothing.</summary>
    internal Task<Refused?> GoOnAsync(RunId run, CancellationToken ct) => _work.BeginAsync(run, ct);

    /// <summary>
    /// Approves a run and posts it. Approving again goes on where it stopped. Steps, under the run's lock: 1 whether it
    /// is decided, 2 whether they may, 3 whether the run and its lines are what they name, 4 their own lines and the
    /// preparer's aside, 5 the decision.
    /// </summary>
    /// <param name="run">Which.</param>
    /// <param name="approval">What they name and say.</param>
    /// <param name="by">Not whoever prepared it, nor the only one whom it pays.</param>
    /// <param name="ct">Stops it.</param>
    public Task<Refused?> ApproveAsync(RunId run, DecideRun.Approval approval, Actor by, CancellationToken ct) =>
        DecideAsync(run, async (at, state) =>
        {
            if (state.Decision is not null) return state.Decided(run, "approved", by); // 1
            var asked = await RunAsked.OfAsync(at, run, state.PreparedBy, ct);
            var may = await _fourEyes.MayApproveAsync(asked, by, approval.Alone, ct); // 2
            if (may.No is { } no) return GrantRefusals.OwnApproval.With(no);

            if (RunDigest.Differs(run, state, approval.Digest) is { } differs) return differs; // 3
            if (await RunDigest.LinesDifferAsync(at, run, state, ct) is { } changed) return changed;
            await SetAsideAsync(at, run, state, may, ct); // 4
            await at.ExecuteAsync(Decide, // 5
                [
                    run.Value, "approved", by.Name, by.Account, by.Person, _clock.GetUtcNow(), may.Alone, state.Now,
                ], ct);
            return null;
        }, ct);

    /// <summary>Declines a run that nobody approved; what was in it can be prepared again. Whoever prepared it may:
    /// they withdraw it. Declining again changes nothing.</summary>
    public Task<Refused?> DeclineAsync(RunId run, Actor by, CancellationToken ct) =>
        DecideAsync(run, async (at, state) =>
        {
            if (state.Decision is not null) return state.Decided(run, "declined", by);
            var asked = await RunAsked.OfAsync(at, run, state.PreparedBy, ct);
            if (await _fourEyes.WhyNotAsBeneficiaryAsync(asked, by, withdraws: true, ct) is { } no)
                return GrantRefusals.OwnApproval.With(no);

            await at.ExecuteAsync(Decide,
                [run.Value, "declined", by.Name, by.Account, by.Person, _clock.GetUtcNow(), false, null], ct);
            await at.ExecuteAsync(Release, [run.Value], ct);
            return null;
        }, ct);

    /// <summary>Asks for a posted run to be reversed. Reverses nothing yet.</summary>
    public Task<Refused?> AskReversalAsync(RunId run, string reason, Actor by, CancellationToken ct) =>
        DecideAsync(run, async (at, state) =>
        {
            if (state.Decision != "approved") return GrantRefusals.RunDecided.With($"{run} was not approved.");
            if (state.ReversalBy is { } asker)
                return by.Is(asker) ? null
                    : GrantRefusals.RunDecided.With($"{asker.Name} has asked already for {run} to be reversed.");

            await at.ExecuteAsync(
                AskReversal, [run.Value, reason, by.Name, by.Account, by.Person, _clock.GetUtcNow()], ct);
            return null;
        }, ct);

    /// <summary>Agrees that a run is reversed, and reverses it. Again: goes on where it stopped.</summary>
    public Task<Refused?> ApproveReversalAsync(RunId run, bool alone, Actor by, CancellationToken ct) =>
        DecideAsync(run, async (at, state) =>
        {
            if (state.ReversedAt is not null)
                return by.Is(state.ReversedBy!) ? null : state.Decided(run, "approved", by);
            if (state.ReversalBy is not { } asker)
                return GrantRefusals.RunDecided.With($"Nobody asked for {run} to be reversed.");
            var may = await _fourEyes.MayApproveAsync(RunAsked.OfReversal(run, asker), by, alone, ct);
            if (may.No is { } no) return GrantRefusals.OwnApproval.With(no);

            await RunPreparation.LockPlanOfAsync(at, run, ct);
            await at.ExecuteAsync(
                Reverse, [run.Value, by.Name, by.Account, by.Person, _clock.GetUtcNow(), may.Alone], ct);
            await at.ExecuteAsync(Release, [run.Value], ct);
            return null;
        }, ct);

    /// <summary>Whether somebody would decide a run alone, as the only administrator, who asked for it.</summary>
    public async Task<bool> IsAloneAsync(GetRun.Reply run, Actor by, CancellationToken ct) =>
        (await _fourEyes.MayApproveAsync(
            run.ReversalAsker is { } asker ? RunAsked.OfReversal(run.RunId, asker)
                : RunAsked.Of(run.RunId, run.Preparer, only: null, email: null),
            by, saysAlone: true, ct)).Alone;

    // Own lines go aside for another to decide, as long as others' stay. By a plan nobody chose what somebody gets, so
    // that the approver counts as the one who asks for theirs, and whoever prepared the run may decide; an award must
    // stay asked for by whoever chose it.
    private async Task SetAsideAsync(
        NpgsqlConnection at, RunId run, RunState state, FourEyes.Answer may, CancellationToken ct)
    {
        var left = state.Lines;
        var asker = state.Kind == "plan" ? may.By : state.PreparedBy;
        foreach (var (person, askedBy) in new[] { (may.By.Person, asker), (may.Asker.Person, state.PreparedBy) })
        {
            if (person is not { } own) continue;
            var lines = (await SetAside.ShareAsync(at, run, own, ct)).Lines;
            if (lines == 0 || lines == left) continue;
            await _setAside.MoveAsync(at, run, own, askedBy, ct);
            left -= lines;
        }
    }

    private async Task<Refused?> DecideAsync(
        RunId run, Func<NpgsqlConnection, RunState, Task<Refused?>> decide, CancellationToken ct)
    {
        await using (var connection = await _db.OpenConnectionAsync(ct))
        {
            await using var transaction = await connection.BeginAsync(ct);
            await Storage.Db.WithoutTimeLimitAsync(connection, ct); // a decision may touch all of a run's lines
            if (await RunState.LockAsync(connection, run, ct) is not { } state)
                return GrantRefusals.RunNotFound.With($"There is no run '{run}'.");
            if (await decide(connection, state) is { } refused) return refused;
            await transaction.CommitAsync(ct);
        }

        return await _work.BeginAsync(run, ct);
    }
}
