using System.Security.Cryptography;
using Dapper;
using Npgsql;
using Stipend.Kernel;

namespace Stipend.Ledger.Audit;

/// <summary>A day's chain heads, hashed together behind the day before.</summary>
internal sealed record Seal(DateOnly Day, long Wallets, long Entries, byte[] Root, DateTime SealedAt);

/// <summary>Seals days, and computes what a seal must be.</summary>
internal static class Seals
{
    private const string UnsealedDays = """
        select d::date from generate_series(
            coalesce((select max(day) + 1 from ledger.seal),
                     (select min(at at time zone 'UTC')::date from ledger.entry)),
            @lastDay, interval '1 day') as d
         order by d
        """;

    private const string Insert = """
        insert into ledger.seal (day, wallets, entries, root, sealed_at)
        values (@day, @wallets, @entries, @root, @sealedAt)
        """;

    // The heads of a day: each wallet's last entry in it. seq and at rise together within a wallet.
    private static readonly string HeadsSql = Sql.Read("Ledger/Audit/DayHeads.sql");

    /// <summary>Seals every day that ended at least <paramref name="after"/> ago. Repeating it is safe.</summary>
    /// <returns>How many days were sealed.</returns>
    public static async Task<int> SealAsync(
        NpgsqlDataSource db, TimeProvider clock, TimeSpan after, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            "select pg_advisory_xact_lock(hashtext('ledger.seal'))", transaction: transaction, cancellationToken: ct));

        var now = clock.UtcMicros();
        var lastDay = DateOnly.FromDateTime((now - after).AddDays(-1));
        var days = await connection.QueryAsync<DateTime>(new CommandDefinition(
            UnsealedDays, new { lastDay = lastDay.ToDateTime(default) }, transaction, cancellationToken: ct));
        var previous = await connection.QuerySingleOrDefaultAsync<byte[]>(new CommandDefinition(
            "select root from ledger.seal order by day desc limit 1", transaction: transaction, cancellationToken: ct))
            ?? ChainHash.Genesis;

        var count = 0;
        foreach (var day in days.ToList())
        {
            var seal = await ComputeAsync(connection, DateOnly.FromDateTime(day), previous, now, ct);
            await connection.ExecuteAsync(new CommandDefinition(
                Insert, new { day, seal.Wallets, seal.Entries, seal.Root, seal.SealedAt }, transaction,
                cancellationToken: ct));
            previous = seal.Root;
            count++;
        }

        await transaction.CommitAsync(ct);
        return count;
    }

    public static async Task<Seal> ComputeAsync(
        NpgsqlConnection connection, DateOnly day, byte[] previous, DateTime sealedAt, CancellationToken ct)
    {
        using var root = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        root.AppendData(previous);
        long wallets = 0, entries = 0;
        await using (var command = new NpgsqlCommand(HeadsSql, connection))
        {
            command.Parameters.Add(
                new NpgsqlParameter<DateTime> { TypedValue = day.ToDateTime(default, DateTimeKind.Utc) });
            command.Parameters.Add(new NpgsqlParameter<DateTime>
                { TypedValue = day.AddDays(1).ToDateTime(default, DateTimeKind.Utc) });
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                ChainHash.AppendHead(root, reader.GetGuid(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2));
                wallets++;
                entries += reader.GetInt64(3);
            }
        }

        ChainHash.AppendHead(root, Guid.Empty, day.DayNumber, []);
        ChainHash.AppendHead(root, Guid.Empty, wallets, []);
        ChainHash.AppendHead(root, Guid.Empty, entries, []);
        ChainHash.AppendHead(root, Guid.Empty, sealedAt.Ticks, []);
        return new(day, wallets, entries, root.GetHashAndReset(), sealedAt);
    }
}
