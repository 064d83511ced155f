using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Pricing.Proposals;

/// <summary>Closes a proposal without a change to the book; whoever imported it may, too. Declining again
/// changes nothing.</summary>
internal static class DeclineProposal
{
    /// <param name="Proposal">As it is decided.</param>
    /// <param name="Done">False where it was declined before.</param>
    public sealed record Reply(Proposal Proposal, bool Done);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string id, ClaimsPrincipal caller, NpgsqlDataSource db, TimeProvider clock, CancellationToken ct)
    {
        if (!ProposalId.TryParse(id, out var known)) return GetProposal.Unknown(id).ToProblem();
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await Locks.InTransactionAsync(connection, ProposalStore.BookLock, ct);
        if (await ProposalStore.FindAsync(connection, known, ct) is not { Proposal: var proposal })
            return GetProposal.Unknown(id).ToProblem();
        var by = Actor.Of(caller);
        if (proposal.Decision is { IsApproved: false } same && by.Is(same.Decider))
            return TypedResults.Ok(new Reply(proposal, Done: false));
        if (proposal.Decision is { } made)
            return PricingRefusals.ProposalDecided.ToProblem(
                $"{made.By} {(made.IsApproved ? "approved" : "declined")} it on {made.At:yyyy-MM-dd}.");

        var decision = new Decision(false, by.Name, clock.GetUtcNow(), null, false) { Decider = by };
        await ProposalStore.DecideAsync(connection, known, decision, ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(new Reply(proposal with { Decision = decision }, Done: true));
    }
}
