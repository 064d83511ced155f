using Guerdon.Kernel;
using Guerdon.Pricing.Book;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Policies;

/// <summary>Reads a policy and says what it would change in the one in force. Changes nothing.</summary>
internal static class CheckPolicy
{
    /// <param name="Version">The policy in force; 0 where there is none.</param>
    /// <param name="Changes">Empty where nothing would change.</param>
    public sealed record Reply(int Version, IReadOnlyList<PolicyChange> Changes);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        HttpRequest request, PriceBook prices, IMemberships members, NpgsqlDataSource db, TimeProvider clock,
        CancellationToken ct)
    {
        if (!(await PolicyText.ReadAsync(request, ct)).Is(out var yaml, out var no)) return no.ToProblem();
        var now = clock.NowMicros();
        var current = prices.Current(now);
        await using var connection = await db.OpenConnectionAsync(ct);
        var text = PolicyText.Of(yaml, current, await members.NamesAsync(connection, ct));
        if (!text.Is(out var read, out no)) return no.ToProblem();

        var applied = await PolicyStore.InForceAsync(connection, now, ct);
        var was = applied is null ? null : PolicyFile.ReadApplied(applied.Text);
        return TypedResults.Ok(new Reply(applied?.Version ?? 0, PolicyChanges.Of(was, read.Value, current)));
    }
}
