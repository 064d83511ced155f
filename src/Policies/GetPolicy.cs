using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Policies;

/// <summary>The policy in force, for everybody whom it binds; other versions for administrators.</summary>
internal static class GetPolicy
{
    /// <param name="Policy">The version in force; null: there is none, and everything is allowed.</param>
    /// <param name="Switch">Its last turn; null: it was never closed by hand.</param>
    /// <param name="For">Whose section binds the caller, such as <c>plan pilot</c>; null: the rules for all do.</param>
    public sealed record Reply(AppliedPolicy? Policy, GatewaySwitch? Switch, string? For);

    internal static async Task<Ok<Reply>> InForce(
        NpgsqlDataSource db, CurrentPolicy book, ClaimsPrincipal caller, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var (versions, turned, _) = await PolicyStore.ReadAsync(db, now, ct);
        var whom = Access.PersonOf(caller) is { } person ? book.InForce(new WalletId(person))?.Whom : null;
        return TypedResults.Ok(new Reply(versions.FirstOrDefault(v => v.EffectiveFrom <= now), turned, whom));
    }

    internal static async Task<Results<Ok<AppliedPolicy>, ProblemHttpResult>> Version(
        int version, NpgsqlDataSource db, CancellationToken ct) =>
        await PolicyStore.FindAsync(db, version, ct) is { } policy
            ? TypedResults.Ok(policy)
            : PolicyRefusals.NotFound.ToProblem($"There is no version {version} of the policy.");
}
