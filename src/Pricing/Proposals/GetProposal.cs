using Guerdon.Kernel;
using Guerdon.Pricing.PriceImports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Pricing.Proposals;

/// <summary>Proposals: two hundred, or one with all it would change.</summary>
internal static class GetProposal
{
    /// <summary>Those that wait, the oldest first, then the newest; two hundred at most.</summary>
    public sealed record Page(IReadOnlyList<Proposal> Proposals);

    /// <summary>A proposal, what its list has that is not taken, and each price that it changes.</summary>
    public sealed record Reply(Proposal Proposal, IReadOnlyList<Skip> Skips, IReadOnlyList<ProposalLine> Lines);

    internal static async Task<Ok<Page>> All(NpgsqlDataSource db, CancellationToken ct) =>
        TypedResults.Ok(new Page(await ProposalStore.ListAsync(db, ct)));

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> One(
        string id, NpgsqlDataSource db, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var found = ProposalId.TryParse(id, out var known)
            ? await ProposalStore.FindAsync(connection, known, ct) : null;
        return found is null
            ? Unknown(id).ToProblem()
            : TypedResults.Ok(new Reply(found.Proposal, found.Skips, found.Lines));
    }

    internal static Refused Unknown(string id) => PricingRefusals.ProposalNotFound.With($"There is no proposal {id}.");
}
