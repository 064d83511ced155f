using System.Runtime.CompilerServices;
using Guerdon.Kernel;
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
        await using var command = new NpgsqlCommand(Query(table), connection)
        {
            CommandTimeout = 0, Parameters = { new() { Value = table.Name } },
        };
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            var written = row.IsDBNull(4) ? "" : Instant(row.GetDateTime(4));
            yield return new(table.Name, row.GetString(0), (row.GetBoolean(1), row.GetBoolean(2)) switch
            {
                (false, _) => $"it is gone; Guerdon last wrote it at {written} and never removed it",
                (_, false) => "it was added outside Guerdon",
                _ when !row.GetBoolean(3) => "changed outside Guerdon",
                _ => $"it is not what Guerdon last wrote, at {written}: another version was put in its place",
            });
        }
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
            select coalesce(r.row_key, l.row_key), r.row_key is not null, l.row_key is not null,
                   coalesce(r.is_self, true), l.at at time zone 'UTC'
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
