using Guerdon.Kernel;
using Guerdon.Ledger.Transfers;
using Npgsql;

namespace Guerdon.Metering.Requests;

/// <summary>
/// Books what outlived its node and holds its own escrow: the record, its charge and what is left over go in one
/// commit. The record's id names it, so that it is booked once.
/// </summary>
public static class JobBooking
{
    /// <param name="ledger">The ledger that it is booked in.</param>
    /// <param name="record">What became of it; its holder is its own.</param>
    /// <param name="rest">What is in its escrow beside the charge, to be returned.</param>
    /// <param name="with">Written in the same commit; made again for each try.</param>
    /// <param name="ct">Stops waiting.</param>
    /// <returns>False where it was booked before, with other figures.</returns>
    /// <exception cref="PostgresException">It was booked before, and nothing was charged or returned.</exception>
    public static async Task<bool> BookAsync(
        LedgerWriter ledger, RequestRecord record, Tokens rest, Func<NpgsqlBatchCommand> with, CancellationToken ct)
    {
        var flush = new Flush(record.Id.Value, TransferKind.Settle, [record]);
        var transfers = flush.Transfers.ToList();
        if (rest.Milli > 0)
        {
            transfers.Add(new Transfer
            {
                Kind = TransferKind.Return, Wallet = record.Wallet, Holder = record.Holder, Amount = rest,
                Key = $"return:{record.Id.Value:N}", SourceId = record.Id.Value,
            });
        }

        var posted = await ledger.PostAsync(transfers, flush.With(with), ct);
        return posted.All(p => p.Done);
    }
}
