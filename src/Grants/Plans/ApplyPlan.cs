using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Grants.Plans;

/// <summary>Takes a plan into effect as a new version; the same content as the newest version
/// again adds none.</summary>
public static class ApplyPlan
{
    /// <param name="Plan">The version that is saved.</param>
    /// <param name="Added">False where it was there already.</param>
    public sealed record Reply(AppliedPlan Plan, bool Added);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        HttpRequest request, DateOnly? from, ClaimsPrincipal caller, NpgsqlDataSource db, TimeProvider clock,
        CancellationToken ct)
    {
        var text = await PlanText.ReadAsync(request, from, ct);
        if (!text.Is(out var read, out var no)) return no.ToProblem();

        var applied = await PlanStore.ApplyAsync(db, read.Value, read.Yaml, Access.NameOf(caller), clock, ct);
        return applied.Select(one => new Reply(one.Plan, one.Added)).ToHttp();
    }

    /// <summary>Takes a plan's file into effect, for a page.</summary>
    /// <returns>The version, or why not, with every error of the file.</returns>
    public static async Task<Result<Reply>> RunAsync(
        string yaml, string by, NpgsqlDataSource db, TimeProvider clock, CancellationToken ct)
    {
        var (plan, errors) = PlanFile.Read(yaml);
        if (plan is null) return GrantRefusals.PlanInvalid.With("The plan has errors.") with { Errors = errors };

        var applied = await PlanStore.ApplyAsync(db, plan, yaml, by, clock, ct);
        return applied.Select(one => new Reply(one.Plan, one.Added));
    }
}
