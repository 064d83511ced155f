using System.Runtime.CompilerServices;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Ledger.Audit;

/// <summary>Compares the rows of a guarded table with what <c>kernel.change</c> says that Guerdon wrote. The digests
/// are computed by the program's own expression, not by a function that lies in the database beside them.</summary>
internal static class GuardedRows
{
    /// <summary>The text of a value is the same in every session under these settings, which digests rely on.</summary>
    public const string Settings = """
        set local timezone = 'UTC'; set local datestyle = 'ISO'; set local intervalstyle = 'postgres';
        set local bytea_output = 'hex'; set local extra_float_digits = 1; set local search_path = pg_catalog;
        set local statement_timeout = 0; set local jit = off
        """;

    /// <param name="connection">In a transaction with <see cref="Settings"/>.</param>
    /// <param name="table">Which.</param>
    /// <param name="ct">Stops it.</param>
    public static async IAsyncEnumerable<Finding> RunAsync(
        NpgsqlConnection connection, GuardedTable table, [EnumeratorCancellation] CancellationToken ct)
    {
        var odd = AuditReads.StreamAsync(
            connection, Query(table), row => new Finding(table.Name, row.Text("row_key"), Problem(row)), [table.Name],
            ct);
        await foreach (var finding in odd) yield return finding;
    }

    private static string Problem(Row row)
    {
        var written = row.Get<DateTime?>("written_at") is { } at ? Instant(at) : "";
        return (row.Bool("is_there"), row.Bool("is_written")) switch
        {
            (false, _) => $"it is gone; Guerdon last wrote it at {written} and never removed it",
            (_, false) => "it was added outside Guerdon",
            _ when !row.Bool("is_self") => "changed outside Guerdon",
            _ => $"it is not what Guerdon last wrote, at {written}: another version was put in its place",
        };
    }

    internal static string Instant(DateTime at) =>
        at.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture) + " UTC";

    // One statement, so that rows and lines are of one moment also while Guerdon writes.
    private static string Query(GuardedTable table)
    {
        var key = string.Join(" || ', ' || ", table.Key.Select(c => $"'{c}=' || r.{Quoted(c)}::text"));
        // A module that computes its digests itself also checks them, so here only their
        // record in kernel.change is compared.
        var isSelf = table.HasOwnDigest ? "true" : $"r.digest = {Digest(table.Passing)}";
        return $"""
            with row as (
                select {key} as row_key, r.digest, {isSelf} as is_self
                  from {QuotedName(table.Name)} r
            ), last as (
                select distinct on (row_key) row_key, op, digest, at
                  from kernel.v_change where table_name = $1 order by row_key, seq desc
            ), live as (select * from last where op <> 'delete')
            select coalesce(r.row_key, l.row_key) as row_key, r.row_key is not null as is_there,
                   l.row_key is not null as is_written, coalesce(r.is_self, true) as is_self,
                   l.at at time zone 'UTC' as written_at
              from row r full join live l on l.row_key = r.row_key
             where r.row_key is null or l.row_key is null or not r.is_self or l.digest <> r.digest
             order by 1
            """;
    }

    private static string Digest(IReadOnlyList<string> without) =>
        "sha256(convert_to((to_jsonb(r) - 'digest'"
        + string.Concat(without.Select(c => $" - '{c}'")) + ")::text, 'UTF8'))";

    internal static string QuotedName(string table) => string.Join('.', table.Split('.').Select(Quoted));

    private static string Quoted(string name) => $"\"{name}\"";
}
