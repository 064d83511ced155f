using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Payroll.Settings;

/// <summary>Payroll settings as they were applied.</summary>
public sealed record AppliedPayroll(
    PayrollSettingsId Id, int Version, DateOnly EffectiveFrom, DateTimeOffset AppliedAt, string AppliedBy, string Yaml);

/// <summary>Versions of payroll settings in the database.</summary>
public static class PayrollStore
{
    private const string All = """
        select settings_id, version, effective_from, applied_at, applied_by, yaml
          from compensation.v_payroll_settings order by version
        """;

    private const string OneAtATime = "compensation.payroll";

    private const string LastExported = "select max(period_to) from compensation.v_payroll_export";

    private const string Insert = """
        insert into compensation.payroll_settings (settings_id, version, effective_from, yaml, applied_by, applied_at)
        values ($1, $2, $3, $4, $5, $6)
        """;

    /// <summary>All versions, the oldest first.</summary>
    public static async Task<IReadOnlyList<AppliedPayroll>> AllAsync(NpgsqlDataSource db, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await AllAsync(connection, ct);
    }

    /// <summary>The pay periods there are, or null before any settings.</summary>
    public static async Task<PayCalendar?> CalendarAsync(NpgsqlDataSource db, CancellationToken ct) =>
        CalendarOf(await AllAsync(db, ct));

    /// <summary>The version in effect on a day.</summary>
    public static AppliedPayroll? On(IReadOnlyList<AppliedPayroll> versions, DateOnly day) =>
        versions.LastOrDefault(v => v.EffectiveFrom <= day);

    /// <summary>Of all versions, those that no later one prevents from ever coming into effect.</summary>
    public static PayCalendar? CalendarOf(IReadOnlyList<AppliedPayroll> versions)
    {
        var kept = new Stack<PayrollSettings>();
        foreach (var version in versions.Reverse())
            if (kept.Count == 0 || version.EffectiveFrom < kept.Peek().EffectiveFrom)
                kept.Push(PayrollSettingsFile.ReadApplied(version.Yaml));
        return kept.Count == 0 ? null : new PayCalendar([.. kept]);
    }

    /// <summary>All versions, the oldest first. Nobody else adds one until the transaction ends.</summary>
    internal static async Task<IReadOnlyList<AppliedPayroll>> LockAllAsync(NpgsqlConnection at, CancellationToken ct)
    {
        await Locks.InTransactionAsync(at, OneAtATime, ct);
        return await AllAsync(at, ct);
    }

    /// <summary>Adds the next version, in the caller's transaction.</summary>
    internal static async Task<AppliedPayroll> AddAsync(
        NpgsqlConnection at, PayrollSettings settings, string yaml, string by, TimeProvider clock, CancellationToken ct)
    {
        var versions = await LockAllAsync(at, ct);
        var added = new AppliedPayroll(
            Id.New<PayrollSettingsId>(clock), versions.Count + 1, settings.EffectiveFrom, clock.GetUtcNow(), by, yaml);
        await at.ExecuteAsync(
            Insert, [added.Id.Value, added.Version, added.EffectiveFrom, yaml, by, added.AppliedAt], ct);
        return added;
    }

    /// <summary>Whether settings can follow those there are, or why not.</summary>
    public static async Task<Refused?> FitsAsync(
        NpgsqlConnection connection, PayCalendar? before, PayrollSettings settings, CancellationToken ct)
    {
        if (await UnknownIdentityAsync(connection, settings.EmployeeId, ct) is { } unknown) return unknown;
        var from = settings.EffectiveFrom;
        if (before?.PeriodOf(from.AddDays(-1)) is { } last && last.Last >= from)
            return PayrollRefusals.PeriodsBroken.With(
                $"effective_from {from.Iso()} lies inside the pay period {last} of the settings before; the "
                + $"next one begins on {last.Last.AddDays(1).Iso()}.");
        return await connection.ScalarAsync<DateOnly?>(LastExported, [], ct) is { } exported && exported >= from
            ? PayrollRefusals.PeriodExported.With(
                $"effective_from {from.Iso()} is not after {exported.Iso()}, the last day that "
                + "was exported.")
            : null;
    }

    // A kind that is not declared must be refused, since no file of people can have a column of it
    // and nobody would be known.
    private static async Task<Refused?> UnknownIdentityAsync(
        NpgsqlConnection connection, string employeeId, CancellationToken ct)
    {
        if (employeeId == PayrollSettings.Email) return null;
        var kinds = await IdentityKind.AllAsync(connection, ct);
        return kinds.Any(kind => kind.Kind == employeeId) ? null
            : PayrollRefusals.IdentityUnknown.With(
                $"employee_id is '{employeeId}', which nobody can have; kinds of identity that are declared are "
                + $"{string.Join(", ", kinds.Select(kind => kind.Kind))}.");
    }

    internal static async Task<IReadOnlyList<AppliedPayroll>> AllAsync(
        NpgsqlConnection connection, CancellationToken ct) =>
        await connection.ReadAsync(
            All,
            row => new AppliedPayroll(
                row.Id<PayrollSettingsId>("settings_id"), row.Int4("version"), row.Date("effective_from"),
                row.Instant("applied_at"), row.Text("applied_by"), row.Text("yaml")),
            [], ct);
}
