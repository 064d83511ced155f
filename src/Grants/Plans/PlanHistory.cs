using Guerdon.Approvals.Inputs;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Grants.Plans;

/// <summary>The versions of one plan: what each says, and what it changed.</summary>
public static class PlanHistory
{
    /// <summary>A version, and what differs from the one before it.</summary>
    public sealed record Change(
        int Version, DateOnly EffectiveFrom, DateTimeOffset AppliedAt, string AppliedBy,
        IReadOnlyList<YamlChange> Changes);

    /// <param name="Name">The plan.</param>
    /// <param name="InEffect">The version in effect today, or null.</param>
    /// <param name="Versions">The newest first; at most a thousand.</param>
    public sealed record Reply(string Name, int? InEffect, IReadOnlyList<Change> Versions);

    /// <summary>One version with its file and its settings.</summary>
    public sealed record Version(AppliedPlan Plan, IReadOnlyList<YamlSetting> Settings);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> All(
        string name, NpgsqlDataSource db, TimeProvider clock, CancellationToken ct)
    {
        var reply = await FindAsync(db, name, clock, ct);
        return reply is null ? NotFound(name) : TypedResults.Ok(reply);
    }

    internal static async Task<Results<Ok<Version>, ProblemHttpResult>> One(
        string name, int? version, NpgsqlDataSource db, CancellationToken ct)
    {
        var plan = await FindAsync(db, name, version, ct);
        return plan is null ? NotFound(version is null ? name : $"{name}, version {version}")
            : TypedResults.Ok(new Version(plan, YamlSettings.Of(plan.Yaml)));
    }

    /// <summary>The history of a plan, or null where there is none of that name.</summary>
    public static async Task<Reply?> FindAsync(
        NpgsqlDataSource db, string name, TimeProvider clock, CancellationToken ct)
    {
        var all = await PlanStore.VersionsAsync(db, name, ct);
        if (all.Count == 0) return null;

        var today = clock.Today();
        return new Reply(
            name, all.FirstOrDefault(p => p.EffectiveFrom <= today)?.Version,
            [.. all.Select((p, i) => new Change(
                p.Version, p.EffectiveFrom, p.AppliedAt, p.AppliedBy,
                YamlSettings.Changes(i + 1 < all.Count ? all[i + 1].Yaml : null, p.Yaml)))]);
    }

    /// <summary>A version of a plan, the newest where none is named; null: there is none.</summary>
    public static async Task<AppliedPlan?> FindAsync(
        NpgsqlDataSource db, string name, int? version, CancellationToken ct) =>
        (await PlanStore.VersionsAsync(db, name, ct)).FirstOrDefault(p => version is null || p.Version == version);

    private static ProblemHttpResult NotFound(string name) =>
        GrantRefusals.PlanNotFound.ToProblem($"There is no plan '{name}'.");
}
