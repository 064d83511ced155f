using Guerdon.Approvals.Inputs;
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

    private const string InEffect = Columns + "where name = $1 and effective_from <= $2 order by version desc limit 1";

    private const string From = Columns + """
         p where name = $1 and (
            not exists (
                select from compensation.v_plan later
                 where later.name = p.name and later.version > p.version
                   and later.effective_from <= greatest(p.effective_from, $2))
            or not exists (
                select from compensation.v_plan later
                 where later.name = p.name and later.version > p.version and later.applied_at <= $3
                   and later.effective_from <= greatest(p.effective_from, $4)))
         order by version desc
        """;

    // The months of a quarter up to the last one granted: a newcomer's month is granted by a version that nobody else
    // has anything by yet, where a grant is for a quarter.
    private const string LastApproved = """
        with granted as (
            select prepared_at, to_date(period, 'YYYY-MM') as month from compensation.v_grant_run
             where plan = $1 and kind in ('plan', 'awards') and not rehearsal and reversed_at is null
               and decision = 'approved')
        select min(prepared_at) as prepared_at, min(month) as month from granted
         where month > (select max(month) - interval '3 months' from granted)
        having count(*) > 0
        """;

    // A version must not change a month that is granted already, or that waits to be.
    private const string LastGranted = """
        select max(r.period) from compensation.v_grant_run r
         where r.plan = $1 and r.kind = 'plan' and not r.rehearsal and r.reversed_at is null
           and r.decision is distinct from 'declined'
        """;

    private const string Insert = """
        insert into compensation.plan (plan_id, name, version, effective_from, applied_at, yaml, applied_by)
        values ($1, $2, $3, $4, $5, $6, $7)
        """;

    private const string OpenPool =
        "insert into compensation.pool (pool_id, name) values ($1, $2) on conflict (name) do nothing";

    public static Task<List<AppliedPlan>> AllAsync(NpgsqlDataSource db, CancellationToken ct) =>
        db.ReadAsync(All, PlanOf, [], ct);

    /// <summary>The names of all plans.</summary>
    public static async Task<IReadOnlyList<string>> NamesAsync(NpgsqlConnection at, CancellationToken ct) =>
        await at.ReadAsync(Names, row => row.Text("name"), [], ct);

    /// <summary>Of each plan the version in effect on a day, by name.</summary>
    public static async Task<IReadOnlyList<Plan>> AllInEffectAsync(
        NpgsqlDataSource db, DateOnly day, CancellationToken ct)
    {
        var applied = await db.ReadAsync(AllInEffect, PlanOf, [day], ct);
        return [.. applied.Select(plan => PlanFile.ReadApplied(plan.Yaml))];
    }

    /// <summary>The newest version in effect on a day, or null; and whether there is a plan of that
    /// name at all.</summary>
    public static async Task<(AppliedPlan? Plan, bool Known)> InEffectAsync(
        NpgsqlConnection connection, string name, DateOnly day, CancellationToken ct)
    {
        if (await connection.FirstAsync(InEffect, PlanOf, [name, day], ct) is { } plan) return (plan, true);
        return (null, await NewestAsync(connection, name, ct) is not null);
    }

    /// <summary>Those in force on a day or from a later one on, and those that people had lately; the newest first,
    /// which is always among them.</summary>
    public static Task<List<AppliedPlan>> FromAsync(
        NpgsqlConnection connection, string name, DateOnly day, HeldSince since, CancellationToken ct) =>
        connection.ReadAsync(From, PlanOf, [name, day, since.At, since.Day], ct);

    /// <summary>Since when people have what they have by a plan: the last three months that were granted, as it was
    /// then. Before the first, nobody had anything.</summary>
    public static async Task<HeldSince> HeldSinceAsync(
        NpgsqlConnection connection, string name, CancellationToken ct) =>
        await connection.FirstAsync(LastApproved, HeldOf, [name], ct) ?? HeldSince.Never;

    /// <summary>Every version of a plan, the newest first; at most a thousand.</summary>
    public static async Task<List<AppliedPlan>> VersionsAsync(NpgsqlDataSource db, string name, CancellationToken ct)
    {
        if (name.Contains('\0', StringComparison.Ordinal)) return []; // PostgreSQL has no such text
        return await db.ReadAsync(Versions, PlanOf, [name], ct);
    }

    /// <summary>The newest version of a plan, in effect or not, or null.</summary>
    public static Task<AppliedPlan?> NewestAsync(NpgsqlConnection connection, string name, CancellationToken ct) =>
        connection.FirstAsync(Newest, PlanOf, [name], ct);

    /// <summary>Why a plan cannot take effect when it says: a month from then on is granted already; or null.</summary>
    public static async Task<Refused?> RefuseAsync(NpgsqlConnection connection, Plan plan, CancellationToken ct)
    {
        var last = await connection.ScalarAsync<string>(LastGranted, [plan.Name], ct);
        if (!Period.TryParse(last, out var granted) || plan.EffectiveFrom > granted.First) return null;

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

    /// <summary>Adds the next version, in the caller's transaction.</summary>
    public static async Task<AppliedPlan> AddAsync(
        NpgsqlConnection at, Plan plan, string yaml, string by, TimeProvider clock, CancellationToken ct)
    {
        await LockAsync(at, plan.Name, ct);
        var newest = await NewestAsync(at, plan.Name, ct);
        var added = new AppliedPlan(
            Id.New<PlanId>(clock), plan.Name, (newest?.Version ?? 0) + 1, plan.EffectiveFrom,
            clock.GetUtcNow(), yaml, by);
        await at.ExecuteAsync(Insert,
            [added.Id.Value, added.Name, added.Version, added.EffectiveFrom, added.AppliedAt, yaml, by], ct);
        await at.ExecuteAsync(OpenPool, [PoolId.Of(plan.Pool).Value, plan.Pool], ct);
        await Notify.InTransactionAsync(at, PeopleDirectory.Changed, ct);
        return added;
    }

    /// <summary>Lets nobody else apply a version of a plan, or change its phases, until the transaction ends.</summary>
    public static Task LockAsync(NpgsqlConnection connection, string name, CancellationToken ct) =>
        Locks.InTransactionAsync(connection, $"compensation.plan/{name}", ct);

    private static HeldSince? HeldOf(Row row) => new HeldSince(row.Instant("prepared_at"), row.Date("month"));

    /// <summary>A version of a plan, from the columns of <c>compensation.v_plan</c>.</summary>
    internal static AppliedPlan PlanOf(Row row) => new(
        row.Id<PlanId>("plan_id"), row.Text("name"), row.Int4("version"), row.Date("effective_from"),
        row.Instant("applied_at"), row.Text("yaml"), row.Text("applied_by"));
}
