using Dapper;
using Npgsql;
using Stipend.Kernel;
using Stipend.Ledger;

namespace Stipend.Metering.Imports;

/// <summary>What an import must know of the database before it books.</summary>
internal sealed class ImportReader(NpgsqlDataSource db)
{
    private const string KnownSql =
        "select row_key from metering.imported where source = @source and row_key = any (@keys)";

    private const string AvailableSql = """
        select wallet_id, sum(amount_milli)::bigint
          from ledger.v_lot_position
         where wallet_id = any (@wallets) and asset = 1 and account = 1 and (expires_at is null or expires_at > @now)
         group by wallet_id
        """;

    /// <summary>Keys, in hex, of rows that an earlier import booked.</summary>
    public async Task<HashSet<string>> KnownKeysAsync(string source, IReadOnlyList<UsageRow> rows, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var known = await connection.QueryAsync<byte[]>(new CommandDefinition(
            KnownSql, new { source, keys = rows.Select(r => r.Key).ToArray() }, cancellationToken: ct));
        return [.. known.Select(Convert.ToHexString)];
    }

    /// <summary>People by the ids that providers know them by.</summary>
    public async Task<Dictionary<string, Guid>> UserIdsAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<(string Value, Guid Person)>(new CommandDefinition(
            "select value, person_id from people.v_identity where kind = 'provider_user_id'", cancellationToken: ct));
        return rows.ToDictionary(r => r.Value, r => r.Person, StringComparer.OrdinalIgnoreCase);
    }

    public async Task<Dictionary<WalletId, Tokens>> AvailableAsync(
        IReadOnlyList<WalletId> wallets, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<(Guid Wallet, long Milli)>(new CommandDefinition(
            AvailableSql, new { wallets = wallets.Select(w => w.Value).ToArray(), now = now.UtcDateTime },
            cancellationToken: ct));
        return rows.ToDictionary(r => new WalletId(r.Wallet), r => new Tokens(r.Milli));
    }
}
