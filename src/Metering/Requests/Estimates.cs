using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;
using Npgsql;

namespace Guerdon.Metering.Requests;

/// <summary>
/// Closes requests of a dead node at their holds, the oldest first, as far as its escrow goes: what a request did not
/// use was held again for the next one before its closing was booked. One whose cost is known beyond its hold is closed
/// at that, as far as is left when all have their holds. What that was worth when it began is its cost in money; a hold
/// is no usage, so it has no price row. The provider's usage report may correct them.
/// </summary>
public static class Estimates
{
    /// <param name="Escrow">What the holder has left of each wallet.</param>
    /// <param name="Costs">What requests cost, where that is known to be more than was held.</param>
    public sealed record Known(
        IReadOnlyDictionary<WalletId, Tokens> Escrow, IReadOnlyDictionary<RequestId, Tokens> Costs);

    /// <param name="ledger">Where the holds are booked, out of the dead holder's escrow.</param>
    /// <param name="open">All of one holder, of any wallets.</param>
    /// <param name="known">What is there, and what is known.</param>
    /// <param name="prices">What a token was worth when they began.</param>
    /// <param name="clock">Ends them now.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="PostgresException">One of them was closed meanwhile; read them again.</exception>
    public static async Task BookAsync(
        LedgerWriter ledger, IReadOnlyList<Opening> open, Known known, PriceBook prices, TimeProvider clock,
        CancellationToken ct)
    {
        var now = clock.UtcMicros();
        var charged = Shares([.. open.OrderBy(o => o.StartedAt)], known);
        var flush = new Flush(Id.New<RequestId>(clock).Value, TransferKind.Settle, open.Select(
            o => RecordOf(o, CostOf(o, known), charged[o.Id])));
        var posted = await ledger.PostAsync(flush.Transfers, flush.With(), ct);
        if (posted.FirstOrDefault(p => !p.Done)?.Refused is { } refused)
            throw new InvalidOperationException($"Open holds are not in escrow: {refused}");

        RequestRecord RecordOf(Opening o, Tokens cost, Tokens pays)
        {
            var ended = now > o.StartedAt ? now : o.StartedAt; // its node's clock may be ahead
            var worth = prices.TokenValueAt(o.StartedAt);
            return new RequestRecord
            {
                Wallet = o.Wallet, Id = o.Id, StartedAt = o.StartedAt, EndedAt = ended, Source = Source.Gateway,
                Holder = o.Holder, KeyId = o.KeyId, Model = o.Model, Provider = "", TokenValueNanos = worth,
                Cost = Cost.OfCharge(cost, worth), Charged = pays, Held = o.Held, State = RecordState.Estimated,
                Outcome = Outcome.Lost, DurationUs = (ended - o.StartedAt).Ticks / TimeSpan.TicksPerMicrosecond,
            };
        }
    }

    // Every hold comes first, since only what is left when all have theirs may pay for what is known to be missing.
    private static Dictionary<RequestId, Tokens> Shares(IReadOnlyList<Opening> oldestFirst, Known known)
    {
        var left = new Dictionary<WalletId, Tokens>(known.Escrow);
        var charged = oldestFirst.ToDictionary(o => o.Id, o => Take(o, o.Held));
        foreach (var o in oldestFirst)
            charged[o.Id] += Take(o, CostOf(o, known) - o.Held);
        return charged;

        Tokens Take(Opening o, Tokens wanted)
        {
            var there = left.GetValueOrDefault(o.Wallet);
            var taken = Tokens.Min(wanted, there);
            left[o.Wallet] = there - taken;
            return taken;
        }
    }

    private static Tokens CostOf(Opening o, Known known) =>
        known.Costs.TryGetValue(o.Id, out var cost) && cost > o.Held ? cost : o.Held;
}
