using Guerdon.Approvals;
using Guerdon.Grants.Plans;
using Guerdon.Kernel;
using Guerdon.People;
using Guerdon.People.Employees;
using Guerdon.Plans;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Grants.Phases;

/// <summary>Phases that wait for votes, of all plans by one statement.</summary>
internal sealed class PendingPhases(NpgsqlDataSource db, PeopleDirectory people, FourEyes fourEyes) : IPendingDecisions
{
    private static readonly string Read = Sql.Read("Grants/Phases/PendingPhases.sql");

    /// <summary>A phase that was proposed.</summary>
    /// <param name="State">Without votes.</param>
    /// <param name="Plan">The newest version.</param>
    /// <param name="Votes">Who voted on it, and whether in favour.</param>
    private sealed record Proposed(
        PhaseState State, AppliedPlan Plan, IReadOnlyList<(Actor By, bool InFavour)> Votes);

    public string Reads => Permissions.PlansRead;

    public async Task<IReadOnlyList<PendingDecision>> ListAsync(InboxReader reader, int most, CancellationToken ct)
    {
        if (!reader.SeesAll) return []; // no page of theirs has any
        var proposed = await db.ReadAsync(Read, Of, [most], ct);
        if (proposed.Count == 0) return [];
        var person = reader.Who.Person is { } id ? await people.FindAsync($"{new PersonId(id)}", ct) : null;
        var known = new Dictionary<Actor, Actor>();
        var pending = new List<PendingDecision>();
        foreach (var steps in proposed.GroupBy(one => one.Plan.Name))
        {
            var plan = PlanFile.ReadApplied(steps.First().Plan.Yaml);
            // At most one phase of a plan can wait, since they open in order. A later version may have dropped it.
            var byName = steps.ToLookup(step => step.State.Name);
            if (plan.Phases.FirstOrDefault(p => byName.Contains(p.Name)) is not { } phase) continue;
            var one = byName[phase.Name].First();
            pending.Add(Of(
                one, phase.Votes, person is null ? one.State.Asked! : PhaseGate.AskedOf(one.State, person, plan),
                await HasVotedAsync(one, reader.Who, known, ct)));
        }

        return pending;
    }

    // Whose an account is, is looked up once, however many phases they voted on; and not where the reader is nobody.
    private async Task<bool> HasVotedAsync(
        Proposed one, Actor reader, Dictionary<Actor, Actor> known, CancellationToken ct)
    {
        foreach (var (by, _) in one.Votes)
        {
            if (reader.Is(by)) return true;
            if (reader.Person is null) continue;
            if (!known.TryGetValue(by, out var voter)) known[by] = voter = await fourEyes.KnownAsync(by, ct);
            if (reader.Is(voter)) return true;
        }

        return false;
    }

    private static Proposed Of(Row row)
    {
        var (plan, name, proposer) = (PlanStore.PlanOf(row), row.Text("phase"), row.Actor("proposed_by"));
        var (report, begins) = (row.Text("report"), row.Date("begins_on"));
        var (voters, accounts, persons, inFavour) = (
            row.Get<string[]>("voters"), row.Get<Guid?[]>("accounts"), row.Get<Guid?[]>("people"),
            row.Get<bool[]>("in_favour"));
        return new Proposed(
            new PhaseState(name, 0, "proposed", report, begins, proposer.Name, null, [])
            {
                Digest = PhaseDigest.Of(plan, name, (report, begins), proposer), Proposer = proposer,
                PlanAppliedAt = plan.AppliedAt, ProposedAt = row.Instant("proposed_at"),
            },
            plan,
            [.. voters.Select((voter, i) => (new Actor(voter, persons[i]) { Account = accounts[i] }, inFavour[i]))]);
    }

    private static PendingDecision Of(Proposed one, int votes, Asked asked, bool hasVoted)
    {
        var (plan, state) = (one.Plan.Name, one.State);
        return new PendingDecision(
            "phase", $"{plan}/{state.Name}",
            $"Vote on {state.Name} of {plan}, from {state.BeginsOn!.Value.InWords()}: "
            + $"{one.Votes.Count(vote => vote.InFavour)} of {Wording.Count(Math.Max(1, votes), "vote")} for it so far",
            asked, state.ProposedAt)
        {
            Digest = state.Digest, Link = $"/admin/plans/{Uri.EscapeDataString(plan)}",
            Command = $"guerdon phase list {plan}", IsAnswered = hasVoted,
        };
    }
}
