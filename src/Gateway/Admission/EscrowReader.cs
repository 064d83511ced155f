using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Gateway.Admission;

/// <summary>What the database says of a wallet's tokens and of holders, read only where memory cannot tell.</summary>
public sealed class EscrowReader(NpgsqlDataSource db, TimeProvider clock)
{
    private const string OfHolderSql = """
        select wallet_id, amount_milli from metering.v_escrow_left where holder = $1 and amount_milli > 0
        """;

    /// <summary>All that is the owner's: available, and in escrow of any node.</summary>
    public async Task<Tokens> OwnAsync(WalletId wallet, CancellationToken ct)
    {
        const string sql = """
            select coalesce(sum(p.amount_milli), 0)::bigint - ( -- charged, and not booked yet
                   select coalesce(sum(u.charged_milli), 0)::bigint from metering.v_unsettled u
                    where u.wallet_id = $1)
              from ledger.v_lot_position p
             where p.wallet_id = $1 and p.asset = ledger.asset_compute()
               and (p.account = ledger.account_escrow() and not exists ( -- a tuning job's comes back in hours
                        select from gateway.tuning_job j where j.wallet_id = p.wallet_id and j.job_id = p.holder)
                    or (p.account = ledger.account_available() and (p.expires_at is null or p.expires_at > $2)))
            """;
        return new(await db.ScalarAsync<long>(sql, [wallet.Value, clock.GetUtcNow()], ct));
    }

    /// <summary>Whether other holders than this one have escrow of a wallet.</summary>
    public async Task<bool> IsElsewhereAsync(WalletId wallet, HolderId self, CancellationToken ct)
    {
        const string sql = """
            select exists (
                select from metering.v_escrow_left where wallet_id = $1 and holder <> $2 and amount_milli > 0)
            """;
        return await db.ScalarAsync<bool>(sql, [wallet.Value, self.Value], ct);
    }

    /// <summary>The longest answer a wallet had from a model in the last days; null where there was none.</summary>
    public async Task<long?> LongestOutputAsync(WalletId wallet, string model, CancellationToken ct)
    {
        const string sql = """
            select max(output) from metering.v_request
             where wallet_id = $1 and model = $2 and started_at > $3
            """;
        return await db.ScalarAsync<long?>(sql, [wallet.Value, model, clock.GetUtcNow().AddDays(-7)], ct);
    }

    /// <summary>What a holder has in escrow beside what it charged and did not book, a row per wallet.</summary>
    public async Task<IReadOnlyList<(WalletId Wallet, Tokens Amount)>> OfHolderAsync(
        HolderId holder, CancellationToken ct) =>
        await db.ReadAsync(
            OfHolderSql, row => (row.Id<WalletId>("wallet_id"), row.Tokens("amount_milli")), [holder.Value], ct);
}
