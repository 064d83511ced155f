using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Stipend.Kernel;
using Stipend.Ledger;
using Stipend.Metering;
using Stipend.Pricing;

namespace Stipend.Gateway;

/// <summary>
/// Lets calls pass whose worst case fits this node's escrow of the wallet. Not enough: draw more, wait briefly for
/// holds in flight, lower the output cap, refuse, in that order. Only drawing asks the database.
/// </summary>
internal sealed partial class Admission(
    LedgerWriter ledger, RequestJournal journal, NodeLease node, EscrowReader escrow,
    IOptions<AdmissionOptions> options,
    TimeProvider clock, ILogger<Admission> log)
{
    private readonly AdmissionOptions options = options.Value;
    private readonly ConcurrentDictionary<RequestId, DateTime> inFlight = [];
    private ConcurrentDictionary<WalletId, Purse> purses = [];

    public int InFlight => inFlight.Count;

    /// <summary>When the oldest call in flight began; now, where there is none.</summary>
    public DateTime OldestOpen()
    {
        var oldest = Now();
        foreach (var (_, startedAt) in inFlight) oldest = startedAt < oldest ? startedAt : oldest;
        return oldest;
    }

    public async ValueTask<Admitted> AdmitAsync(Call call, CancellationToken ct)
    {
        if (!node.IsAlive || journal.IsOverloaded)
            return Refuse(GatewayRefusals.Unavailable.With("Stipend cannot record requests at the moment."),
                options.RetryAfter);
        if (WithinBudget(call) is not { } cap)
            return Refuse(GatewayRefusals.KeyBudgetExhausted.With(
                $"This key has {call.Key.Spending!.Left} tokens of its budget left, too few for {call.Model}."), null);

        var full = call.WorstCase(cap);
        var purse = PurseOf(call.Key.Wallet);
        if (purse.TryHold(full, clock.GetTimestamp())) return Open(purse, call, full, cap);
        return await AdmitSlowlyAsync(purse, call, cap, full, ct);
    }

    // The purse does not cover it. Each round draws, then looks for the whole, for a useful part, and at the end of the
    // wait for the least; between rounds it waits until something is freed.
    private async ValueTask<Admitted> AdmitSlowlyAsync(
        Purse purse, Call call, long cap, Tokens full, CancellationToken ct)
    {
        var begun = clock.GetTimestamp();
        var useful = Math.Min(cap, options.UsefulOutput);
        while (true)
        {
            var changed = purse.Changed;
            if (!await TryDrawAsync(purse, full, ct))
                return Refuse(GatewayRefusals.Unavailable.With("Stipend cannot reach its database."),
                    options.RetryAfter);
            if (purse.TryHold(full, clock.GetTimestamp())) return Open(purse, call, full, cap);
            if (purse.IsClosed) { purse = PurseOf(call.Key.Wallet); continue; }

            if (TryHoldPart(purse, call, cap, useful) is { } part) return part;

            var left = options.WaitForTokens - clock.GetElapsedTime(begun);
            if (left > TimeSpan.Zero && purse.Held.Milli > 0 && await WaitAsync(changed, left, ct)) continue;

            return TryHoldPart(purse, call, cap, Math.Min(cap, call.OutputFloor))
                ?? await RefuseAsync(purse, call, cap, ct);
        }
    }

    private Admitted? TryHoldPart(Purse purse, Call call, long cap, long least)
    {
        var covered = Math.Min(call.Affordable(purse.Free), cap);
        if (covered < Math.Max(least, call.OutputFloor)) return null;
        var amount = call.WorstCase(covered);
        return purse.TryHold(amount, clock.GetTimestamp()) ? Open(purse, call, amount, covered) : null;
    }

    private Admitted Open(Purse purse, Call call, Tokens amount, long cap)
    {
        if (call.Key.Spending is { } budget && !budget.TryHold(amount))
        {
            purse.Settle(amount, Tokens.Zero, clock.GetTimestamp());
            return Refuse(
                GatewayRefusals.KeyBudgetExhausted.With("Other requests took what this key's budget had left."), null);
        }

        var startedAt = Now();
        var hold = new Hold(this, purse, call, Id.New<RequestId>(clock), startedAt, amount, cap);
        inFlight[hold.Id] = startedAt;
        try
        {
            hold.Opened = journal.OpenAsync(new(
                purse.Wallet, hold.Id, startedAt, purse.Holder, call.Key.Id.Value, call.Model, amount));
        }
        catch (InvalidOperationException e)
        {
            hold.Opened = Task.FromException(e); // the handler meets it before it forwards a byte
        }

        return new(hold, cap, null, null);
    }

    internal Settled Settle(Hold hold, in CallResult result)
    {
        var (call, purse) = (hold.Call, hold.Purse);
        var cost = Cost.Of(call.Price, result.Usage, call.TokenValueNanos);
        var charged = purse.Settle(hold.Amount, cost.Charge, clock.GetTimestamp());
        var endedAt = Now();
        var record = new RequestRecord
        {
            Wallet = purse.Wallet, Id = hold.Id, StartedAt = hold.StartedAt, EndedAt = endedAt, Source = Source.Gateway,
            Holder = purse.Holder, KeyId = call.Key.Id.Value, Model = call.Model, Provider = call.Price.Provider,
            PriceId = call.Price.Id, TokenValueNanos = call.TokenValueNanos, Usage = result.Usage, Cost = cost,
            Charged = charged, Held = hold.Amount, AskedCap = call.AskedCap,
            SentCap = hold.OutputCap < call.OutputCap ? hold.OutputCap : null,
            State = result.Estimated ? RecordState.Estimated : RecordState.Settled, Outcome = result.Outcome,
            HttpStatus = result.HttpStatus, FirstByteUs = Micros(result.FirstByte),
            DurationUs = (endedAt - hold.StartedAt).Ticks / TimeSpan.TicksPerMicrosecond,
            RequestBytes = result.RequestBytes, ResponseBytes = result.ResponseBytes,
        };
        if (charged < cost.Charge) _ = CloseWithMoreAsync(hold, record);
        else Close(hold, record);
        return new(cost, purse.Balance);
    }

    private void Close(Hold hold, RequestRecord record)
    {
        hold.Call.Key.Spending?.Settle(hold.Amount, record.Charged);
        journal.Close(record);
        inFlight.TryRemove(hold.Id, out _); // behind Close: what is not in flight must be in the journal's hands
    }

    // It cost more than its hold: its input was larger than its bytes allowed for. The wallet pays what it has; what it
    // has not, the record shows as cost that was not charged.
    private async Task CloseWithMoreAsync(Hold hold, RequestRecord record)
    {
        Log.BeyondHold(log, hold.Id, hold.Amount.Milli, record.Cost.Charge.Milli);
        try
        {
            var missing = record.Cost.Charge - record.Charged;
            var drawn = await DrawAsync(hold.Purse, missing);
            record = record with { Charged = record.Charged + hold.Purse.TakeUpTo(Tokens.Min(missing, drawn)) };
        }
        finally
        {
            Close(hold, record);
        }
    }

    /// <returns>False where the database did not answer in time.</returns>
    private async Task<bool> TryDrawAsync(Purse purse, Tokens need, CancellationToken ct)
    {
        if (!await purse.Drawing.WaitAsync(options.DrawWithin, ct)) return false;
        var release = true;
        try
        {
            var missing = need - purse.Free;
            if (missing.Milli <= 0) return true; // the one before drew enough for both
            var ahead =
                Tokens.Min(new(need.Milli * options.DrawAhead), new(purse.Available.Milli / options.DrawAheadShare));
            var draw = DrawAsync(purse, missing + ahead);
            if (await Task.WhenAny(draw, Task.Delay(options.DrawWithin, clock, ct)) == draw)
            {
                await draw;
                return true;
            }

            release = false; // it goes on, and lets the next one draw when it is known what became of it
            _ = draw.ContinueWith(_ => purse.Drawing.Release(), TaskScheduler.Default);
            ct.ThrowIfCancellationRequested();
            return false;
        }
        finally
        {
            if (release) purse.Drawing.Release();
        }
    }

    /// <summary>Draws up to an amount, whatever is there. Tries until it is known whether it was posted.</summary>
    private async Task<Tokens> DrawAsync(Purse purse, Tokens amount)
    {
        var posted = await PostSurelyAsync(new Transfer
        {
            Kind = TransferKind.Draw, Wallet = purse.Wallet, Holder = purse.Holder, Amount = amount,
            AtLeast = Tokens.Zero,
            Key = $"draw:{Id.New<TransferId>(clock).Value:N}",
        });
        purse.AddDrawn(posted.Moved, posted.AvailableAfter);
        return posted.Moved;
    }

    /// <summary>Sends idle escrow home, and all of it where the node stops.</summary>
    public async Task ReturnIdleAsync(bool all)
    {
        var idleSince = clock.GetTimestamp() - (long)(options.ReturnAfter.TotalSeconds * clock.TimestampFrequency);
        var returns = new List<Task>();
        foreach (var purse in purses.Values)
        {
            var amount = purse.TakeIdle(all ? null : idleSince);
            if (amount.Milli > 0) returns.Add(ReturnAsync(purse, amount));
            else if (purse.TryClose(idleSince)) purses.TryRemove(new(purse.Wallet, purse));
        }

        await Task.WhenAll(returns);
    }

    private async Task ReturnAsync(Purse purse, Tokens amount)
    {
        var posted = await PostSurelyAsync(new Transfer
        {
            Kind = TransferKind.Return, Wallet = purse.Wallet, Holder = purse.Holder, Amount = amount,
            Key = $"return:{Id.New<TransferId>(clock).Value:N}",
        });
        if (posted.Done) purse.NoteAvailable(posted.AvailableAfter);
        else Log.ReturnRefused(log, purse.Wallet, posted.Refused!.ToString());
    }

    /// <summary>Forgets all purses: this node was taken for dead, and what they held has gone home.</summary>
    public void Fence() => purses = [];

    private async Task<Posted> PostSurelyAsync(Transfer transfer)
    {
        while (true)
        {
            try
            {
                return await ledger.PostAsync(transfer, CancellationToken.None);
            }
            catch (NpgsqlException e)
            {
                Log.Away(log, transfer.Wallet, e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(250), clock);
            }
        }
    }

    private static async Task<bool> WaitAsync(Task changed, TimeSpan atMost, CancellationToken ct)
    {
        await changed.WaitAsync(atMost, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
        return true;
    }

    // Tokens that are held elsewhere and not used come back, so a refusal is final only where even they would not do.
    private async ValueTask<Admitted> RefuseAsync(Purse purse, Call call, long cap, CancellationToken ct)
    {
        var least = call.WorstCase(Math.Min(cap, call.OutputFloor));
        var everything = await escrow.OwnAsync(call.Key.Wallet, ct);
        return everything >= least
            ? Refuse(GatewayRefusals.WalletInFlight.With(
                $"{call.Model} needs at least {least} tokens; your wallet has {everything}, "
                + $"of which {purse.Free} are not held by requests in flight."), options.RetryAfter)
            : Refuse(GatewayRefusals.WalletExhausted.With(
                $"{call.Model} needs at least {least} tokens for this request; your wallet has {everything}."), null);
    }

    private static long? WithinBudget(Call call)
    {
        if (call.Key.Spending is not { } budget) return call.OutputCap;
        var covered = Math.Min(call.Affordable(budget.Left), call.OutputCap);
        return covered < Math.Min(call.OutputFloor, call.OutputCap) ? null : covered;
    }

    private Purse PurseOf(WalletId wallet)
    {
        while (true)
        {
            var purse = purses.GetOrAdd(wallet, static (id, node) => new Purse(id, node.Holder), node);
            if (!purse.IsClosed) return purse;
            purses.TryRemove(new(wallet, purse));
        }
    }

    private DateTime Now()
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond)); // as PostgreSQL keeps it
    }

    private static int Micros(TimeSpan span) => (int)Math.Min(span.Ticks / TimeSpan.TicksPerMicrosecond, int.MaxValue);

    private static Admitted Refuse(Refused refused, TimeSpan? retryAfter) => new(null, 0, refused, retryAfter);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning,
            Message = "{Request} held {HeldMilli} milli-tokens and cost {CostMilli}.")]
        public static partial void BeyondHold(ILogger log, RequestId request, long heldMilli, long costMilli);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Escrow of {Wallet} did not go home: {Reason}")]
        public static partial void ReturnRefused(ILogger log, WalletId wallet, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Escrow of {Wallet} waits for the database: {Reason}")]
        public static partial void Away(ILogger log, WalletId wallet, string reason);
    }
}
