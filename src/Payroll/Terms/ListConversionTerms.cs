using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Payroll.Terms;

/// <summary>Every version of the terms, newest first.</summary>
internal static class ListConversionTerms
{
    /// <param name="Terms">The newest first.</param>
    /// <param name="Doubts">Of those that are in effect or will be: why they would be refused today.</param>
    public sealed record Reply(IReadOnlyList<AppliedTerms> Terms, IReadOnlyList<TermsDoubts.Doubt> Doubts);

    internal static async Task<Ok<Reply>> Handle(
        NpgsqlDataSource db, RateBooks books, TimeProvider clock, CancellationToken ct)
    {
        var (now, all) = (clock.GetUtcNow(), await ConversionTermsStore.AllAsync(db, ct));
        var doubts = TermsDoubts.Of(all, await books.AtAsync(now, ct), DateOnly.FromDateTime(now.UtcDateTime));
        return TypedResults.Ok(new Reply(all, doubts));
    }
}
