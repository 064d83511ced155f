using System.Data;
using System.Runtime.CompilerServices;
using Dapper;
using Guerdon.Kernel;
using Npgsql;

namespace Guerdon.Ledger.Audit;

/// <summary>
/// Recomputes the ledger from its entries, in one snapshot, and says what does not match:
/// <list type="number">
/// <item>each wallet's chain, entry by entry, and its head;</item>
/// <item>positions, as the fold of the entries, and that none was ever below zero;</item>
/// <item>lots, against the entries that opened them;</item>
/// <item>transfers between wallets, which must leave one as they enter the other;</item>
/// <item>the seal of every day.</item>
/// </list>
/// </summary>
public static class LedgerVerify
{
    private static readonly string WalletsSql = Sql.Read("Ledger/Audit/VerifyWallets.sql");
    private static readonly string EntriesSql = Sql.Read("Ledger/Audit/VerifyEntries.sql");
    private static readonly string PairsSql = Sql.Read("Ledger/Audit/VerifyPairs.sql");
    private const string PositionsSql =
        "select wallet_id, asset, account, holder, lot, amount_milli from ledger.position order by wallet_id";

    /// <summary>The same without seals that were saved outside.</summary>
    public static IAsyncEnumerable<Finding> RunAsync(
        NpgsqlDataSource db, IProgress<long>? progress, CancellationToken ct) => RunAsync(db, progress, new(), ct);

    /// <param name="db">Read only; three connections share one snapshot, so a running Guerdon does not disturb
    /// it.</param>
    /// <param name="progress">Entries checked so far.</param>
    /// <param name="options">Seals saved outside.</param>
    /// <param name="ct">Stops it.</param>
    public static async IAsyncEnumerable<Finding> RunAsync(
        NpgsqlDataSource db, IProgress<long>? progress, VerifyOptions options,
        [EnumeratorCancellation] CancellationToken ct)
    {
        await using var main = await db.OpenConnectionAsync(ct);
        await using var transaction = await main.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        var snapshot = (await main.ExecuteScalarAsync<string>(new CommandDefinition(
            "set local statement_timeout = 0; select pg_export_snapshot()", transaction: transaction,
            cancellationToken: ct)))!;

        await foreach (var finding in ChainsAsync(db, snapshot, progress, ct)) yield return finding;

        var pairs = await main.QueryAsync<Guid>(
            new CommandDefinition(PairsSql, transaction: transaction, cancellationToken: ct));
        foreach (var transfer in pairs)
            yield return new("ledger.entry", $"transfer_id={transfer}",
                "what left one wallet is not what entered the other");

        await foreach (var finding in SealVerify.RunAsync(main, options, ct)) yield return finding;
    }

    private static async IAsyncEnumerable<Finding> ChainsAsync(
        NpgsqlDataSource db, string snapshot, IProgress<long>? progress, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var wallets = await SnapshotReader.OpenAsync(db, snapshot, WalletsSql, ct);
        await using var entries = await SnapshotReader.OpenAsync(db, snapshot, EntriesSql, ct);
        await using var positions = await SnapshotReader.OpenAsync(db, snapshot, PositionsSql, ct);

        // All three come in wallet order, so that a wallet which any of them names is compared with all, in one pass.
        for (long count = 0; ;)
        {
            var wallet = Least(wallets.Wallet, entries.Wallet, positions.Wallet);
            if (wallet is null) break;

            var check = new WalletCheck(wallet.Value);
            while (wallets.Wallet == wallet)
            {
                check.AddHead(wallets.Reader);
                await wallets.NextAsync(ct);
            }

            while (entries.Wallet == wallet)
            {
                check.AddEntry(entries.Reader);
                await entries.NextAsync(ct);
                if (++count % 10_000 == 0) progress?.Report(count);
            }

            while (positions.Wallet == wallet)
            {
                check.AddPosition(positions.Reader);
                await positions.NextAsync(ct);
            }

            foreach (var finding in check.Finish()) yield return finding;
        }
    }

    private static Guid? Least(params ReadOnlySpan<Guid?> ids)
    {
        Guid? least = null;
        foreach (var id in ids)
            if (id is { } value && (least is null || value.CompareTo(least.Value) < 0)) least = value;
        return least;
    }
}

/// <summary>Rows of one query over a shared snapshot, the wallet first in each.</summary>
internal sealed class SnapshotReader : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private SnapshotReader(NpgsqlConnection connection, NpgsqlTransaction transaction, NpgsqlDataReader reader) =>
        (_connection, _transaction, Reader) = (connection, transaction, reader);

    public NpgsqlDataReader Reader { get; }

    /// <summary>The current row's wallet, null after the last.</summary>
    public Guid? Wallet { get; private set; }

    public static async Task<SnapshotReader> OpenAsync(
        NpgsqlDataSource db, string snapshot, string sql, CancellationToken ct)
    {
        var connection = await db.OpenConnectionAsync(ct);
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        await connection.ExecuteAsync(new CommandDefinition(
            $"set transaction snapshot '{snapshot}'; set local statement_timeout = 0", transaction: transaction,
            cancellationToken: ct));
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        var opened = new SnapshotReader(connection, transaction, await command.ExecuteReaderAsync(ct));
        await opened.NextAsync(ct);
        return opened;
    }

    public async ValueTask NextAsync(CancellationToken ct) =>
        Wallet = await Reader.ReadAsync(ct) ? Reader.GetGuid(0) : null;

    public async ValueTask DisposeAsync()
    {
        await Reader.DisposeAsync();
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
