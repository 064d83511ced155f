using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Grants.Plans;

/// <summary>Takes a plan into effect as a new version; the same content as the newest version again adds
/// none.</summary>
public static class ApplyPlan
{
    /// <param name="Plan">The version in the book.</param>
    /// <param name="Added">False where it was there already.</param>
    public sealed record Reply(AppliedPlan Plan, bool Added);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        HttpRequest request, DateOnly? from, ClaimsPrincipal caller, NpgsqlDataSource db, TimeProvider clock,
        CancellationToken ct)
    {
        var (yaml, plan, problem) = await PlanText.ReadAsync(request, from, ct);
        if (plan is null) return problem!;

        var (applied, added, refused) = await PlanStore.ApplyAsync(db, plan, yaml, Access.NameOf(caller), clock, ct);
        return applied is null ? refused!.ToProblem() : TypedResults.Ok(new Reply(applied, added));
    }

    /// <summary>Takes a plan's file into effect, for a page.</summary>
    /// <returns>The version, or every error of the file, or why it is refused.</returns>
    public static async Task<(Reply? Reply, IReadOnlyList<YamlError> Errors, Refused? Refused)> RunAsync(
        string yaml, string by, NpgsqlDataSource db, TimeProvider clock, CancellationToken ct)
    {
        var (plan, errors) = PlanFile.Read(yaml);
        if (plan is null) return (null, errors, null);

        var (applied, added, refused) = await PlanStore.ApplyAsync(db, plan, yaml, by, clock, ct);
        return (applied is null ? null : new Reply(applied, added), [], refused);
    }
}
