using System.Security.Cryptography;
using Dapper;
using Guerdon.Kernel;
using Guerdon.Ledger.Transfers;
using Npgsql;

namespace Guerdon.Ledger.Audit;

/// <summary>A day's chain heads and what changed in the guarded tables, hashed together after the day before.</summary>
/// <param name="Form">1: before guarded tables were in it; 2: since.</param>
internal sealed record Seal(
    DateOnly Day, long Wallets, long Entries, byte[] Root, DateTime SealedAt, short Form = 2, long Changes = 0)
{
    public SavedSeal Saved => new(Day, Convert.ToHexStringLower(Root), Entries, Changes);
}

/// <summary>Seals days, and computes what a seal must be.</summary>
internal static class Seals
{
    /// <summary>The first day that there is anything to seal of; null: there is nothing yet.</summary>
    public const string FirstDaySql = """
        select least((select min(at at time zone 'UTC')::date from ledger.entry),
                     (select min(at at time zone 'UTC')::date from kernel.change where op <> 'seal'))::timestamp
        """;

    public const string LastDaySql = "select max(day)::timestamp from ledger.seal";

    private const string AllSql = """
        select day::timestamp, wallets, entries, root, sealed_at, form, changes from ledger.seal order by day
        """;

    private const string Insert = """
        insert into ledger.seal (day, wallets, entries, root, sealed_at, form, changes)
        values (@day, @wallets, @entries, @root, @sealedAt, @form, @changes)
        """;

    // The last entry of each wallet that day. By seq, since seq and at rise together within a wallet.
    private static readonly string HeadsSql = Sql.Read("Ledger/Audit/DayHeads.sql");

    /// <summary>Seals every day that ended at least <paramref name="after"/> ago. Repeating it is safe.</summary>
    /// <returns>How many days were sealed.</returns>
    public static async Task<int> SealAsync(
        NpgsqlDataSource db, TimeProvider clock, TimeSpan after, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            "set local statement_timeout = 0; select pg_advisory_xact_lock(hashtext('ledger.seal'))",
            transaction: transaction, cancellationToken: ct));

        var now = clock.UtcMicros();
        var last = DateOnly.FromDateTime((now - after).AddDays(-1));
        if (await NextDayAsync(connection, ct) is not { } day) return 0;
        var previous = await connection.QuerySingleOrDefaultAsync<byte[]>(new CommandDefinition(
            "select root from ledger.seal order by day desc limit 1", transaction: transaction, cancellationToken: ct))
            ?? ChainHash.Genesis;

        var tables = await SealTables.ReadLastAsync(connection, ct);
        var count = 0;
        for (; day <= last; day = day.AddDays(1), count++)
        {
            await CatalogueVerify.ReadAsync(connection, "select kernel.seal_changes($1)", [day], ct);
            var changes = await tables.AddDayAsync(connection, day, ct);
            var seal = await ComputeAsync(connection, new(day, 0, 0, [], now, 2, changes), previous, tables, ct);
            await connection.ExecuteAsync(new CommandDefinition(Insert, new
            {
                day = day.ToDateTime(default), seal.Wallets, seal.Entries, seal.Root, seal.SealedAt, seal.Form,
                seal.Changes,
            }, transaction, cancellationToken: ct));
            await tables.InsertAsync(connection, day, ct);
            previous = seal.Root;
        }

        await transaction.CommitAsync(ct);
        return count;
    }

    /// <summary>All of them, the oldest first.</summary>
    public static async Task<List<Seal>> ListAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var seals = new List<Seal>();
        foreach (var row in await CatalogueVerify.ReadAsync(connection, AllSql, [], ct))
            seals.Add(new(DateOnly.FromDateTime((DateTime)row[0]), (long)row[1], (long)row[2], (byte[])row[3],
                (DateTime)row[4], (short)row[5], (long)row[6]));
        return seals;
    }

    /// <summary>What a day's seal must be.</summary>
    /// <param name="connection">Which sees the day's entries.</param>
    /// <param name="of">Its day, form, time and changes.</param>
    /// <param name="previous">The root of the day before.</param>
    /// <param name="tables">The guarded tables at the end of it.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<Seal> ComputeAsync(
        NpgsqlConnection connection, Seal of, byte[] previous, SealTables tables, CancellationToken ct)
    {
        using var root = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        root.AppendData(previous);
        var (wallets, entries) = await AppendHeadsAsync(connection, root, of.Day, ct);
        SealHash.AppendHead(root, Guid.Empty, of.Day.DayNumber, []);
        SealHash.AppendHead(root, Guid.Empty, wallets, []);
        SealHash.AppendHead(root, Guid.Empty, entries, []);
        SealHash.AppendHead(root, Guid.Empty, of.SealedAt.Ticks, []);
        if (of.Form > 1)
        {
            SealHash.AppendHead(root, Guid.Empty, of.Form, []);
            SealHash.AppendHead(root, Guid.Empty, of.Changes, []);
            SealHash.AppendHead(root, Guid.Empty, tables.All.Count, []);
            foreach (var table in tables.All) SealHash.AppendTable(root, table);
        }

        return of with { Wallets = wallets, Entries = entries, Root = root.GetHashAndReset() };
    }

    private static async Task<(long Wallets, long Entries)> AppendHeadsAsync(
        NpgsqlConnection connection, IncrementalHash root, DateOnly day, CancellationToken ct)
    {
        long wallets = 0, entries = 0;
        await using var command = new NpgsqlCommand(HeadsSql, connection) { CommandTimeout = 0 };
        foreach (var start in (DateOnly[])[day, day.AddDays(1)])
            command.Parameters.Add(
                new NpgsqlParameter<DateTime> { TypedValue = start.ToDateTime(default, DateTimeKind.Utc) });
        await using var reader = await command.ExecuteReaderAsync(ct);
        for (; await reader.ReadAsync(ct); wallets++)
        {
            SealHash.AppendHead(root, reader.GetGuid(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2));
            entries += reader.GetInt64(3);
        }

        return (wallets, entries);
    }

    private static async Task<DateOnly?> NextDayAsync(NpgsqlConnection connection, CancellationToken ct) =>
        await DayAsync(connection, LastDaySql, ct) is { } last
            ? last.AddDays(1) : await DayAsync(connection, FirstDaySql, ct);

    public static async Task<DateOnly?> DayAsync(NpgsqlConnection connection, string sql, CancellationToken ct) =>
        (await CatalogueVerify.ReadAsync(connection, sql, [], ct))[0][0] is DateTime day
            ? DateOnly.FromDateTime(day) : null;
}
