using Guerdon.Kernel;
using Guerdon.Pricing.Book;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Policies;

/// <summary>Reads a policy and says what it would change in the one in force. Changes nothing.</summary>
internal static class CheckPolicy
{
    /// <param name="Version">The policy in force; 0 where there is none.</param>
    /// <param name="Changes">Empty where nothing would change.</param>
    public sealed record Reply(int Version, IReadOnlyList<PolicyChange> Changes);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        HttpRequest request, PriceBook prices, ApplyPolicy.Services services, CancellationToken ct)
    {
        var now = services.Now;
        var current = prices.Current(now);
        var text = await PolicyText.ReadAsync(request, current, services.Members, ct);
        if (!text.Is(out var read, out var no)) return no.ToProblem();

        var applied = await PolicyStore.InForceAsync(services.Db, now, ct);
        var was = applied is null ? null : PolicyFile.Read(applied.Text, static _ => true).Policy;
        return TypedResults.Ok(new Reply(applied?.Version ?? 0, PolicyChanges.Of(was, read.Value, current)));
    }
}
