using Npgsql;
using Stipend.Kernel;
using Stipend.Ledger;
using Stipend.Metering.Requests;
using Stipend.Pricing;

namespace Stipend.Metering;

/// <summary>
/// Closes requests of a dead node at their holds, the oldest first, as far as its escrow goes: what a request did not
/// use was held again for the next one before its closing was booked. The provider's usage report may correct them.
/// </summary>
public static class Estimates
{
    /// <param name="ledger">Where the holds are booked, out of the dead holder's escrow.</param>
    /// <param name="open">All of one holder, of any wallets.</param>
    /// <param name="escrow">What the holder has left of each wallet.</param>
    /// <param name="clock">Ends them now.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="PostgresException">One of them was closed meanwhile; read them again.</exception>
    public static async Task BookAsync(
        LedgerWriter ledger, IReadOnlyList<Opening> open, IReadOnlyDictionary<WalletId, Tokens> escrow,
        TimeProvider clock, CancellationToken ct)
    {
        var now = clock.UtcMicros();
        var left = new Dictionary<WalletId, Tokens>(escrow);
        var oldestFirst = open.OrderBy(o => o.StartedAt);
        var flush = new Flush(Id.New<RequestId>(clock).Value, TransferKind.Settle, oldestFirst.Select(
            o => new RequestRecord
        {
            Wallet = o.Wallet, Id = o.Id, StartedAt = o.StartedAt, EndedAt = EndOf(o), Source = Source.Gateway,
            Holder = o.Holder, KeyId = o.KeyId, Model = o.Model, Provider = "", TokenValueNanos = 0,
            Cost = new Costing(Usd.Zero, o.Held), Charged = Take(o), Held = o.Held, State = RecordState.Estimated,
            Outcome = Outcome.Lost, DurationUs = (EndOf(o) - o.StartedAt).Ticks / TimeSpan.TicksPerMicrosecond,
        }));
        var posted = await ledger.PostAsync(flush.Transfers, flush.With(), ct);
        if (posted.FirstOrDefault(p => !p.Done)?.Refused is { } refused)
            throw new InvalidOperationException($"Open holds are not in escrow: {refused}");

        DateTime EndOf(Opening o) => now > o.StartedAt ? now : o.StartedAt; // its node's clock may be ahead

        Tokens Take(Opening o)
        {
            var there = left.GetValueOrDefault(o.Wallet);
            var taken = Tokens.Min(o.Held, there);
            left[o.Wallet] = there - taken;
            return taken;
        }
    }
}
