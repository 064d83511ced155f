using Npgsql;
using Stipend.Kernel;
using Stipend.Ledger;
using Stipend.Metering.Requests;
using Stipend.Pricing;

namespace Stipend.Metering;

/// <summary>
/// Closes requests of a dead node at their holds. The provider's usage report may correct them later.
/// </summary>
public static class Estimates
{
    /// <param name="ledger">Where the holds are booked, out of the dead holder's escrow.</param>
    /// <param name="open">All of one holder, of any wallets.</param>
    /// <param name="clock">Ends them now.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="PostgresException">One of them was closed meanwhile; read them again.</exception>
    public static async Task BookAsync(
        LedgerWriter ledger, IReadOnlyList<Opening> open, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var endedAt = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        var flush = new Flush(Id.New<RequestId>(clock).Value, TransferKind.Settle, open.Select(o => new RequestRecord
        {
            Wallet = o.Wallet, Id = o.Id, StartedAt = o.StartedAt, EndedAt = endedAt, Source = Source.Gateway,
            Holder = o.Holder, KeyId = o.KeyId, Model = o.Model, Provider = "", TokenValueNanos = 0,
            Cost = new Costing(Usd.Zero, o.Held), Charged = o.Held, Held = o.Held, State = RecordState.Estimated,
            Outcome = Outcome.Lost, DurationUs = (endedAt - o.StartedAt).Ticks / TimeSpan.TicksPerMicrosecond,
        }));
        var posted = await ledger.PostAsync(flush.Transfers, flush.Commands, ct);
        if (posted.FirstOrDefault(p => !p.Done)?.Refused is { } refused)
            throw new InvalidOperationException($"Open holds are not in escrow: {refused}");
    }
}
