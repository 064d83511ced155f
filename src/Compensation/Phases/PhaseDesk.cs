using Npgsql;
using Stipend.Kernel;

namespace Stipend.Compensation;

/// <summary>A phase of a plan, and how far it is.</summary>
/// <param name="Name">As the plan has it.</param>
/// <param name="Votes">How many must be for it; the first phase needs none.</param>
/// <param name="State">open, proposed, or ahead.</param>
/// <param name="Report">What those who vote have before them.</param>
/// <param name="BeginsOn">The first day it counts on.</param>
/// <param name="ProposedBy">Who put it to the vote.</param>
/// <param name="OpenedAt">When its votes were reached.</param>
/// <param name="Cast">Each administrator's vote.</param>
public sealed record PhaseState(
    string Name, int Votes, string State, string? Report, DateOnly? BeginsOn, string? ProposedBy,
    DateTimeOffset? OpenedAt, IReadOnlyList<PhaseVote> Cast);

/// <summary>One administrator's vote; it may be changed until the phase opens.</summary>
public sealed record PhaseVote(string Voter, bool InFavour, string Reason, DateTimeOffset VotedAt);

/// <summary>The gate between a plan's phases: a report, a first day and votes. Phases open in the plan's
/// order.</summary>
public sealed class PhaseDesk(NpgsqlDataSource db, TimeProvider clock)
{
    private const int MostReport = 20_000;
    private const int MostReason = 1_000;

    private const string OneAtATime = "select pg_advisory_xact_lock(hashtextextended('compensation.phase/' || $1, 0))";

    private const string Steps = """
        select phase, report, begins_on, proposed_by, opened_at from compensation.phase_step where plan = $1
        """;

    private const string Votes = """
        select phase, voter, in_favour, reason, voted_at from compensation.phase_vote where plan = $1 order by voted_at
        """;

    private const string ForgetVotes = "delete from compensation.phase_vote where plan = $1 and phase = $2";

    private const string Put = """
        insert into compensation.phase_step (plan, phase, report, begins_on, proposed_by, proposed_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (plan, phase) do update set report = excluded.report, begins_on = excluded.begins_on,
            proposed_by = excluded.proposed_by, proposed_at = excluded.proposed_at
        """;

    private const string Cast = """
        insert into compensation.phase_vote (plan, phase, voter, in_favour, reason, voted_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (plan, phase, voter) do update set in_favour = excluded.in_favour, reason = excluded.reason,
            voted_at = excluded.voted_at
        """;

    private const string Open = "update compensation.phase_step set opened_at = $3 where plan = $1 and phase = $2";

    /// <summary>The phases of the newest version of a plan, in order; null: there is no such plan.</summary>
    public async Task<IReadOnlyList<PhaseState>?> ListAsync(string plan, CancellationToken ct)
    {
        if (plan.Contains('\0', StringComparison.Ordinal)) return null;
        await using var connection = await db.OpenConnectionAsync(ct);
        return await StatesAsync(connection, plan, ct);
    }

    /// <summary>Puts the next phase to the vote. Another report for it replaces the first, and its votes.</summary>
    /// <param name="plan">Whose phase.</param>
    /// <param name="phase">The next one that is not open.</param>
    /// <param name="asked">The report and the first day.</param>
    /// <param name="by">Who proposes.</param>
    /// <param name="ct">Stops it.</param>
    public Task<(PhaseState? State, Refused? Refused)> ProposeAsync(
        string plan, string phase, VotePhase.Proposal asked, string by, CancellationToken ct) =>
        ChangeAsync(plan, phase, async (at, state) =>
        {
            if (string.IsNullOrWhiteSpace(asked.Report) || asked.Report.Length > MostReport)
                return CompensationRefusals.PhaseInvalid.With($"The report must have 1 to {MostReport} characters.");
            var month = new Period(DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
            if (asked.BeginsOn.Day != 1 || asked.BeginsOn < month.First)
                return CompensationRefusals.FirstDayInvalid.With(
                    $"{LineText.Iso(asked.BeginsOn)} is not the first day of a month from {month} on.");
            if (state.Report == asked.Report.Trim() && state.BeginsOn == asked.BeginsOn) return null;

            await Db.ExecuteAsync(at, ForgetVotes, [plan, phase], ct);
            await Db.ExecuteAsync(at, Put, [plan, phase, asked.Report.Trim(), asked.BeginsOn, by, clock.GetUtcNow()],
                ct);
            return null;
        }, ct);

    /// <summary>Votes on a phase that was proposed, or votes otherwise than before; opens it where enough are for it
    /// and more than are against it.</summary>
    public Task<(PhaseState? State, Refused? Refused)> VoteAsync(
        string plan, string phase, VotePhase.Ballot ballot, string by, CancellationToken ct) =>
        ChangeAsync(plan, phase, async (at, state) =>
        {
            if (state.Report is null) return CompensationRefusals.PhaseInvalid.With($"Nobody proposed {phase} yet.");
            if (string.IsNullOrWhiteSpace(ballot.Reason) || ballot.Reason.Length > MostReason)
                return CompensationRefusals.ReasonInvalid.With($"The reason must have 1 to {MostReason} characters.");

            await Db.ExecuteAsync(
                at, Cast, [plan, phase, by, ballot.InFavour, ballot.Reason.Trim(), clock.GetUtcNow()], ct);
            var others = state.Cast.Where(v => v.Voter != by).Select(v => v.InFavour).ToList();
            if (IsCarried([.. others, ballot.InFavour], state.Votes))
                await Db.ExecuteAsync(at, Open, [plan, phase, clock.GetUtcNow()], ct);
            return null;
        }, ct);

    /// <summary>Whether votes open a phase. No I/O.</summary>
    internal static bool IsCarried(IReadOnlyList<bool> votes, int needed)
    {
        var inFavour = votes.Count(v => v);
        return inFavour >= Math.Max(1, needed) && inFavour > votes.Count - inFavour;
    }

    // The next phase of the plan, and only that one, can be changed; one change at a time.
    private async Task<(PhaseState?, Refused?)> ChangeAsync(
        string plan, string phase, Func<NpgsqlConnection, PhaseState, Task<Refused?>> change, CancellationToken ct)
    {
        if (plan.Contains('\0', StringComparison.Ordinal)) return (null, Unknown(plan, phase));
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Db.ExecuteAsync(connection, OneAtATime, [plan], ct);
        var states = await StatesAsync(connection, plan, ct);
        if (states?.FirstOrDefault(s => s.Name == phase) is not { } state) return (null, Unknown(plan, phase));
        if (state.State == "open") return (null, CompensationRefusals.PhaseOpen.With($"{phase} is open."));
        if (states.First(s => s.State != "open") is var next && next.Name != phase)
            return (null, CompensationRefusals.PhaseInvalid.With($"{next.Name} comes before {phase}."));
        if (await change(connection, state) is { } refused) return (null, refused);

        var after = (await StatesAsync(connection, plan, ct))!.First(s => s.Name == phase);
        await transaction.CommitAsync(ct);
        return (after, null);
    }

    private static Refused Unknown(string plan, string phase) =>
        CompensationRefusals.PhaseNotFound.With($"The plan '{plan}' has no phase '{phase}'.");

    private static async Task<IReadOnlyList<PhaseState>?> StatesAsync(
        NpgsqlConnection connection, string plan, CancellationToken ct)
    {
        if (await PlanStore.NewestAsync(connection, plan, ct) is not { } applied) return null;
        var votes = await VotesAsync(connection, plan, ct);
        var steps = new Dictionary<string, PhaseState>(StringComparer.Ordinal);
        await using var command = Db.Command(connection, Steps, plan);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            var (name, isOpen) = (row.GetString(0), !row.IsDBNull(4));
            steps[name] = new PhaseState(
                name, 0, isOpen ? "open" : "proposed", row.GetString(1), row.GetFieldValue<DateOnly>(2),
                    row.GetString(3),
                isOpen ? row.GetFieldValue<DateTimeOffset>(4) : null, [.. votes[name]]);
        }

        return [.. PlanFile.ReadApplied(applied.Yaml).Phases.Select((p, i) =>
            steps.TryGetValue(p.Name, out var step) ? step with { Votes = p.Votes }
            : new PhaseState(p.Name, p.Votes, i == 0 ? "open" : "ahead", null, null, null, null, []))];
    }

    private static async Task<ILookup<string, PhaseVote>> VotesAsync(
        NpgsqlConnection connection, string plan, CancellationToken ct)
    {
        var votes = new List<(string Phase, PhaseVote Vote)>();
        await using var command = Db.Command(connection, Votes, plan);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            votes.Add((row.GetString(0), new PhaseVote(
                row.GetString(1), row.GetBoolean(2), row.GetString(3), row.GetFieldValue<DateTimeOffset>(4))));
        return votes.ToLookup(v => v.Phase, v => v.Vote);
    }
}
