using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Transfers;
using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Grants.Expiry;

/// <summary>
/// Moves what is left of lots past their date to expired, at start and then every hour. Spending does not
/// depend on it, since an expired lot is never drawn from. It keeps the entries complete, and books what
/// returns from escrow after the date.
/// </summary>
public sealed partial class ExpireLots(
    NpgsqlDataSource db, LedgerWriter ledger, TimeProvider clock, ILogger<ExpireLots> log)
    : Job(JobTiming.Hourly("compensation.ExpireLots"), db, clock, log)
{
    private const int Batch = 1_000;
    private const int AtOnce = 64; // enough for the ledger to write them in groups

    private readonly ILogger _log = log;

    private const string Due = """
        select wallet_id, lot, asset, granted_milli, expired_milli
          from ledger.v_lot
         where expires_at <= $1 and available_milli > 0 and (wallet_id, lot) > ($2, $3)
         order by wallet_id, lot
         limit $4
        """;

    /// <returns>How many lots had something left that is now expired.</returns>
    protected override async Task<int> WorkAsync(CancellationToken ct)
    {
        await using var connection = await Database.OpenConnectionAsync(ct);
        var expired = 0;
        var due = await DueAsync(connection, default, ct);
        for (; due.Count > 0; due = await DueAsync(connection, due[^1], ct)) expired += await PostAsync(due, ct);
        return expired;
    }

    private async Task<int> PostAsync(List<DueLot> due, CancellationToken ct)
    {
        var expired = 0;
        await Parallel.ForEachAsync(
            due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (lot, token) =>
            {
                var posted = await ledger.PostAsync(lot.Transfer(), token);
                if (posted.Done) Interlocked.Increment(ref expired);
                else Log.Refused(_log, lot.Wallet, lot.Lot, posted.Refused!.Refusal.Code); // the next pass looks again
            });
        return expired;
    }

    private Task<List<DueLot>> DueAsync(NpgsqlConnection connection, DueLot after, CancellationToken ct) =>
        connection.ReadAsync(
            Due,
            row => new DueLot(
                row.Uuid("wallet_id"), row.Int4("lot"), (Asset)row.Smallint("asset"), row.Bigint("granted_milli"),
                row.Bigint("expired_milli")),
            [Clock.GetUtcNow(), after.Wallet, after.Lot, Batch], ct);

    /// <summary>A lot past its date with something available.</summary>
    internal readonly record struct DueLot(Guid Wallet, int Lot, Asset Asset, long GrantedMilli, long ExpiredMilli)
    {
        /// <summary>
        /// Takes whatever is left. What has expired of the lot so far numbers the attempt: it is the same
        /// until one succeeds, so that a repeat is the same transfer, and differs after it, so that what
        /// returns later can expire.
        /// </summary>
        public Transfer Transfer() => new()
        {
            Kind = TransferKind.Expire,
            Wallet = new WalletId(Wallet),
            Asset = Asset,
            Lot = Lot,
            Amount = new Tokens(GrantedMilli),
            AtLeast = new Tokens(1),
            Key = $"expire:{Lot}:{ExpiredMilli}",
        };
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Lot {Lot} of wallet {Wallet} did not expire: {Code}")]
        public static partial void Refused(ILogger log, Guid wallet, int lot, string code);
    }
}
