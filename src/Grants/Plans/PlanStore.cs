using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Grants.Plans;

/// <summary>A version of a plan as it was applied.</summary>
public sealed record AppliedPlan(
    PlanId Id, string Name, int Version, DateOnly EffectiveFrom, DateTimeOffset AppliedAt, string Yaml,
    string AppliedBy);

internal static class PlanStore
{
    private const string Columns =
        "select plan_id, name, version, effective_from, applied_at, yaml, applied_by from compensation.v_plan ";

    private const string All = Columns + "order by name, version desc limit 1000";
    private const string Versions = Columns + "where name = $1 order by version desc limit 1000";
    private const string Newest = Columns + "where name = $1 order by version desc limit 1";
    private const string Names = "select distinct name from compensation.v_plan order by name";

    private const string AllInEffect = """
        select distinct on (name) plan_id, name, version, effective_from, applied_at, yaml,
               applied_by
          from compensation.v_plan where effective_from <= $1
         order by name, version desc
        """;

    private const string TellNodes = $"select pg_notify('{PeopleDirectory.Changed}', '')";

    private const string InEffect = Columns + "where name = $1 and effective_from <= $2 order by version desc limit 1";

    // A month that is granted, or waits to be, keeps the version that it was granted by.
    private const string LastGranted = """
        select max(r.period) from compensation.v_grant_run r
         where r.plan = $1 and r.kind = 'plan' and not r.rehearsal and r.reversed_at is null
           and r.decision is distinct from 'declined'
        """;

    // Two callers applying one plan would both take the next version.
    private const string OneAtATime = "select pg_advisory_xact_lock(hashtextextended('compensation.plan/' || $1, 0))";

    private const string Insert = """
        insert into compensation.plan (plan_id, name, version, effective_from, applied_at, yaml, applied_by)
        values ($1, $2, $3, $4, $5, $6, $7)
        """;

    private const string OpenPool =
        "insert into compensation.pool (pool_id, name) values ($1, $2) on conflict (name) do nothing";

    public static async Task<List<AppliedPlan>> AllAsync(NpgsqlDataSource db, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await ReadAsync(connection, All, [], ct);
    }

    /// <summary>The names of all plans.</summary>
    public static async Task<IReadOnlyList<string>> NamesAsync(NpgsqlDataSource db, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var command = Db.Command(connection, Names);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var names = new List<string>();
        while (await reader.ReadAsync(ct)) names.Add(reader.GetString(0));
        return names;
    }

    /// <summary>Of each plan the version in effect on a day, by name.</summary>
    public static async Task<IReadOnlyList<Plan>> AllInEffectAsync(
        NpgsqlDataSource db, DateOnly day, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var applied = await ReadAsync(connection, AllInEffect, [day], ct);
        return [.. applied.Select(plan => PlanFile.ReadApplied(plan.Yaml))];
    }

    /// <summary>The newest version in effect on a day, or null; and whether there is a plan of that name at
    /// all.</summary>
    public static async Task<(AppliedPlan? Plan, bool Known)> InEffectAsync(
        NpgsqlConnection connection, string name, DateOnly day, CancellationToken ct)
    {
        if ((await ReadAsync(connection, InEffect, [name, day], ct)).FirstOrDefault() is { } plan) return (plan, true);
        return (null, await NewestAsync(connection, name, ct) is not null);
    }

    /// <summary>Every version of a plan, the newest first; at most a thousand.</summary>
    public static async Task<List<AppliedPlan>> VersionsAsync(NpgsqlDataSource db, string name, CancellationToken ct)
    {
        if (name.Contains('\0', StringComparison.Ordinal)) return []; // PostgreSQL has no such text
        await using var connection = await db.OpenConnectionAsync(ct);
        return await ReadAsync(connection, Versions, [name], ct);
    }

    /// <summary>The newest version of a plan, in effect or not, or null.</summary>
    public static async Task<AppliedPlan?> NewestAsync(NpgsqlConnection connection, string name,
        CancellationToken ct) =>
        (await ReadAsync(connection, Newest, [name], ct)).FirstOrDefault();

    /// <summary>Why a plan cannot take effect when it says: a month from then on is granted already; or null.</summary>
    public static async Task<Refused?> RefuseAsync(NpgsqlConnection connection, Plan plan, CancellationToken ct)
    {
        await using var command = Db.Command(connection, LastGranted, plan.Name);
        if (await command.ExecuteScalarAsync(ct) is not string last || !Period.TryParse(last, out var granted)
            || plan.EffectiveFrom > granted.First)
            return null;

        return GrantRefusals.PlanTooEarly.With(
            $"{plan.Name} is granted for {last} already, and the version is to take effect on "
            + $"{plan.EffectiveFrom.Iso()}. The first day it can is {granted.Last.AddDays(1).Iso()}.");
    }

    /// <summary>Why applying a plan would be refused; null: it would not be, or it is the newest version.</summary>
    public static async Task<Refused?> WhyNotAsync(NpgsqlDataSource db, Plan plan, string yaml, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var newest = await NewestAsync(connection, plan.Name, ct);
        return newest?.Yaml == yaml ? null : await RefuseAsync(connection, plan, ct);
    }

    /// <summary>Adds a version, unless the newest one says the same. Safe to repeat.</summary>
    public static async Task<(AppliedPlan? Plan, bool Added, Refused? Refused)> ApplyAsync(
        NpgsqlDataSource db, Plan plan, string yaml, string by, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await LockAsync(connection, plan.Name, ct);
        var newest = await NewestAsync(connection, plan.Name, ct);
        if (newest?.Yaml == yaml) return (newest, false, null);
        if (await RefuseAsync(connection, plan, ct) is { } refused) return (null, false, refused);

        var added = new AppliedPlan(
            Id.New<PlanId>(clock), plan.Name, (newest?.Version ?? 0) + 1, plan.EffectiveFrom, clock.GetUtcNow(), yaml,
            by);
        await Db.ExecuteAsync(connection, Insert,
            [added.Id.Value, added.Name, added.Version, added.EffectiveFrom, added.AppliedAt, yaml, by], ct);
        await Db.ExecuteAsync(connection, OpenPool, [PoolId.Of(plan.Pool).Value, plan.Pool], ct);
        await Db.ExecuteAsync(connection, TellNodes, [], ct);
        await transaction.CommitAsync(ct);
        return (added, true, null);
    }

    /// <summary>Lets nobody else apply a version of a plan, or change its phases, until the transaction ends.</summary>
    public static Task LockAsync(NpgsqlConnection connection, string name, CancellationToken ct) =>
        Db.ExecuteAsync(connection, OneAtATime, [name], ct);

    private static async Task<List<AppliedPlan>> ReadAsync(
        NpgsqlConnection connection, string sql, object[] values, CancellationToken ct)
    {
        await using var command = Db.Command(connection, sql, values);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var plans = new List<AppliedPlan>();
        while (await reader.ReadAsync(ct))
            plans.Add(new AppliedPlan(
                new PlanId(reader.GetGuid(0)), reader.GetString(1), reader.GetInt32(2),
                reader.GetFieldValue<DateOnly>(3), reader.GetFieldValue<DateTimeOffset>(4), reader.GetString(5),
                reader.GetString(6)));
        return plans;
    }
}
