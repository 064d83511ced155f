using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Grants.Plans;

/// <summary>Every version of every plan, newest first; the newest thousand.</summary>
public static class ListPlans
{
    /// <summary>The newest first.</summary>
    public sealed record Reply(IReadOnlyList<AppliedPlan> Plans);

    internal static async Task<Ok<Reply>> Handle(NpgsqlDataSource db, CancellationToken ct) =>
        TypedResults.Ok(new Reply(await RunAsync(db, ct)));

    /// <summary>By name, and of one plan the newest first.</summary>
    public static async Task<IReadOnlyList<AppliedPlan>> RunAsync(NpgsqlDataSource db, CancellationToken ct) =>
        await PlanStore.AllAsync(db, ct);
}
