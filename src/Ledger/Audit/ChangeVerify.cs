using System.Data;
using System.Globalization;
using System.Runtime.CompilerServices;
using Guerdon.Kernel;
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
        select array(select role from host.rights union select * from me),
               array(select role from host.rights where script = '' union select * from me)
        """;

    private const string SinceSql = """
        with since as (
            select c.table_name, c.row_key,
                   (c.table_name, c.row_key) in (
                       select b.table_name, b.row_key from kernel.v_change b where b.sealed_on <= $1) as was_there
              from kernel.v_change c
             where c.sealed_on is null or c.sealed_on > $1
        )
        select table_name, count(distinct row_key), (array_agg(distinct row_key))[1:20], was_there
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
        await CatalogueVerify.ReadAsync(connection, GuardedRows.Settings, [], ct);

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
            foreach (var row in await CatalogueVerify.ReadAsync(connection, BatchesSql, [], ct))
                yield return new("metering.request", (string)row[0], (string)row[1]);
        foreach (var finding in await LinesAsync(connection, options, ct)) yield return finding;
        if (options.SavedThrough is { } day) await NoteSinceAsync(connection, options, day, ct);
    }

    private static async Task<List<Finding>> LinesAsync(
        NpgsqlConnection connection, VerifyOptions options, CancellationToken ct)
    {
        var roles = (await CatalogueVerify.ReadAsync(connection, RolesSql, [], ct))[0];
        var removable = SchemaText.Own.Guarded.Where(t => t.Removable).Select(t => t.Name).ToArray();
        var (findings, byHand) = (new List<Finding>(), new SortedDictionary<string, int>(StringComparer.Ordinal));
        object[] values = [roles[0], removable, roles[1]];
        foreach (var row in await CatalogueVerify.ReadAsync(connection, ChangesSql, values, ct))
        {
            var (table, key, op) = ((string)row[0], (string)row[1], (string)row[2]);
            var by = $"at {GuardedRows.Instant((DateTime)row[3])} by the role {row[4]} with '{row[5]}'";
            if (row[8] is true) byHand[table] = byHand.GetValueOrDefault(table) + 1;
            var isAfterSaved = options.SavedThrough is { } saved
                && (row[9] is not DateTime on || DateOnly.FromDateTime(on) > saved);
            var problem = (row[6], row[7], row[8]) switch
            {
                (true, _, _) => $"a column that is never changed was changed {by}",
                (_, true, _) => $"it was written {by}, and not by Guerdon",
                (_, _, true) => isAfterSaved ? $"it was accepted as it is {by}, since the seal that was saved" : null,
                _ => op == "delete" ? $"it was removed {by}; Guerdon never removes rows of this table"
                    : $"it was written a second time {by}",
            };
            if (problem is not null) findings.Add(new(table, key, problem));
        }

        foreach (var (table, count) in byHand)
            options.Notes.Add(
                $"{count} rows of {table} were accepted as they are by kernel.redigest, outside a migration.");
        return findings;
    }

    // Only a person can tell whether an ordinary update was work or fraud, so it is noted and is no finding.
    private static async Task NoteSinceAsync(
        NpgsqlConnection connection, VerifyOptions options, DateOnly day, CancellationToken ct)
    {
        foreach (var row in await CatalogueVerify.ReadAsync(connection, SinceSql, [day], ct))
        {
            var names = (string[])row[2];
            options.Notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"{(row[3] is true ? "Changed" : "Added")} in the ordinary way "
                + $"since the seal of {day:yyyy-MM-dd}: {row[1]} rows of {row[0]}: ")
                + string.Join("; ", names) + ((long)row[1] > Named ? "; …" : ""));
        }
    }
}
