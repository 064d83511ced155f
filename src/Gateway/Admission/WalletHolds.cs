using System.Collections.Concurrent;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Metering;
using Guerdon.Metering.Requests;
using Guerdon.Pricing.Costing;
using Microsoft.Extensions.Options;

namespace Guerdon.Gateway.Admission;

/// <summary>
/// Lets calls pass whose worst case fits this node's escrow of the wallet. Not enough: draw more, recall what other
/// nodes do not use, wait briefly for holds in flight, lower the output cap, refuse, in that order. Only where it is
/// not enough the database is asked.
/// </summary>
internal sealed class WalletHolds(
    EscrowDesk desk, RequestJournal journal, NodeLease node, EscrowReader escrow, IOptions<AdmissionOptions> options,
    TimeProvider clock)
{
    private readonly AdmissionOptions _options = options.Value;
    private readonly ConcurrentDictionary<RequestId, DateTime> _inFlight = [];
    private ConcurrentDictionary<WalletId, Purse> _purses = [];

    /// <summary>True where no call is in flight and no escrow is on its way.</summary>
    public bool IsQuiet => _inFlight.IsEmpty && desk.UnderWay == 0;

    /// <summary>No call that is in flight, or comes yet, is filed in the journal earlier.</summary>
    public DateTime OldestOpen()
    {
        var oldest = journal.LatestOpening;
        foreach (var (_, startedAt) in _inFlight) oldest = startedAt < oldest ? startedAt : oldest;
        return oldest;
    }

    /// <param name="call">What is asked.</param>
    /// <param name="cap">The most output that anything but the wallet leaves it.</param>
    /// <param name="ct">The caller has left.</param>
    public async ValueTask<Admitted> AdmitAsync(PlannedCall call, long cap, CancellationToken ct)
    {
        if (!node.IsAlive || journal.IsOverloaded)
            return Refuse(GatewayRefusals.Unavailable.With("Guerdon cannot record requests at the moment."),
                _options.RetryAfter);
        var full = call.WorstCase(cap);
        var purse = PurseOf(call.Key.Wallet);
        var isRoomy = HasRoom(purse, call, full) && ReferenceEquals(WithRoomForTools(purse, call, cap), call);
        if (isRoomy && purse.TryHold(full, clock.GetTimestamp()))
            return Open(purse, call, full, cap);
        return await AdmitSlowlyAsync(purse, call, cap, ct);
    }

    // Its owner could do with a cap, and gave none: not all that a small wallet has is held for one such call.
    private bool HasRoom(Purse purse, PlannedCall call, Tokens full) =>
        call.AskedCap is not null || purse.Balance.Milli / _options.UncappedRoom >= full.Milli;

    // Each use of a provider's tool reads the context again: not all that a small wallet has is held for them.
    private PlannedCall WithRoomForTools(Purse purse, PlannedCall call, long cap)
    {
        while (purse.Balance.Milli / _options.UncappedRoom < call.WorstCase(cap).Milli)
        {
            if (call.WithFewerUses() is not { } less) break;
            call = less;
        }

        return call;
    }

    // The purse does not cover it. Each round draws, then looks for the whole, for a useful part, and at the end of the
    // wait for the least; between rounds it waits until something is freed, here or elsewhere.
    private async ValueTask<Admitted> AdmitSlowlyAsync(Purse purse, PlannedCall call, long cap, CancellationToken ct)
    {
        var begun = clock.GetTimestamp();
        while (true)
        {
            var changed = purse.Changed;
            purse.OwnerEndsAt = call.Key.OwnerEndsAt; // nothing is in a purse before something is drawn for it
            if (!await desk.TryDrawAsync(purse, call.WorstCase(cap), ct))
                return Refuse(GatewayRefusals.Unavailable.With("Guerdon cannot reach its database."),
                    _options.RetryAfter);
            if (purse.IsClosed) { purse = PurseOf(call.Key.Wallet); continue; }
            call = WithRoomForTools(purse, call, cap);

            if (!HasRoom(purse, call, call.WorstCase(cap))) cap = await HabitualCapAsync(purse, call, cap, ct);
            var full = call.WorstCase(cap);
            if (purse.TryHold(full, clock.GetTimestamp())) return Open(purse, call, full, cap);
            if (TryHoldPart(purse, call, cap, Math.Min(cap, _options.UsefulOutput)) is { } part) return part;

            var left = _options.WaitForTokens - clock.GetElapsedTime(begun);
            if (left > TimeSpan.Zero && await MayComeAsync(purse, full - purse.Free, ct))
            {
                await WaitAsync(purse, changed, left < _options.AskAgainAfter ? left : _options.AskAgainAfter, ct);
                continue;
            }

            return TryHoldPart(purse, call, cap, Math.Min(cap, call.OutputFloor))
                ?? await RefuseAsync(purse, call, cap, ct);
        }
    }

    // Twice the longest of late, so that the habit can grow; never below what is worth having.
    private async ValueTask<long> HabitualCapAsync(Purse purse, PlannedCall call, long cap, CancellationToken ct)
    {
        if (purse.Habits.Of(call.Model) is not { } longest)
        {
            longest = await escrow.LongestOutputAsync(purse.Wallet, call.Model, ct) ?? 0;
            purse.Habits.Note(call.Model, longest);
        }

        return Math.Min(cap, Math.Max(longest * 2, Math.Max(_options.UsefulOutput, call.OutputFloor)));
    }

    // Tokens come back from calls in flight here, and from other nodes.
    private async ValueTask<bool> MayComeAsync(Purse purse, Tokens missing, CancellationToken ct)
    {
        if (purse.TryAsk(clock.GetTimestamp(), Timestamps(_options.AskAgainAfter / 2)))
            purse.OthersHave = await desk.AskOthersAsync(purse, missing, ct);
        return purse.OthersHave || purse.Held.Milli > 0;
    }

    private Admitted? TryHoldPart(Purse purse, PlannedCall call, long cap, long least)
    {
        var covered = Math.Min(call.Affordable(purse.Free), cap);
        if (covered < Math.Max(least, call.OutputFloor)) return null;
        var amount = call.WorstCase(covered);
        return purse.TryHold(amount, clock.GetTimestamp()) ? Open(purse, call, amount, covered) : null;
    }

    private Admitted Open(Purse purse, PlannedCall call, Tokens amount, long cap)
    {
        var startedAt = clock.UtcMicros();
        var begun = new Begun(startedAt, clock.GetTimestamp());
        var hold = new Hold(this, purse, call, Id.New<RequestId>(clock), begun, amount, cap);
        _inFlight[hold.Id] = startedAt;
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
        var cost = result.IsAtHold ? new Costing(Usd.Zero, hold.Amount)
            : result.Priced?.Cost ?? Cost.Of(call.Price, result.Usage, call.TokenValueNanos);
        var due = call.DueOf(cost);
        var charged = purse.Settle(hold.Amount, due, clock.GetTimestamp());
        if (result.Usage.Output > 0 && !result.Estimated) purse.Habits.Note(call.Model, result.Usage.Output);
        var took = Micros(clock.GetElapsedTime(hold.Begun.Timestamp)); // the wall clock may have been put back
        var record = new RequestRecord
        {
            Wallet = purse.Wallet, Id = hold.Id, StartedAt = hold.Begun.At,
            EndedAt = hold.Begun.At.AddMicroseconds(took), Source = Source.Gateway,
            Holder = purse.Holder, KeyId = call.Key.Id.Value, Model = call.Model, Provider = result.Provider,
            PriceId = result.IsAtHold ? null : result.Priced?.PriceId ?? call.Price.Id,
            TokenValueNanos = result.IsAtHold ? 0 : call.TokenValueNanos,
            Usage = result.Usage, Cost = cost, Parts = result.Priced?.Parts ?? [],
            Charged = charged, Held = hold.Amount, AskedCap = call.AskedCap,
            SentCap = hold.OutputCap < call.OutputCap ? hold.OutputCap : null,
            State = StateOf(result), Outcome = result.Outcome,
            HttpStatus = result.HttpStatus, FirstByteUs = (int)Math.Min(Micros(result.FirstByte), int.MaxValue),
            DurationUs = took,
            RequestBytes = result.RequestBytes, ResponseBytes = result.ResponseBytes,
        };
        Task<Tokens>? owing = null;
        if (charged < due) owing = CloseWithMoreAsync(hold, record);
        else Close(hold, record);
        return new(cost with { Charge = due }, purse.Balance, owing);
    }

    private static RecordState StateOf(in CallResult result) => result.Estimated ? RecordState.Estimated
        : result.Priced is { IsDoubtful: true } ? RecordState.Provisional : RecordState.Settled;

    private void Close(Hold hold, RequestRecord record)
    {
        hold.Budget?.Settle(hold.Amount, record.Charged, clock.GetTimestamp());
        journal.Close(record);
        _inFlight.TryRemove(hold.Id, out _); // behind Close: what is not in flight must be in the journal's hands
    }

    // It cost more than its hold: its input was larger than its bytes allowed for. The wallet pays what it has; what it
    // has not, the record shows as cost that was not charged. Others of its calls that end may take what was drawn for
    // this one, so it draws until nothing comes any more.
    private async Task<Tokens> CloseWithMoreAsync(Hold hold, RequestRecord record)
    {
        try
        {
            while (record.Cost.Charge - record.Charged is { Milli: > 0 } missing)
            {
                var drawn = await desk.DrawAsync(hold.Purse, missing, Tokens.Zero);
                var taken = hold.Purse.TakeUpTo(missing);
                record = record with { Charged = record.Charged + taken };
                if (drawn.Milli == 0 && taken.Milli == 0) break;
            }

            return record.Cost.Charge - record.Charged;
        }
        finally
        {
            Close(hold, record);
        }
    }

    /// <summary>Sends home idle escrow, that of owners who have left, and all of it where the node stops.</summary>
    public async Task ReturnIdleAsync(bool all)
    {
        var idleSince = clock.GetTimestamp() - Timestamps(_options.ReturnAfter);
        var now = clock.GetUtcNow();
        var returns = new List<Task>();
        foreach (var purse in _purses.Values)
        {
            var amount = purse.TakeIdle(all || purse.OwnerEndsAt <= now ? null : idleSince);
            if (amount.Milli > 0) returns.Add(desk.ReturnAsync(purse, amount));
            else if (purse.TryClose(idleSince)) _purses.TryRemove(new(purse.Wallet, purse));
        }

        await Task.WhenAll(returns);
    }

    /// <summary>
    /// Sends home what is free of some wallets, though it was used a moment ago; and what calls still hold, as soon as
    /// the loop sees it free, unless something is drawn for the wallet again.
    /// </summary>
    public Task ReturnAsync(IReadOnlySet<WalletId> wallets)
    {
        var (now, returns) = (clock.GetUtcNow(), new List<Task>());
        foreach (var wallet in wallets)
        {
            if (!_purses.TryGetValue(wallet, out var purse)) continue;
            purse.OwnerEndsAt = now;
            if (purse.TakeIdle(null) is { Milli: > 0 } amount) returns.Add(desk.ReturnAsync(purse, amount));
        }

        return Task.WhenAll(returns);
    }

    /// <summary>Another node lacks so much of a wallet: it gets what is free here.</summary>
    public Task GiveAsync(HolderId asker, WalletId wallet, Tokens amount) =>
        asker != node.Holder && _purses.TryGetValue(wallet, out var purse)
            ? desk.GiveAsync(purse, asker, amount)
            : Task.CompletedTask;

    /// <summary>Another node has returned escrow of a wallet.</summary>
    public void NoteReturned(HolderId by, WalletId wallet)
    {
        if (by != node.Holder && _purses.TryGetValue(wallet, out var purse)) purse.NoteReturned();
    }

    /// <summary>Forgets all purses: this node was taken for dead, and what they held has gone home.</summary>
    public void Fence() => _purses = [];

    private static async Task WaitAsync(Purse purse, Task changed, TimeSpan atMost, CancellationToken ct)
    {
        purse.AddWaiting(1);
        await changed.WaitAsync(atMost, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        purse.AddWaiting(-1);
        ct.ThrowIfCancellationRequested();
    }

    // Tokens that are held elsewhere and not used come back, so a refusal is final only where even they would not do.
    private async ValueTask<Admitted> RefuseAsync(Purse purse, PlannedCall call, long cap, CancellationToken ct)
    {
        var least = call.WorstCase(Math.Min(cap, call.OutputFloor));
        var why = call.Plan.Tools.Count == 0 ? ""
            : $", since with the provider's tools it may read its context {call.Turns} times";
        var everything = await escrow.OwnAsync(call.Key.Wallet, ct);
        return everything >= least
            ? Refuse(GatewayRefusals.WalletInFlight.With(
                $"{call.Model} needs at least {least} tokens{why}; your wallet has {everything}, "
                + $"of which {purse.Free} are not held by requests in flight."), _options.RetryAfter)
            : Refuse(GatewayRefusals.WalletExhausted.With(
                $"{call.Model} needs at least {least} tokens for this request{why}; your wallet has "
                + $"{everything}."), null);
    }

    private Purse PurseOf(WalletId wallet)
    {
        while (true)
        {
            var purse = _purses.GetOrAdd(wallet, static (id, node) => new Purse(id, node.Holder), node);
            if (!purse.IsClosed) return purse;
            _purses.TryRemove(new(wallet, purse));
        }
    }

    private long Timestamps(TimeSpan span) => (long)(span.TotalSeconds * clock.TimestampFrequency);

    private static long Micros(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    private static Admitted Refuse(Refused refused, TimeSpan? retryAfter) => new(null, 0, refused, retryAfter);
}
