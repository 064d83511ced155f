using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Stipend.Kernel;

namespace Stipend.Gateway;

/// <summary>The policy in force, for everybody whom it binds; other versions for administrators.</summary>
public static class GetPolicy
{
    /// <param name="Policy">The version in force; null: there is none, and everything is allowed.</param>
    /// <param name="Switch">Its last turn; null: it was never closed by hand.</param>
    public sealed record Reply(AppliedPolicy? Policy, GatewaySwitch? Switch);

    internal static async Task<Ok<Reply>> InForce(NpgsqlDataSource db, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var (versions, turned, _) = await PolicyStore.ReadAsync(db, now, ct);
        return TypedResults.Ok(new Reply(versions.FirstOrDefault(v => v.EffectiveFrom <= now), turned));
    }

    internal static async Task<Results<Ok<AppliedPolicy>, ProblemHttpResult>> Version(
        int version, NpgsqlDataSource db, CancellationToken ct) =>
        await PolicyStore.FindAsync(db, version, ct) is { } policy
            ? TypedResults.Ok(policy)
            : PolicyRefusals.NotFound.ToProblem($"There is no version {version} of the policy.");
}
