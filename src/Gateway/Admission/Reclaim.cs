using Guerdon.Gateway.Stops;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Guerdon.Metering.Requests;
using Guerdon.Metering.Settlement;
using Guerdon.Pricing.Book;
using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Gateway.Admission;

/// <summary>
/// Finishes what a dead node left: what it charged is booked; its open requests are settled at their holds, as
/// estimates, or at what their stop says that they cost, which is written before they are booked; the rest of its
/// escrow is returned, as is what it had in hand of keys' budgets. Done under a lock on the node's row; interrupted at
/// any point it is simply done again, since a batch is booked once (by its key), a request is closed once (by its
/// primary key) and escrow is returned as far as it is there.
/// </summary>
internal sealed partial class Reclaim(
    NpgsqlDataSource db, LedgerWriter ledger, Settlements settlements, EscrowReader escrow, PriceBook prices,
    TimeProvider clock, ILogger<Reclaim> log)
{
    // A draw that was on its way when its node was reclaimed may land after that, so the lately reclaimed are looked at
    // again.
    private const string LapsedSql = """
        select n.holder, n.oldest_open
          from gateway.node n
         where n.lease_until < now() and n.holder <> $1 and n.holder <> all ($2)
           and (n.reclaimed_at is null
                or exists (select from metering.v_unsettled u where u.holder = n.holder)
                or (n.reclaimed_at > now() - interval '1 day'
                    and (exists (select from ledger.v_escrow e where e.holder = n.holder and e.amount_milli > 0)
                         or exists (select from gateway.key_share s where s.holder = n.holder))))
         order by n.lease_until
         limit 1
           for update skip locked
        """;

    private const string ReclaimedSql = "update gateway.node set reclaimed_at = now() where holder = $1";

    private const int WalletsAtATime = 200;

    private sealed record Lapsed(HolderId Holder, DateTime OldestOpen)
    {
        public static Lapsed Of(Row row) => new(row.Id<HolderId>("holder"), row.Get<DateTime>("oldest_open"));
    }

    /// <summary>Each dead node once: what cannot be booked of one must not keep the others waiting.</summary>
    /// <returns>How many nodes were reclaimed.</returns>
    public async Task<int> RunAsync(HolderId self, CancellationToken ct)
    {
        for (var done = new List<Guid>(); ;)
        {
            await using var connection = await db.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            if (await connection.FirstAsync(LapsedSql, Lapsed.Of, [self.Value, done.ToArray()], ct) is not { } node)
                return done.Count;

            await ReclaimAsync(node.Holder, node.OldestOpen, ct);
            await BudgetStore.ReclaimAsync(transaction, node.Holder, ct);
            await connection.ExecuteAsync(ReclaimedSql, [node.Holder.Value], ct);
            await transaction.CommitAsync(ct);
            done.Add(node.Holder.Value);
        }
    }

    private async Task ReclaimAsync(HolderId holder, DateTime oldestOpen, CancellationToken ct)
    {
        await settlements.CloseHolderAsync(holder, ct); // from now on it adds nothing to what is booked here
        await settlements.AllAsync(holder, ct);
        var open = await OpenRequests.OfHolderAsync(db, holder, oldestOpen, ct);
        var held = (await escrow.OfHolderAsync(holder, ct)).ToDictionary(w => w.Wallet, w => w.Amount);
        var costs = await StopStore.CostsAsync(db, open.Select(o => o.Id), ct);
        foreach (var request in open)
            if (costs.TryGetValue(request.Id, out var cost) && cost > request.Held)
                held[request.Wallet] = held.GetValueOrDefault(request.Wallet)
                    + await DrawAsync(request, cost - request.Held, ct);
        foreach (var wallets in open.GroupBy(o => o.Wallet).Chunk(WalletsAtATime))
            await Estimates.BookAsync(
                ledger, [.. wallets.SelectMany(w => w)], new(held, costs), prices, clock, ct);

        var left = await escrow.OfHolderAsync(holder, ct);
        foreach (var chunk in left.Chunk(WalletsAtATime))
            await Task.WhenAll(chunk.Select(w => ReturnAsync(holder, w.Wallet, w.Amount, ct)));
        Log.Reclaimed(log, holder, open.Count, left.Count);
    }

    // Out of what the wallet has, as its node would have drawn it. Safe to repeat, since the
    // rest of the escrow is returned.
    private async Task<Tokens> DrawAsync(Opening request, Tokens missing, CancellationToken ct)
    {
        var posted = await ledger.PostAsync(new Transfer
        {
            Kind = TransferKind.Draw, Wallet = request.Wallet, Holder = request.Holder, Amount = missing,
            AtLeast = Tokens.Zero, Key = $"reclaim:{Id.New<TransferId>(clock).Value:N}",
        }, ct);
        return posted.Done ? posted.Moved : Tokens.Zero;
    }

    private async Task ReturnAsync(HolderId holder, WalletId wallet, Tokens amount, CancellationToken ct)
    {
        var posted = await ledger.PostAsync(new Transfer
        {
            Kind = TransferKind.Return, Wallet = wallet, Holder = holder, Amount = amount, AtLeast = Tokens.Zero,
            Key = $"reclaim:{Id.New<TransferId>(clock).Value:N}",
        }, ct);
        if (!posted.Done) Log.Refused(log, wallet, posted.Refused!.ToString());
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning,
            Message = "{Holder} is dead: settled {Requests} requests at their holds, returned the escrow "
                + "of {Wallets} wallets.")]
        public static partial void Reclaimed(ILogger log, HolderId holder, int requests, int wallets);

        [LoggerMessage(Level = LogLevel.Error, Message = "Escrow of {Wallet} could not be reclaimed: {Reason}")]
        public static partial void Refused(ILogger log, WalletId wallet, string reason);
    }
}
