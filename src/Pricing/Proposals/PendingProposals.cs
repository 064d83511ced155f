using Guerdon.Approvals;
using Guerdon.Kernel;
using Npgsql;

namespace Guerdon.Pricing.Proposals;

/// <summary>Price lists that wait to be approved.</summary>
internal sealed class PendingProposals(NpgsqlDataSource db) : IPendingDecisions
{
    public string Reads => Permissions.ProposalsRead;

    public async Task<IReadOnlyList<PendingDecision>> ListAsync(InboxReader reader, int most, CancellationToken ct) =>
        // Nobody else has any of their own.
        !reader.SeesAll ? [] : [.. (await ProposalStore.WaitingAsync(db, most, ct)).Select(Of)];

    private static PendingDecision Of(Proposal proposal)
    {
        var doubts = proposal.OutlierCount == 0 ? "" : $", {proposal.OutlierCount:#,0} of them look wrong";
        return new PendingDecision(
            "prices", $"{proposal.Id}",
            $"Put the price list {proposal.Name} into the book: {Wording.Count(proposal.NewCount, "new model")}, "
            + $"{proposal.ChangedCount:#,0} changed{doubts}",
            proposal.Asked, proposal.ImportedAt)
        {
            Link = "/admin/prices", Command = $"guerdon price show {proposal.Id}",
        };
    }
}
