using System.Data;
using System.Globalization;
using System.Runtime.CompilerServices;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Ledger.Audit;

/// <summary>
/// Finds edits of what no chain holds:
/// <list type="number">
/// <item>the database is what the program takes it to be (<see cref="CatalogueVerify"/>);</item>
/// <item>each guarded row is what Guerdon last wrote, and none is gone (<see cref="GuardedRows"/>);</item>
/// <item>each group of requests is as it was booked;</item>
/// <item>the lines of <c>kernel.change</c> are of the kind that Guerdon writes.</item>
/// </list>
/// </summary>
public static class ChangeVerify
{
    private const int Named = 20;

    private static readonly string ChangesSql = Sql.Read("Ledger/Audit/VerifyChanges.sql");
    private static readonly string BatchesSql = Sql.Read("Ledger/Audit/VerifyBatches.sql");

    // All that write, and those who own or owned it: an owner may accept a row instead of writing it.
    private const string RolesSql = """
        with me as (select pg_get_userbyid(relowner)::text from pg_class where oid = 'kernel.change'::regclass)
        select array(select role from host.rights union select * from me) as writers,
               array(select role from host.rights where script = '' union select * from me) as owners
        """;

    private const string SinceSql = """
        with since as (
            select c.table_name, c.row_key,
                   (c.table_name, c.row_key) in (
                       select b.table_name, b.row_key from kernel.v_change b where b.sealed_on <= $1) as was_there
              from kernel.v_change c
             where c.sealed_on is null or c.sealed_on > $1
        )
        select table_name, count(distinct row_key) as count, (array_agg(distinct row_key))[1:20] as names, was_there
          from since group by table_name, was_there order by was_there desc, table_name
        """;

    /// <param name="db">Read only; what goes on meanwhile does not disturb it.</param>
    /// <param name="options">What to compare with, and where to note what is no fault.</param>
    /// <param name="ct">Stops it.</param>
    public static async IAsyncEnumerable<Finding> RunAsync(
        NpgsqlDataSource db, VerifyOptions options, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, ct);
        await AuditReads.ExecuteAsync(connection, GuardedRows.Settings, [], ct);

        var broken = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var finding in CatalogueVerify.RunAsync(connection, options, ct))
        {
            if (finding.Kind == FindingKind.TableBroken) broken.Add(finding.Table);
            if (finding.Kind == FindingKind.ViewBroken) broken.Add(finding.Row);
            yield return finding;
        }

        // Nothing can be compared without these, and a finding already says that they are missing: so stop here.
        if (broken.Overlaps(["kernel.change", "view=kernel.v_change", "host.rights", "host.migration"]))
            yield break;
        foreach (var table in SchemaText.Own.Guarded.Where(t => !broken.Contains(t.Name)))
            await foreach (var finding in GuardedRows.RunAsync(connection, table, ct)) yield return finding;
        if (!broken.Contains("metering.request"))
            foreach (var finding in await AuditReads.ReadAsync(connection, BatchesSql, BatchFinding, [], ct))
                yield return finding;
        foreach (var finding in await LinesAsync(connection, options, ct)) yield return finding;
        if (options.SavedThrough is { } day) await NoteSinceAsync(connection, options, day, ct);
    }

    private static Finding BatchFinding(Row row) => new("metering.request", row.Text("request"), row.Text("problem"));

    // A line of kernel.change that Guerdon does not write.
    private sealed record OddLine(string Table, string Key, string Op, string By, DateOnly? SealedOn)
    {
        public required bool ChangesWhatLasts { get; init; }
        public required bool IsAStranger { get; init; }
        public required bool IsByHand { get; init; }

        public static OddLine Of(Row row) => new(
            row.Text("table_name"), row.Text("row_key"), row.Text("op"),
            $"at {GuardedRows.Instant(row.Get<DateTime>("written_at"))} by the role {row.Text("role")} with "
            + $"'{row.Text("program")}'", row.DateOrNull("sealed_on"))
        {
            ChangesWhatLasts = row.Bool("changes_what_lasts"), IsAStranger = row.Bool("is_a_stranger"),
            IsByHand = row.Bool("is_by_hand"),
        };
    }

    private static async Task<List<Finding>> LinesAsync(
        NpgsqlConnection connection, VerifyOptions options, CancellationToken ct)
    {
        var (writers, owners) = (await AuditReads.ReadAsync(
            connection, RolesSql, row => (row.Get<string[]>("writers"), row.Get<string[]>("owners")), [], ct))[0];
        var removable = SchemaText.Own.Guarded.Where(t => t.Removable).Select(t => t.Name).ToArray();
        var (findings, byHand) = (new List<Finding>(), new SortedDictionary<string, int>(StringComparer.Ordinal));
        var lines = await AuditReads.ReadAsync(connection, ChangesSql, OddLine.Of, [writers, removable, owners], ct);
        foreach (var line in lines)
        {
            if (line.IsByHand) byHand[line.Table] = byHand.GetValueOrDefault(line.Table) + 1;
            if (Problem(line, options) is { } problem) findings.Add(new(line.Table, line.Key, problem));
        }

        foreach (var (table, count) in byHand)
            options.Notes.Add(
                $"{count} rows of {table} were accepted as they are by kernel.redigest, outside a migration.");
        return findings;
    }

    private static string? Problem(OddLine line, VerifyOptions options)
    {
        if (line.ChangesWhatLasts) return $"a column that is never changed was changed {line.By}";
        if (line.IsAStranger) return $"it was written {line.By}, and not by Guerdon";
        if (line.IsByHand)
            return options.SavedThrough is { } saved && (line.SealedOn is not { } on || on > saved)
                ? $"it was accepted as it is {line.By}, since the seal that was saved" : null;
        return line.Op == "delete" ? $"it was removed {line.By}; Guerdon never removes rows of this table"
            : $"it was written a second time {line.By}";
    }

    // Only a person can tell whether an ordinary update was work or fraud, so it is noted and is no finding.
    private static async Task NoteSinceAsync(
        NpgsqlConnection connection, VerifyOptions options, DateOnly day, CancellationToken ct)
    {
        options.Notes.AddRange(await AuditReads.ReadAsync(connection, SinceSql, NoteOf, [day], ct));

        string NoteOf(Row row) => string.Create(CultureInfo.InvariantCulture,
            $"{(row.Bool("was_there") ? "Changed" : "Added")} in the ordinary way since the seal of {day:yyyy-MM-dd}: "
            + $"{row.Bigint("count")} rows of {row.Text("table_name")}: ")
            + string.Join("; ", row.Get<string[]>("names")) + (row.Bigint("count") > Named ? "; …" : "");
    }
}
