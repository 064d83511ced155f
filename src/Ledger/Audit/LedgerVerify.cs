using System.Data;
using System.Runtime.CompilerServices;
using Guerdon.Kernel;
using Guerdon.Storage;
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
        await Db.WithoutTimeLimitAsync(main, ct);
        var snapshot = (await main.ScalarAsync<string>("select pg_export_snapshot()", [], ct))!;

        await foreach (var finding in ChainsAsync(db, snapshot, progress, ct)) yield return finding;

        foreach (var transfer in await main.ReadAsync(PairsSql, row => row.Uuid("transfer_id"), [], ct))
            yield return new("ledger.entry", $"transfer_id={transfer}",
                "what left one wallet is not what entered the other");

        await foreach (var finding in SealVerify.RunAsync(main, options, ct)) yield return finding;
    }

    private static async IAsyncEnumerable<Finding> ChainsAsync(
        NpgsqlDataSource db, string snapshot, IProgress<long>? progress, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var wallets = await SnapshotReader<StoredHead>.OpenAsync(
            db, snapshot, WalletsSql, StoredHead.Of, ct);
        await using var entries = await SnapshotReader<StoredEntry>.OpenAsync(
            db, snapshot, EntriesSql, StoredEntry.Of, ct);
        await using var positions = await SnapshotReader<StoredPosition>.OpenAsync(
            db, snapshot, PositionsSql, StoredPosition.Of, ct);

        // All three come in wallet order, so that a wallet which any of them names is compared with all, in one pass.
        for (long count = 0; ;)
        {
            var wallet = Least(wallets.Wallet, entries.Wallet, positions.Wallet);
            if (wallet is null) break;

            var check = new WalletCheck(wallet.Value);
            while (wallets.Wallet == wallet)
            {
                check.AddHead(wallets.Current);
                await wallets.NextAsync();
            }

            while (entries.Wallet == wallet)
            {
                check.AddEntry(entries.Current);
                await entries.NextAsync();
                if (++count % 10_000 == 0) progress?.Report(count);
            }

            while (positions.Wallet == wallet)
            {
                check.AddPosition(positions.Current);
                await positions.NextAsync();
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

/// <summary>Rows of one query over a shared snapshot, in the order of the wallets that they are of.</summary>
internal sealed class SnapshotReader<T> : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly IAsyncEnumerator<(Guid Wallet, T Row)> _rows;

    private SnapshotReader(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IAsyncEnumerator<(Guid Wallet, T Row)> rows) =>
        (_connection, _transaction, _rows) = (connection, transaction, rows);

    /// <summary>The current row's wallet, null after the last.</summary>
    public Guid? Wallet { get; private set; }

    public T Current => _rows.Current.Row;

    public static async Task<SnapshotReader<T>> OpenAsync(
        NpgsqlDataSource db, string snapshot, string sql, Func<Row, T> map, CancellationToken ct)
    {
        var connection = await db.OpenConnectionAsync(ct);
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        await connection.ExecuteAsync($"set transaction snapshot '{snapshot}'", [], ct);
        await Db.WithoutTimeLimitAsync(connection, ct);
        var rows = connection.StreamAsync(sql, row => (row.Uuid("wallet_id"), map(row)), [], ct);
        var opened = new SnapshotReader<T>(connection, transaction, rows.GetAsyncEnumerator(ct));
        await opened.NextAsync();
        return opened;
    }

    public async ValueTask NextAsync() => Wallet = await _rows.MoveNextAsync() ? _rows.Current.Wallet : null;

    public async ValueTask DisposeAsync()
    {
        await _rows.DisposeAsync();
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
