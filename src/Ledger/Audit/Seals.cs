using System.Security.Cryptography;
using Guerdon.Kernel;
using Guerdon.Ledger.Transfers;
using Guerdon.Storage;
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
                     (select min(at at time zone 'UTC')::date from kernel.change where op <> 'seal')) as day
        """;

    // As kernel.seal_changes compares: by the time the transaction began.
    private const string EndedSql = "select (now() at time zone 'UTC')::date - 1";

    public const string LastDaySql = "select max(day) as day from ledger.seal";

    private const string AllSql = """
        select day, wallets, entries, root, sealed_at, form, changes from ledger.seal order by day
        """;

    // hashtext('ledger.seal'), by which nodes of earlier versions lock: it must stay the same.
    internal const long Lock = -1_047_959_462;

    private const string LastRootSql = "select root from ledger.seal order by day desc limit 1";

    private const string Insert = """
        insert into ledger.seal (day, wallets, entries, root, sealed_at, form, changes)
        values ($1, $2, $3, $4, $5, $6, $7)
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
        await Db.WithoutTimeLimitAsync(connection, ct);
        await Locks.InTransactionAsync(connection, Lock, ct);

        var now = clock.UtcMicros();
        var last = DateOnly.FromDateTime((now - after).AddDays(-1));
        // A clock may be ahead of the database's, which seals no day that has not ended by its own: it waits for that.
        var ended = await connection.ScalarAsync<DateOnly>(EndedSql, [], ct);
        if (last > ended) last = ended;
        if (await NextDayAsync(connection, ct) is not { } day) return 0;
        var previous = await connection.ScalarAsync<byte[]>(LastRootSql, [], ct) ?? ChainHash.Genesis;

        var tables = await SealTables.ReadLastAsync(connection, ct);
        var count = 0;
        for (; day <= last; day = day.AddDays(1), count++)
        {
            await AuditReads.ExecuteAsync(connection, "select kernel.seal_changes($1)", [day], ct);
            var changes = await tables.AddDayAsync(connection, day, ct);
            var seal = await ComputeAsync(connection, new(day, 0, 0, [], now, 2, changes), previous, tables, ct);
            await connection.ExecuteAsync(
                Insert, [day, seal.Wallets, seal.Entries, seal.Root, seal.SealedAt, seal.Form, seal.Changes], ct);
            await tables.InsertAsync(connection, day, ct);
            previous = seal.Root;
        }

        await transaction.CommitAsync(ct);
        return count;
    }

    /// <summary>All of them, the oldest first.</summary>
    public static Task<List<Seal>> ListAsync(NpgsqlConnection connection, CancellationToken ct) =>
        AuditReads.ReadAsync(
            connection, AllSql,
            row => new Seal(
                row.Date("day"), row.Bigint("wallets"), row.Bigint("entries"), row.Bytes("root"),
                row.Get<DateTime>("sealed_at"), row.Smallint("form"), row.Bigint("changes")),
            [], ct);

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
        var heads = AuditReads.StreamAsync(
            connection, HeadsSql,
            row => (Wallet: row.Uuid("wallet_id"), Seq: row.Bigint("seq"), Hash: row.Bytes("hash"),
                Entries: row.Bigint("entries")),
            [day.ToDateTime(default, DateTimeKind.Utc), day.AddDays(1).ToDateTime(default, DateTimeKind.Utc)], ct);
        await foreach (var head in heads)
        {
            SealHash.AppendHead(root, head.Wallet, head.Seq, head.Hash);
            wallets++;
            entries += head.Entries;
        }

        return (wallets, entries);
    }

    private static async Task<DateOnly?> NextDayAsync(NpgsqlConnection connection, CancellationToken ct) =>
        await DayAsync(connection, LastDaySql, ct) is { } last
            ? last.AddDays(1) : await DayAsync(connection, FirstDaySql, ct);

    public static async Task<DateOnly?> DayAsync(NpgsqlConnection connection, string sql, CancellationToken ct) =>
        (await AuditReads.ReadAsync(connection, sql, row => row.DateOrNull("day"), [], ct)).Single();
}
