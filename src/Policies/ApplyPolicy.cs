using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.Pricing.Book;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Policies;

/// <summary>Takes a policy into force on every node, now or at a time to come; the same text again is the
/// same version.</summary>
internal static class ApplyPolicy
{
    /// <param name="Policy">The version.</param>
    /// <param name="Added">False where it was applied before.</param>
    public sealed record Reply(AppliedPolicy Policy, bool Added);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        HttpRequest request, DateTimeOffset? from, ClaimsPrincipal caller, PriceBook prices, Services services,
        CancellationToken ct)
    {
        var now = services.Now;
        var text = await PolicyText.ReadAsync(request, prices.Current(now), services.Members, ct);
        if (!text.Is(out var read, out var no)) return no.ToProblem();
        if (from < now) return PolicyRefusals.FromPast.ToProblem($"{Wording.Utc(from)} is past.");

        var (applied, added) = await PolicyStore.ApplyAsync(
            services.Db, read.Yaml, from?.ToUniversalTime(), now, Access.NameOf(caller), ct);
        await services.Book.ReloadAsync(ct); // here without waiting for the notification
        return TypedResults.Ok(new Reply(applied, added));
    }

    /// <summary>What changing the policy takes.</summary>
    internal sealed class Services(NpgsqlDataSource db, CurrentPolicy book, IMemberships members, TimeProvider clock)
    {
        public NpgsqlDataSource Db => db;
        public CurrentPolicy Book => book;
        public IMemberships Members => members;

        /// <summary>As PostgreSQL stores it.</summary>
        public DateTimeOffset Now => clock.NowMicros();
    }
}
