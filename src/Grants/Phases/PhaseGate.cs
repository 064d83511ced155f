using Guerdon.Approvals;
using Guerdon.Grants.Plans;
using Guerdon.Kernel;
using Guerdon.People;
using Guerdon.People.Employees;
using Guerdon.Plans;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Grants.Phases;

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
    DateTimeOffset? OpenedAt, IReadOnlyList<PhaseVote> Cast)
{
    /// <summary>What a vote names: 64 hexadecimal digits over all that it would open; null: nothing
    /// waits for votes.</summary>
    public string? Digest { get; init; }

    internal Actor? Proposer { get; init; }

    /// <summary>When it was put to the vote.</summary>
    internal DateTimeOffset ProposedAt { get; init; }

    internal Asked? Asked => Proposer is null ? null
        : new(Proposer, $"{Proposer.Name} proposed {Name}", $"{Proposer.Name}, who proposed it")
        {
            Permission = Permissions.PhasesVote, Beneficiaries = [], LoneAllowed = true,
        };

    /// <summary>When the version of the plan was applied that the votes are on.</summary>
    internal DateTimeOffset PlanAppliedAt { get; init; }
}

/// <summary>One administrator's vote; it may be changed until the phase opens.</summary>
public sealed record PhaseVote(string Voter, bool InFavour, string Reason, DateTimeOffset VotedAt)
{
    internal Actor By { get; init; } = Actor.Guerdon;
}

/// <summary>The gate between a plan's phases: a report, a first day and votes. Phases open in the plan's order, never
/// by their proposer's vote alone, and nobody votes on a phase that brings the plan to themselves.</summary>
public sealed class PhaseGate(NpgsqlDataSource db, PeopleDirectory people, FourEyes fourEyes, TimeProvider clock)
{
    private const int MostReport = 20_000;

    private const string Steps = """
        select phase, report, begins_on, opened_at, proposed_by, proposed_by_account, proposed_by_person, proposed_at
          from compensation.phase_step where plan = $1
        """;

    private const string Votes = """
        select phase, in_favour, reason, voted_at, voter, voter_account, voter_person
          from compensation.phase_vote where plan = $1 order by voted_at
        """;

    private const string ForgetVotes = "delete from compensation.phase_vote where plan = $1 and phase = $2";

    // Votes for an older version must not count: they were on what the plan said then.
    private const string ForgetOlder = """
        delete from compensation.phase_vote where plan = $1 and phase = $2 and voted_at < $3
        """;

    private const string Put = """
        insert into compensation.phase_step (
            plan, phase, report, begins_on, proposed_by, proposed_at, proposed_by_account, proposed_by_person)
        values ($1, $2, $3, $4, $5, $6, $7::uuid, $8::uuid)
        on conflict (plan, phase) do update set report = excluded.report, begins_on = excluded.begins_on,
            proposed_by = excluded.proposed_by, proposed_at = excluded.proposed_at,
            proposed_by_account = excluded.proposed_by_account, proposed_by_person = excluded.proposed_by_person
        """;

    private const string Cast = """
        insert into compensation.phase_vote (
            plan, phase, voter, in_favour, reason, voted_at, voter_account, voter_person)
        values ($1, $2, $3, $4, $5, $6, $7::uuid, $8::uuid)
        on conflict (plan, phase, voter) do update set in_favour = excluded.in_favour, reason = excluded.reason,
            voted_at = excluded.voted_at, voter_account = excluded.voter_account, voter_person = excluded.voter_person
        """;

    // A vote is an account's, so whoever had that address before keeps their vote.
    private const string KeepOthers = """
        with theirs as (
            delete from compensation.phase_vote
             where plan = $1 and phase = $2 and voter = $3 and voter_account is not null and voter_account <> $4::uuid
            returning *
        )
        insert into compensation.phase_vote (
            plan, phase, voter, in_favour, reason, voted_at, voter_account, voter_person)
        select plan, phase, voter || ' (acc_' || replace(voter_account::text, '-', '') || ')', in_favour, reason,
               voted_at, voter_account, voter_person
          from theirs
        """;

    // By any account and under any name, since one person has one vote.
    private const string ForgetVote = """
        delete from compensation.phase_vote where plan = $1 and phase = $2 and voter = $3
        """;

    private const string Open = """
        update compensation.phase_step set opened_at = $3, opened_alone = $4 where plan = $1 and phase = $2
        """;

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
    public Task<Result<PhaseState>> ProposeAsync(
        string plan, string phase, VotePhase.Proposal asked, Actor by, CancellationToken ct) =>
        ChangeAsync(plan, phase, async (at, state) =>
        {
            if (state.State == "open") return IsOpen(state);
            if (string.IsNullOrWhiteSpace(asked.Report) || asked.Report.Length > MostReport)
                return GrantRefusals.PhaseInvalid.With($"The report must have 1 to {MostReport} characters.");
            var month = new Period(DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
            if (asked.BeginsOn.Day != 1 || asked.BeginsOn < month.First)
                return GrantRefusals.FirstDayInvalid.With(
                    $"{asked.BeginsOn.Iso()} is not the first day of a month from {month} on.");
            if (state.Report == asked.Report.Trim() && state.BeginsOn == asked.BeginsOn) return null;

            await at.ExecuteAsync(ForgetVotes, [plan, phase], ct);
            await at.ExecuteAsync(Put,
                [
                    plan, phase, asked.Report.Trim(), asked.BeginsOn, by.Name, clock.GetUtcNow(), by.Account, by.Person,
                ], ct);
            return null;
        }, ct);

    /// <summary>Votes on a phase that was proposed, by its digest, or changes a vote; opens it where
    /// enough are for it and more than are against it, and somebody other than its proposer is.</summary>
    public Task<Result<PhaseState>> VoteAsync(
        string plan, string phase, VotePhase.Ballot ballot, Actor by, CancellationToken ct) =>
        ChangeAsync(plan, phase, async (at, state) =>
        {
            var before = await OwnAsync(state.Cast, by, ct);
            if (state.State == "open") // the same vote again is answered the same
                return before.Any(v => v.InFavour == ballot.InFavour) ? null : IsOpen(state);
            if (state.Report is null) return GrantRefusals.PhaseInvalid.With($"Nobody proposed {phase} yet.");
            if (Reason.Check(GrantRefusals.ReasonInvalid, ballot.Reason) is { } unsaid) return unsaid;
            var asked = await AskedOfAsync(at, plan, state, by, ct);
            if (await fourEyes.WhyNotAsBeneficiaryAsync(asked, by, withdraws: false, ct) is { } own)
                return GrantRefusals.OwnApproval.With(own);
            if (PhaseDigest.Differs(state, ballot.Digest) is { } differs) return differs;
            foreach (var vote in state.Cast.Except(before))
                if (await fourEyes.AreLinkedAsync(by, vote.By, ct))
                    return GrantRefusals.OwnApproval.With(
                        ApprovalRules.Why(Verdict.Linked, asked with { Deed = $"{vote.Voter} has voted" })!);

            await at.ExecuteAsync(ForgetOlder, [plan, phase, state.PlanAppliedAt], ct);
            foreach (var vote in before) await at.ExecuteAsync(ForgetVote, [plan, phase, vote.Voter], ct);
            await at.ExecuteAsync(KeepOthers, [plan, phase, by.Name, by.Account], ct);
            await at.ExecuteAsync(Cast,
                [
                    plan, phase, by.Name, ballot.InFavour, ballot.Reason.Trim(),
                    clock.GetUtcNow(), by.Account, by.Person,
                ], ct);
            var others = state with { Cast = [.. state.Cast.Except(before)] };
            return await CountAsync(at, plan, others, (asked, ballot), by, ct);
        }, ct);

    private async Task<List<PhaseVote>> OwnAsync(IReadOnlyList<PhaseVote> cast, Actor by, CancellationToken ct)
    {
        var own = new List<PhaseVote>();
        foreach (var vote in cast)
            if (await fourEyes.AreOneAsync(by, vote.By, ct)) own.Add(vote);
        return own;
    }

    /// <summary>Why a phase is not theirs to vote on, or null.</summary>
    public async Task<Refused?> WhyNotTheirsAsync(string plan, string phase, Actor by, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var states = await StatesAsync(connection, plan, ct);
        if (states?.FirstOrDefault(s => s.Name == phase && s.Asked is not null) is not { } state) return null;
        var asked = await AskedOfAsync(connection, plan, state, by, ct);
        return await fourEyes.WhyNotAsBeneficiaryAsync(asked, by, withdraws: false, ct) is { } own
            ? GrantRefusals.OwnApproval.With(own) : null;
    }

    private async Task<Refused?> CountAsync(
        NpgsqlConnection at, string plan, PhaseState state, (Asked Asked, VotePhase.Ballot Ballot) vote, Actor by,
        CancellationToken ct)
    {
        var (asked, ballot) = vote;
        if (!IsCarried([.. state.Cast.Select(v => v.InFavour), ballot.InFavour], state.Votes)) return null;

        var isAlone = false;
        if (!state.Cast.Any(v => v.InFavour))
        {
            var may = await fourEyes.MayApproveAsync(asked, by, ballot.Alone, ct);
            if (may.No is not null) return null; // their vote stands, and waits for another's
            isAlone = may.Alone;
        }

        await at.ExecuteAsync(Open, [plan, state.Name, clock.GetUtcNow(), isAlone], ct);
        return null;
    }

    // For the voter, it also asks whether the phase would bring the plan to them, which only an open phase that reaches
    // them already rules out: nobody may vote for their own benefit.
    private async Task<Asked> AskedOfAsync(
        NpgsqlConnection at, string plan, PhaseState state, Actor by, CancellationToken ct)
    {
        if ((await fourEyes.KnownAsync(by, ct)).Person is not { } own
            || await people.FindAsync($"{new PersonId(own)}", ct) is not { } person
            || await PlanStore.NewestAsync(at, plan, ct) is not { } applied) return state.Asked!;
        return AskedOf(state, person, PlanFile.ReadApplied(applied.Yaml));
    }

    /// <summary>The same of a person whom the caller knows, and the plan's newest version. No I/O.</summary>
    internal static Asked AskedOf(PhaseState state, Person person, Plan terms)
    {
        var index = terms.Phases.ToList().FindIndex(p => p.Name == state.Name);
        if (index < 1 || terms.Eligible.Excludes(person) is not null
            || terms.Phases[index].Eligible.Excludes(person) is not null
            || terms.Phases[index - 1].Eligible.Excludes(person) is null) return state.Asked!;
        return state.Asked! with
        {
            Beneficiaries = [person.Id.Value],
            Benefit = $"{state.Name} would bring the plan to you, whom {terms.Phases[index - 1].Name} does not reach",
            NotWho = "nobody whom it brings the plan to",
        };
    }

    private static Refused IsOpen(PhaseState state) =>
        GrantRefusals.PhaseOpen.With(
            $"{state.Name} is open{(state.OpenedAt is { } at ? $" since {Wording.Utc(at)}" : "")}.");

    /// <summary>Whether votes open a phase. No I/O.</summary>
    internal static bool IsCarried(IReadOnlyList<bool> votes, int needed)
    {
        var inFavour = votes.Count(v => v);
        return inFavour >= Math.Max(1, needed) && inFavour > votes.Count - inFavour;
    }

    // The next phase of the plan, and only that one, can be changed; one change at a time, and no new version of the
    // plan meanwhile. What is open is the change's to answer.
    private async Task<Result<PhaseState>> ChangeAsync(
        string plan, string phase, Func<NpgsqlConnection, PhaseState, Task<Refused?>> change, CancellationToken ct)
    {
        if (plan.Contains('\0', StringComparison.Ordinal)) return Unknown(plan, phase);
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await PlanStore.LockAsync(connection, plan, ct);
        var states = await StatesAsync(connection, plan, ct);
        if (states?.FirstOrDefault(s => s.Name == phase) is not { } state) return Unknown(plan, phase);
        if (state.State != "open" && states.First(s => s.State != "open") is var next && next.Name != phase)
            return GrantRefusals.PhaseInvalid.With($"{next.Name} comes before {phase}.");
        if (await change(connection, state) is { } refused) return refused;

        var after = (await StatesAsync(connection, plan, ct))!.First(s => s.Name == phase);
        await transaction.CommitAsync(ct);
        return after;
    }

    private static Refused Unknown(string plan, string phase) =>
        GrantRefusals.PhaseNotFound.With($"The plan '{plan}' has no phase '{phase}'.");

    private static async Task<IReadOnlyList<PhaseState>?> StatesAsync(
        NpgsqlConnection connection, string plan, CancellationToken ct)
    {
        if (await PlanStore.NewestAsync(connection, plan, ct) is not { } applied) return null;
        var votes = (await connection.ReadAsync(Votes, VoteOf, [plan], ct)).ToLookup(v => v.Phase, v => v.Vote);
        var steps = (await connection.ReadAsync(Steps, row => StateOf(row, applied, votes), [plan], ct))
            .ToDictionary(s => s.Name, StringComparer.Ordinal);
        return [.. PlanFile.ReadApplied(applied.Yaml).Phases.Select((p, i) =>
            steps.TryGetValue(p.Name, out var step) ? step with { Votes = p.Votes }
            : new PhaseState(p.Name, p.Votes, i == 0 ? "open" : "ahead", null, null, null, null, []))];
    }

    private static PhaseState StateOf(Row row, AppliedPlan applied, ILookup<string, PhaseVote> votes)
    {
        var (name, report, begins) = (row.Text("phase"), row.Text("report"), row.Date("begins_on"));
        var (openedAt, proposer) = (row.InstantOrNull("opened_at"), row.Actor("proposed_by"));
        var isOpen = openedAt is not null;
        return new PhaseState(
            name, 0, isOpen ? "open" : "proposed", report, begins, proposer.Name, openedAt,
            [.. votes[name].Where(v => isOpen || v.VotedAt >= applied.AppliedAt)])
        {
            Digest = isOpen ? null : PhaseDigest.Of(applied, name, (report, begins), proposer),
            Proposer = proposer, PlanAppliedAt = applied.AppliedAt, ProposedAt = row.Instant("proposed_at"),
        };
    }

    private static (string Phase, PhaseVote Vote) VoteOf(Row row)
    {
        var by = row.Actor("voter");
        return (row.Text("phase"),
            new PhaseVote(by.Name, row.Bool("in_favour"), row.Text("reason"), row.Instant("voted_at")) { By = by });
    }
}
