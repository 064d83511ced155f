using System.Security.Cryptography;
using Guerdon.Kernel;
using Guerdon.Payroll.Settings;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Payroll.Files;

/// <summary>A file that payroll got.</summary>
public sealed record PayrollExport(
    PayrollExportId Id, string Layout, DateOnly PeriodFrom, DateOnly PeriodTo, DateOnly PayOn, string FileName,
    string Sha256, int Lines, string ExportedBy, DateTimeOffset ExportedAt);

/// <summary>With what is in it.</summary>
internal sealed record ExportedFile(PayrollExport About, byte[] Content);

/// <summary>Payroll files in the database: made once a layout and pay period, in one commit with their lines.</summary>
public static class PayrollExports
{
    private const string Columns = "export_id, layout, period_from, period_to, pay_on, file_name, "
        + "encode(sha256, 'hex') as sha256, lines, exported_by, exported_at";

    private const string All =
        "select " + Columns + " from compensation.v_payroll_export order by exported_at desc, export_id limit 1000";

    private const string One = "select " + Columns
        + ", content from compensation.payroll_export where layout = $1 and period_from = $2";

    // One export of a layout at a time, since two would both take the same lines.
    private static string LockOf(string layout) => $"compensation.payroll_export/{layout}";

    private const string First = "select min(period_from) from compensation.v_payroll_export where layout = $1";

    private const string InForce = """
        select settings_id from compensation.v_payroll_settings
         where effective_from <= $1 order by version desc limit 1
        """;

    private const string Insert = """
        insert into compensation.payroll_export (
            export_id, layout, period_from, period_to, pay_on, settings_id, file_name, sha256, content, lines,
            exported_by, exported_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        """;

    private const string InsertLines = """
        insert into compensation.payroll_export_line (layout, source, source_id, lot, export_id, number)
        select $1, l.source, l.source_id, l.lot, $2, l.number
          from unnest($3::text[], $4::uuid[], $5::int[]) with ordinality as l (source, source_id, lot, number)
        """;

    public static async Task<IReadOnlyList<PayrollExport>> AllAsync(NpgsqlDataSource db, CancellationToken ct) =>
        await db.ReadAsync(All, Read, [], ct);

    internal static async Task<ExportedFile?> FindAsync(
        NpgsqlDataSource db, string layout, PayPeriod period, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await FindAsync(connection, layout, period, ct);
    }

    /// <summary>The file there is, or a new one; or what is missing for one.</summary>
    internal static async Task<(ExportedFile? File, IReadOnlyList<string> Missing)> MakeAsync(
        NpgsqlDataSource db, string layout, PayPeriod period, PayrollSettings settings, string by, TimeProvider clock,
        CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await Locks.InTransactionAsync(connection, LockOf(layout), ct);
        if (await FindAsync(connection, layout, period, ct) is { } made) return (made, []);

        var from = await FirstAsync(connection, layout, ct) is { } first && first < period.First ? first : period.First;
        var items = await PayrollItems.ReadAsync(connection, layout, settings, from, period.Last, ct);
        var (due, missing) = PayrollRules.Due(items, settings, from, period.Last);
        if (missing.Count > 0) return (null, missing);

        var terms = settings.Layouts.GetValueOrDefault(layout);
        var lines = due.Where(line => PayrollRules.Takes(layout, terms, line)).ToList();
        var (name, content) = PayrollFiles.Write(layout, lines, period, terms);
        var hash = SHA256.HashData(content);
        var about = new PayrollExport(
            Id.New<PayrollExportId>(clock), layout, period.First, period.Last, period.PayDay, name,
            Convert.ToHexStringLower(hash), lines.Count, by, clock.GetUtcNow());
        await KeepAsync(connection, about, hash, content, lines, ct);
        await transaction.CommitAsync(ct);
        return (new ExportedFile(about, content), []);
    }

    private static async Task KeepAsync(
        NpgsqlConnection connection, PayrollExport about, byte[] hash, byte[] content, List<PayrollLine> lines,
        CancellationToken ct)
    {
        var inForce = await connection.ScalarAsync<Guid?>(InForce, [about.PeriodTo], ct);
        await connection.ExecuteAsync(
            Insert,
            [about.Id.Value, about.Layout, about.PeriodFrom, about.PeriodTo, about.PayOn, inForce, about.FileName, hash,
                content, about.Lines, about.ExportedBy, about.ExportedAt], ct);
        await connection.ExecuteAsync(
            InsertLines,
            [about.Layout, about.Id.Value, lines.Select(l => l.Item.Source).ToArray(),
                lines.Select(l => l.Item.SourceId).ToArray(), lines.Select(l => l.Item.Lot).ToArray()], ct);
    }

    private static Task<DateOnly?> FirstAsync(NpgsqlConnection connection, string layout, CancellationToken ct) =>
        connection.ScalarAsync<DateOnly?>(First, [layout], ct);

    private static Task<ExportedFile?> FindAsync(
        NpgsqlConnection connection, string layout, PayPeriod period, CancellationToken ct) =>
        connection.FirstAsync(
            One, row => new ExportedFile(Read(row), row.Bytes("content")), [layout, period.First], ct);

    private static PayrollExport Read(Row row) => new(
        row.Id<PayrollExportId>("export_id"), row.Text("layout"), row.Date("period_from"), row.Date("period_to"),
        row.Date("pay_on"), row.Text("file_name"), row.Text("sha256"), row.Int4("lines"), row.Text("exported_by"),
        row.Instant("exported_at"));
}
