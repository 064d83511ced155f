using System.Collections.Concurrent;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Metering;
using Guerdon.Metering.Requests;
using Guerdon.Metering.Settlement;
using Guerdon.Pricing.Costing;
using Microsoft.Extensions.Options;

namespace Guerdon.Gateway.Admission;

/// <summary>
/// Lets calls pass whose worst case fits this node's escrow of the wallet. Not enough: draw more, recall what other
/// nodes do not use, wait briefly for holds in flight, lower the output cap, refuse, in that order. Only where it is
/// not enough the database is asked.
/// </summary>
internal sealed class WalletHolds(
    EscrowDraws draws, RequestJournal journal, Settlements settlements, NodeLease node, EscrowReader reader,
    IOptions<AdmissionOptions> options, TimeProvider clock)
{
    private readonly AdmissionOptions _options = options.Value;
    private readonly ConcurrentDictionary<RequestId, DateTime> _inFlight = [];
    private ConcurrentDictionary<WalletId, NodeEscrow> _escrows = [];

    /// <summary>True where no call is in flight and no escrow is on its way.</summary>
    public bool IsQuiet => _inFlight.IsEmpty && draws.UnderWay == 0;

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
    public async ValueTask<Result<Hold>> AdmitAsync(PlannedCall call, long cap, CancellationToken ct)
    {
        if (!node.IsAlive || journal.IsOverloaded)
            return Later(GatewayRefusals.Unavailable.With("Guerdon cannot record requests at the moment."));
        var full = call.WorstCase(cap);
        var escrow = EscrowOf(call.Key.Wallet);
        var isRoomy = HasRoom(escrow, call, full) && ReferenceEquals(WithRoomForTools(escrow, call, cap), call);
        if (isRoomy && escrow.TryHold(full, clock.GetTimestamp()))
            return Open(escrow, call, full, cap);
        return await AdmitSlowlyAsync(escrow, call, cap, ct);
    }

    // A call without a cap must not hold all that a small wallet has, since its owner can do with a cap.
    private bool HasRoom(NodeEscrow escrow, PlannedCall call, Tokens full) =>
        call.AskedCap is not null || escrow.Balance.Milli / _options.UncappedRoom >= full.Milli;

    // Each use of a provider's tool reads the context again, so not all that a small wallet has is held for them.
    private PlannedCall WithRoomForTools(NodeEscrow escrow, PlannedCall call, long cap)
    {
        while (escrow.Balance.Milli / _options.UncappedRoom < call.WorstCase(cap).Milli)
        {
            if (call.WithFewerUses() is not { } less) break;
            call = less;
        }

        return call;
    }

    // The escrow does not cover it. Each round draws, then looks for the whole, for a useful part, and at the end of
    // the wait for the least; between rounds it waits until something is freed, here or elsewhere.
    private async ValueTask<Result<Hold>> AdmitSlowlyAsync(
        NodeEscrow escrow, PlannedCall call, long cap, CancellationToken ct)
    {
        var begun = clock.GetTimestamp();
        while (true)
        {
            var changed = escrow.Changed;
            escrow.OwnerEndsAt = call.Key.OwnerEndsAt; // nothing is in one before something is drawn for it
            if (!await draws.TryDrawAsync(escrow, call.WorstCase(cap), ct))
                return Later(GatewayRefusals.Unavailable.With("Guerdon cannot reach its database."));
            if (escrow.IsClosed) { escrow = EscrowOf(call.Key.Wallet); continue; }
            call = WithRoomForTools(escrow, call, cap);

            if (!HasRoom(escrow, call, call.WorstCase(cap))) cap = await HabitualCapAsync(escrow, call, cap, ct);
            var full = call.WorstCase(cap);
            if (escrow.TryHold(full, clock.GetTimestamp())) return Open(escrow, call, full, cap);
            if (TryHoldPart(escrow, call, cap, Math.Min(cap, _options.UsefulOutput)) is { } part) return part;

            var left = _options.WaitForTokens - clock.GetElapsedTime(begun);
            if (left > TimeSpan.Zero && await MayComeAsync(escrow, full - escrow.Free, ct))
            {
                await WaitAsync(escrow, changed, left < _options.AskAgainAfter ? left : _options.AskAgainAfter, ct);
                continue;
            }

            return TryHoldPart(escrow, call, cap, Math.Min(cap, call.OutputFloor)) is { } least
                ? least : await RefuseAsync(escrow, call, cap, ct);
        }
    }

    // Twice the longest recent answer, so that the habit can grow; never below what is worth having.
    private async ValueTask<long> HabitualCapAsync(NodeEscrow escrow, PlannedCall call, long cap, CancellationToken ct)
    {
        if (escrow.Habits.Of(call.Model) is not { } longest)
        {
            longest = await reader.LongestOutputAsync(escrow.Wallet, call.Model, ct) ?? 0;
            escrow.Habits.Note(call.Model, longest);
        }

        return Math.Min(cap, Math.Max(longest * 2, Math.Max(_options.UsefulOutput, call.OutputFloor)));
    }

    // False only where nothing can bring tokens back: no call in flight here, and no escrow at other nodes.
    private async ValueTask<bool> MayComeAsync(NodeEscrow escrow, Tokens missing, CancellationToken ct)
    {
        if (escrow.TryAsk(clock.GetTimestamp(), Timestamps(_options.AskAgainAfter / 2)))
            escrow.OthersHave = await draws.AskOthersAsync(escrow, missing, ct);
        return escrow.OthersHave || escrow.Held.Milli > 0;
    }

    private Hold? TryHoldPart(NodeEscrow escrow, PlannedCall call, long cap, long least)
    {
        var covered = Math.Min(call.Affordable(escrow.Free), cap);
        if (covered < Math.Max(least, call.OutputFloor)) return null;
        var amount = call.WorstCase(covered);
        return escrow.TryHold(amount, clock.GetTimestamp()) ? Open(escrow, call, amount, covered) : null;
    }

    private Hold Open(NodeEscrow escrow, PlannedCall call, Tokens amount, long cap)
    {
        var startedAt = clock.UtcMicros();
        var begun = new Begun(startedAt, clock.GetTimestamp());
        var hold = new Hold(this, escrow, call, Id.New<RequestId>(clock), begun, amount, cap);
        _inFlight[hold.Id] = startedAt;
        try
        {
            hold.Opened = journal.OpenAsync(new(
                escrow.Wallet, hold.Id, startedAt, escrow.Holder, call.Key.Id.Value, call.Model, amount));
        }
        catch (InvalidOperationException e)
        {
            hold.Opened = Task.FromException(e); // the handler meets it before it forwards a byte
        }

        return hold;
    }

    internal Settled Settle(Hold hold, in CallResult result)
    {
        var (call, escrow) = (hold.Call, hold.NodeEscrow);
        var cost = result.IsAtHold ? Cost.OfCharge(hold.Amount, call.TokenValueNanos)
            : result.Priced?.Cost ?? Cost.Of(call.Price, result.Usage, call.TokenValueNanos);
        var due = call.DueOf(cost);
        var charged = escrow.Settle(hold.Amount, due, clock.GetTimestamp());
        if (result.Usage.Output > 0 && !result.Estimated) escrow.Habits.Note(call.Model, result.Usage.Output);
        var took = Micros(clock.GetElapsedTime(hold.Begun.Timestamp)); // the wall clock may have been put back
        var record = new RequestRecord
        {
            Wallet = escrow.Wallet, Id = hold.Id, StartedAt = hold.Begun.At,
            EndedAt = hold.Begun.At.AddMicroseconds(took), Source = Source.Gateway,
            Holder = escrow.Holder, KeyId = call.Key.Id.Value, Model = call.Model, Provider = result.Provider,
            PriceId = result.IsAtHold ? null : result.Priced?.PriceId ?? call.Price.Id,
            TokenValueNanos = call.TokenValueNanos,
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
        return new(cost with { Charge = due }, escrow.Balance, owing);
    }

    private static RecordState StateOf(in CallResult result) => result.Estimated ? RecordState.Estimated
        : result.Priced is { IsDoubtful: true } ? RecordState.Provisional : RecordState.Settled;

    private void Close(Hold hold, RequestRecord record)
    {
        hold.Budget?.Settle(hold.Amount, record.Charged, clock.GetTimestamp());
        journal.Close(record);
        _inFlight.TryRemove(hold.Id, out _); // after Close: what is not in flight must be in the journal
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
                var drawn = await draws.DrawAsync(hold.NodeEscrow, missing, Tokens.Zero);
                var taken = hold.NodeEscrow.TakeUpTo(missing);
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

    /// <summary>
    /// Returns idle escrow, that of owners who have left, and all of it where the node stops; and books what these
    /// wallets were charged, whose windows would bring nothing more.
    /// </summary>
    public Task ReturnIdleAsync(bool all)
    {
        var idleSince = clock.GetTimestamp() - Timestamps(_options.ReturnAfter);
        var now = clock.GetUtcNow();
        var work = new List<Task>();
        var idle = new List<NodeEscrow>();
        foreach (var escrow in _escrows.Values)
        {
            var hasLeft = escrow.OwnerEndsAt <= now;
            var amount = escrow.TakeIdle(all || hasLeft ? null : idleSince);
            if (amount.Milli > 0) work.Add(draws.ReturnAsync(escrow, amount));
            else if (escrow.TryClose(idleSince)) _escrows.TryRemove(new(escrow.Wallet, escrow));
            else if (!hasLeft) continue;
            idle.Add(escrow);
        }

        work.Add(all ? settlements.AllAsync(node.Holder, CancellationToken.None) : SettleAsync(idle));
        return Task.WhenAll(work);
    }

    /// <summary>
    /// Returns what is free of some wallets, though it was used a moment ago; and what calls still hold, as soon as the
    /// loop sees it free, unless something is drawn for the wallet again. Books what was charged of them.
    /// </summary>
    public Task ReturnAsync(IReadOnlySet<WalletId> wallets)
    {
        var now = clock.GetUtcNow();
        var work = new List<Task>();
        var found = new List<NodeEscrow>();
        foreach (var wallet in wallets)
        {
            if (!_escrows.TryGetValue(wallet, out var escrow)) continue;
            found.Add(escrow);
            escrow.OwnerEndsAt = now;
            if (escrow.TakeIdle(null) is { Milli: > 0 } amount) work.Add(draws.ReturnAsync(escrow, amount));
        }

        work.Add(SettleAsync(found));
        return Task.WhenAll(work);
    }

    /// <summary>Books what was charged and has waited for a window.</summary>
    public Task SettleDueAsync(CancellationToken ct) => settlements.DueAsync(node.Holder, ct);

    private Task SettleAsync(IReadOnlyList<NodeEscrow> escrows) => Task.WhenAll(
        escrows.GroupBy(escrow => escrow.Holder).Select(ofHolder => settlements.OfWalletsAsync(
            [.. ofHolder.Select(escrow => escrow.Wallet)], ofHolder.Key, CancellationToken.None)));

    /// <summary>Another node lacks so much of a wallet: it gets what is free here.</summary>
    public Task GiveAsync(HolderId asker, WalletId wallet, Tokens amount) =>
        asker != node.Holder && _escrows.TryGetValue(wallet, out var escrow)
            ? draws.GiveAsync(escrow, asker, amount)
            : Task.CompletedTask;

    /// <summary>Another node has returned escrow of a wallet.</summary>
    public void NoteReturned(HolderId by, WalletId wallet)
    {
        if (by != node.Holder && _escrows.TryGetValue(wallet, out var escrow)) escrow.NoteReturned();
    }

    /// <summary>Forgets all escrow: this node was taken for dead, and what they held was returned.</summary>
    public void Fence() => _escrows = [];

    private static async Task WaitAsync(NodeEscrow escrow, Task changed, TimeSpan atMost, CancellationToken ct)
    {
        escrow.AddWaiting(1);
        await changed.WaitAsync(atMost, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        escrow.AddWaiting(-1);
        ct.ThrowIfCancellationRequested();
    }

    // Tokens that are held elsewhere and not used come back, so a refusal is final only where even they would not do.
    private async ValueTask<Refused> RefuseAsync(NodeEscrow escrow, PlannedCall call, long cap, CancellationToken ct)
    {
        var least = call.WorstCase(Math.Min(cap, call.OutputFloor));
        var why = call.Plan.Tools.Count == 0 ? ""
            : $", since with the provider's tools it may read its context {call.Turns} times";
        var everything = await reader.OwnAsync(call.Key.Wallet, ct);
        if (everything >= least)
        {
            // The database takes what was answered here a moment ago for held until its row is written.
            await journal.WrittenAsync(call.Key.Wallet, ct);
            everything = await reader.OwnAsync(call.Key.Wallet, ct);
        }

        return everything >= least
            ? Later(GatewayRefusals.WalletInFlight.With(
                $"{call.Model} needs at least {least} tokens{why}; your wallet has {everything}, "
                + $"of which {escrow.Free} are not held by requests in flight."))
            : GatewayRefusals.WalletExhausted.With(
                $"{call.Model} needs at least {least} tokens for this request{why}; your wallet has "
                + $"{everything}.");
    }

    private NodeEscrow EscrowOf(WalletId wallet)
    {
        while (true)
        {
            var escrow = _escrows.GetOrAdd(wallet, static (id, node) => new NodeEscrow(id, node.Holder), node);
            if (!escrow.IsClosed) return escrow;
            _escrows.TryRemove(new(wallet, escrow));
        }
    }

    private long Timestamps(TimeSpan span) => (long)(span.TotalSeconds * clock.TimestampFrequency);

    private static long Micros(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    private Refused Later(Refused refused) => refused with { RetryAfter = _options.RetryAfter };
}
