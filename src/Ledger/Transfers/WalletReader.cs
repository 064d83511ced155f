using Guerdon.Kernel;
using Guerdon.Ledger.Accounts;
using Guerdon.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Guerdon.Ledger.Transfers;

/// <summary>Reads what a lane needs to know of wallets and keys.</summary>
internal static class WalletReader
{
    public static readonly string LoadWalletsSql = Sql.Read("Ledger/Transfers/LoadWallets.sql");
    public static readonly string LoadPositionsSql = Sql.Read("Ledger/Transfers/LoadPositions.sql");
    public static readonly string LoadKeysSql = Sql.Read("Ledger/Transfers/LoadKeys.sql");

    // In id order, as every writer locks, so that two of them cannot deadlock.
    public const string LockWalletsSql =
        "select 1 from ledger.wallet where wallet_id = any ($1) order by wallet_id for no key update";

    /// <summary>The wallets as they stand; one without a row is new.</summary>
    public static async Task<List<WalletState>> LoadAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyCollection<WalletId> ids,
        CancellationToken ct)
    {
        var values = ids.Select(id => id.Value).ToArray();
        var states = ids.ToDictionary(id => id.Value, id => new WalletState(id));
        await using var batch = new NpgsqlBatch(connection, transaction);
        if (transaction is not null)
            batch.BatchCommands.Add(GroupCommands.Command(LockWalletsSql, Ids()));
        batch.BatchCommands.Add(GroupCommands.Command(LoadWalletsSql, Ids()));
        batch.BatchCommands.Add(GroupCommands.Command(LoadPositionsSql, Ids()));

        await batch.PrepareAsync(ct);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        if (transaction is not null) await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var state = states[reader.GetGuid(0)];
            (state.Seq, state.Head) = (reader.GetInt64(1), reader.GetFieldValue<byte[]>(2));
            (state.At, state.LastLot) = (reader.GetDateTime(3), reader.GetInt32(4));
        }

        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var state = states[reader.GetGuid(0)];
            var lot = reader.GetInt32(4);
            state.Set(new((Asset)reader.GetInt16(1), (AccountKind)reader.GetInt16(2), reader.GetGuid(3), lot),
                reader.GetInt64(5));
            state.SetExpiry(lot, await reader.IsDBNullAsync(6, ct) ? null : reader.GetDateTime(6));
        }

        return [.. states.Values];

        NpgsqlParameter Ids() => Columns.Of(NpgsqlDbType.Uuid, values);
    }

    /// <summary>Which of these transfers are in the ledger already.</summary>
    public static async Task<Dictionary<(WalletId, string), Known>> LoadKeysAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyCollection<Transfer> transfers,
        CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(LoadKeysSql, connection, transaction);
        command.Parameters.Add(Columns.Of(NpgsqlDbType.Uuid, transfers.Select(t => t.Wallet.Value).ToArray()));
        command.Parameters.Add(Columns.Of(NpgsqlDbType.Text, transfers.Select(t => t.Key).ToArray()));

        var known = new Dictionary<(WalletId, string), Known>();
        await command.PrepareAsync(ct);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            known[(new(reader.GetGuid(0)), reader.GetString(1))] =
                new(new(reader.GetGuid(2)), reader.GetFieldValue<byte[]>(3), reader.GetInt64(4));
        return known;
    }
}
