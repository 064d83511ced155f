using System.Security.Cryptography;
using Guerdon.Ledger.Transfers;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Ledger.Audit;

/// <summary>A line of <c>kernel.change</c>.</summary>
internal sealed record Change(
    long Seq, DateTime At, string RowKey, string Op, byte[]? Digest, bool Breaks, Guid[]? Ids, string Role,
    string Program)
{
    /// <summary>The rows that one statement wrote, where there were many.</summary>
    public IReadOnlyList<string>? RowKeys { get; init; }

    /// <summary>Of each of them; null: it is gone.</summary>
    public IReadOnlyList<byte[]?>? Digests { get; init; }

    /// <summary>Whose act it was; null: nobody's, or from before acts were noted.</summary>
    public Guid? Act { get; init; }
}

/// <summary>What a day's seal says of one table.</summary>
/// <param name="Name">With its schema.</param>
/// <param name="Rows">How many it had then.</param>
/// <param name="Changes">Lines of that day.</param>
/// <param name="Root">SHA-256 over those lines, after the root of the day before: the more a table changes, not the
/// larger it is, the more a seal costs.</param>
internal sealed record SealTable(string Name, long Rows, long Changes, byte[] Root)
{
    public static SealTable Of(Row row) => new(
        row.Text("table_name"), row.Bigint("rows"), row.Bigint("changes"), row.Bytes("root"));
}

/// <summary>Follows the guarded tables from day to day.</summary>
internal sealed class SealTables
{
    private const string DaySql = """
        select table_name, seq, at, row_key, op, digest, breaks, ids, role, program, row_keys,
               digests, act_id
          from kernel.change where sealed_on = $1 order by table_name, seq
        """;

    private const string InsertSql = """
        insert into ledger.seal_table (day, table_name, rows, changes, root)
        select $1, * from unnest($2::text[], $3::bigint[], $4::bigint[], $5::bytea[])
        """;

    private const string LastSql = """
        select table_name, rows, changes, root from ledger.seal_table
         where day = (select max(day) from ledger.seal_table)
        """;

    private readonly SortedDictionary<string, SealTable> _tables = new(StringComparer.Ordinal);

    /// <summary>All that have changed so far, in the order of their names.</summary>
    public IReadOnlyCollection<SealTable> All => _tables.Values;

    /// <summary>As the newest seal left them.</summary>
    public static async Task<SealTables> ReadLastAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var last = new SealTables();
        foreach (var table in await AuditReads.ReadAsync(connection, LastSql, SealTable.Of, [], ct))
            last._tables[table.Name] = table;
        return last;
    }

    /// <summary>Adds the lines that are sealed on a day.</summary>
    /// <returns>How many there are.</returns>
    public async Task<long> AddDayAsync(NpgsqlConnection connection, DateOnly day, CancellationToken ct)
    {
        foreach (var name in _tables.Keys.ToArray()) _tables[name] = _tables[name] with { Changes = 0 };
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        SealTable? open = null;
        long count = 0;
        var lines = AuditReads.StreamAsync(connection, DaySql, row => (row.Text("table_name"), Read(row)), [day], ct);
        await foreach (var (name, change) in lines)
        {
            count++;
            if (open?.Name != name)
            {
                Close(open, hash);
                open = _tables.GetValueOrDefault(name) ?? new(name, 0, 0, ChainHash.Genesis);
                hash.AppendData(open.Root);
            }

            SealHash.AppendChange(hash, change);
            open = open with { Changes = open.Changes + 1, Rows = open.Rows + Added(change) };
        }

        Close(open, hash);
        return count;
    }

    /// <summary>Stores them with their day's seal.</summary>
    public Task InsertAsync(NpgsqlConnection connection, DateOnly day, CancellationToken ct) =>
        connection.ExecuteAsync(
            InsertSql,
            [
                day, All.Select(t => t.Name).ToArray(), All.Select(t => t.Rows).ToArray(),
                All.Select(t => t.Changes).ToArray(), All.Select(t => t.Root).ToArray(),
            ], ct);

    private void Close(SealTable? open, IncrementalHash hash)
    {
        if (open is not null) _tables[open.Name] = open with { Root = hash.GetHashAndReset() };
    }

    // No row is added by these: it was there when its table was first guarded, or somebody accepted it as it is.
    private static long Added(Change change) => change.Op switch
    {
        "insert" or "adopt" => change.RowKeys?.Count ?? 1,
        "delete" => -(change.RowKeys?.Count ?? 1),
        "batch" => change.Ids?.Length ?? 0,
        _ => 0,
    };

    private static Change Read(Row row) => new(
        row.Bigint("seq"), row.Get<DateTime>("at"), row.Text("row_key"), row.Text("op"), row.BytesOrNull("digest"),
        row.Bool("breaks"), row.GetOrNull<Guid[]>("ids"), row.Text("role"), row.Text("program"))
    {
        RowKeys = row.GetOrNull<string[]>("row_keys"), Digests = row.GetOrNull<byte[]?[]>("digests"),
        Act = row.UuidOrNull("act_id"),
    };
}
