using Dapper;
using Npgsql;
using Stipend.Kernel;
using Stipend.Ledger;

namespace Stipend.Gateway;

/// <summary>What the database says of a wallet's tokens and of holders, read only where memory cannot tell.</summary>
internal sealed class EscrowReader(NpgsqlDataSource db, TimeProvider clock)
{
    private const string OfHolderSql =
        "select wallet_id, amount_milli from ledger.v_escrow where holder = @holder and asset = 1 and amount_milli > 0";

    /// <summary>All that is the owner's: available, and in escrow of any node.</summary>
    public async Task<Tokens> OwnAsync(WalletId wallet, CancellationToken ct)
    {
        const string sql = """
            select coalesce(sum(p.amount_milli), 0)::bigint
              from ledger.v_lot_position p
             where p.wallet_id = @wallet and p.asset = 1
               and (p.account = 2 or (p.account = 1 and (p.expires_at is null or p.expires_at > @now)))
            """;
        await using var connection = await db.OpenConnectionAsync(ct);
        return new(await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            sql, new { wallet = wallet.Value, now = clock.GetUtcNow().UtcDateTime }, cancellationToken: ct)));
    }

    /// <summary>What a holder has in escrow, a row per wallet.</summary>
    public async Task<IReadOnlyList<(WalletId Wallet, Tokens Amount)>> OfHolderAsync(
        HolderId holder, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<(Guid Wallet, long Amount)>(
            new CommandDefinition(OfHolderSql, new { holder = holder.Value }, cancellationToken: ct));
        return [.. rows.Select(r => (new WalletId(r.Wallet), new Tokens(r.Amount)))];
    }
}
