using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Stipend.Kernel;

namespace Stipend.Compensation;

/// <summary>Takes a plan into effect as a new version; the same content as the newest version again adds
/// none.</summary>
public static class ApplyPlan
{
    /// <param name="Plan">The version in the book.</param>
    /// <param name="Added">False where it was there already.</param>
    public sealed record Reply(AppliedPlan Plan, bool Added);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        HttpRequest request, ClaimsPrincipal caller, NpgsqlDataSource db, TimeProvider clock, CancellationToken ct)
    {
        var (yaml, plan, problem) = await PlanText.ReadAsync(request, ct);
        if (plan is null) return problem!;

        var (applied, added) = await PlanStore.ApplyAsync(db, plan, yaml, Access.NameOf(caller), clock, ct);
        return TypedResults.Ok(new Reply(applied, added));
    }
}

/// <summary>Every version of every plan, newest first; the newest thousand.</summary>
public static class ListPlans
{
    /// <summary>The newest first.</summary>
    public sealed record Reply(IReadOnlyList<AppliedPlan> Plans);

    internal static async Task<Ok<Reply>> Handle(NpgsqlDataSource db, CancellationToken ct) =>
        TypedResults.Ok(new Reply(await PlanStore.AllAsync(db, ct)));
}
