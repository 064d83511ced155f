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
        var answers = new List<Action<Row>>(3);
        if (transaction is not null) Add(LockWalletsSql, static _ => { });
        Add(LoadWalletsSql, row => SetHead(states[row.Uuid("wallet_id")], row));
        Add(LoadPositionsSql, row => SetPosition(states[row.Uuid("wallet_id")], row));

        await batch.PrepareAsync(ct);
        await batch.ReadEachAsync(answers, ct);
        return [.. states.Values];

        void Add(string sql, Action<Row> answer)
        {
            batch.BatchCommands.Add(GroupCommands.Command(sql, Ids()));
            answers.Add(answer);
        }

        NpgsqlParameter Ids() => Columns.Of(NpgsqlDbType.Uuid, values);
    }

    private static void SetHead(WalletState state, Row row)
    {
        (state.Seq, state.Head) = (row.Bigint("seq"), row.Bytes("head"));
        (state.At, state.LastLot) = (row.Get<DateTime>("at"), row.Int4("last_lot"));
    }

    private static void SetPosition(WalletState state, Row row)
    {
        var lot = row.Int4("lot");
        var (asset, account) = ((Asset)row.Smallint("asset"), (AccountKind)row.Smallint("account"));
        state.Set(new(asset, account, row.Uuid("holder"), lot), row.Bigint("amount_milli"));
        state.SetExpiry(lot, row.Get<DateTime?>("expires_at"));
    }

    /// <summary>Which of these transfers are in the ledger already.</summary>
    public static async Task<Dictionary<(WalletId, string), Known>> LoadKeysAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyCollection<Transfer> transfers,
        CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(LoadKeysSql, connection, transaction);
        command.Parameters.Add(Columns.Of(NpgsqlDbType.Uuid, transfers.Select(t => t.Wallet.Value).ToArray()));
        command.Parameters.Add(Columns.Of(NpgsqlDbType.Text, transfers.Select(t => t.Key).ToArray()));

        await command.PrepareAsync(ct);
        var rows = await command.ReadAsync(
            row => (Key: (row.Id<WalletId>("wallet_id"), row.Text("key")), Known: KnownOf(row)), ct);
        var known = new Dictionary<(WalletId, string), Known>(rows.Count);
        foreach (var row in rows) known[row.Key] = row.Known;
        return known;
    }

    private static Known KnownOf(Row row) => new(
        row.Id<TransferId>("transfer_id"), row.Bytes("content"), row.Bigint("amount_milli"));
}
