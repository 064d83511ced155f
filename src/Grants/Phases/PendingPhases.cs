using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Grants.Phases;

/// <summary>Phases that wait for votes.</summary>
internal sealed class PendingPhases(NpgsqlDataSource db, PhaseGate gate) : IPendingDecisions
{
    private const string Read = """
        select plan from compensation.phase_step where opened_at is null
         group by plan order by min(proposed_at), plan limit $1
        """;

    public async Task<IReadOnlyList<PendingDecision>> ListAsync(InboxReader reader, int most, CancellationToken ct)
    {
        if (!reader.Decides) return []; // no page of theirs has any
        var pending = new List<PendingDecision>();
        foreach (var plan in await db.ReadAsync(Read, row => row.Text("plan"), [most], ct))
            // At most one phase of a plan can wait, since they open in order.
            if (await gate.ProposedAsync(plan, reader.Who, ct) is { } proposed)
                pending.Add(Of(plan, proposed));
        return pending;
    }

    private static PendingDecision Of(string plan, PhaseGate.Proposed proposed)
    {
        var state = proposed.State;
        var inFavour = state.Cast.Count(vote => vote.InFavour);
        return new PendingDecision(
            "phase", $"{plan}/{state.Name}",
            $"Vote on {state.Name} of {plan}, from {state.BeginsOn!.Value.InWords()}: {inFavour} of "
            + $"{Wording.Count(Math.Max(1, state.Votes), "vote")} for it so far",
            proposed.Asked, state.ProposedAt)
        {
            Digest = state.Digest, Link = $"/admin/plans/{Uri.EscapeDataString(plan)}",
            Command = $"guerdon phase list {plan}", IsAnswered = proposed.HasVoted,
        };
    }
}
