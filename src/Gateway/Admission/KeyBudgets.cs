using System.Collections.Concurrent;
using System.Globalization;
using Guerdon.Gateway.Keys;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Gateway.Admission;

/// <summary>Either a hold in a key's budget and the output cap it covers, or why there is none.</summary>
public readonly record struct Budgeted(KeyBudget Budget, Tokens Amount, long OutputCap)
{
    /// <summary>The call that is held for: as asked, or with fewer uses of the provider's tools.</summary>
    public PlannedCall? Call { get; init; }
}

/// <summary>
/// Holds calls within their keys' budgets, in this node's shares of them. Not enough: take more, have other nodes give
/// back what they do not use, wait briefly for calls in flight, lower the output cap, refuse, in that order.
/// </summary>
public sealed partial class KeyBudgets(
    BudgetStore store, NodeLease node, IOptions<AdmissionOptions> options, TimeProvider clock,
    ILogger<KeyBudgets> log)
{
    // A budget that was just found short is not looked at again before this, unless some is known to have come back.
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Quarter = TimeSpan.FromMilliseconds(250);
    private static readonly Backoff Again = new(Quarter, Quarter);

    private readonly AdmissionOptions _options = options.Value;
    private ConcurrentDictionary<KeyId, KeyBudget> _budgets = [];
    private int _underWay;

    /// <summary>How many changes have not come to their end.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Holds a call's worst case, or as much of its output as there is budget for.</summary>
    public ValueTask<Result<Budgeted>> HoldAsync(PlannedCall call, CancellationToken ct)
    {
        var budget = BudgetOf(call.Key.Id);
        var full = call.WorstCase(call.OutputCap);
        var isOther = budget.NoteLimit(call.Key.Budget!.Value);
        return !isOther && budget.TryHold(full, clock.GetTimestamp())
            ? new(new Budgeted(budget, full, call.OutputCap) { Call = call })
            : HoldSlowlyAsync(call.Key, full, call, isOther, ct);
    }

    /// <summary>Holds all of an amount, or nothing.</summary>
    public ValueTask<Result<Budgeted>> HoldAsync(ApiKey key, Tokens amount, CancellationToken ct) =>
        HoldSlowlyAsync(key, amount, null, BudgetOf(key.Id).NoteLimit(key.Budget!.Value), ct);

    private async ValueTask<Result<Budgeted>> HoldSlowlyAsync(
        ApiKey key, Tokens full, PlannedCall? call, bool isOther, CancellationToken ct)
    {
        var budget = BudgetOf(key.Id);
        if (isOther) await ChangeAsync(budget, Tokens.Zero, back: null); // perhaps it is less than what is in hand
        var begun = clock.GetTimestamp();
        var useful = call is null ? 0 : Math.Min(call.OutputCap, _options.UsefulOutput);
        while (true)
        {
            var changed = budget.Changed;
            budget.Owner = key; // nothing is in a share before something is drawn for it
            if (!await TryDrawAsync(budget, full, ct))
                return Later(GatewayRefusals.Unavailable.With("Guerdon cannot reach its database."));
            if (budget.IsClosed) { budget = BudgetOf(key.Id); continue; }

            if (budget.TryHold(full, clock.GetTimestamp()))
                return new Budgeted(budget, full, call?.OutputCap ?? 0) { Call = call };
            if (TryHoldPart(budget, call, useful) is { } part) return part;

            var left = _options.WaitForTokens - clock.GetElapsedTime(begun);
            if (left > TimeSpan.Zero && budget.MayComeBack)
            {
                await AskOthersAsync(budget, full, ct);
                await WaitAsync(budget, changed, left < _options.AskAgainAfter ? left : _options.AskAgainAfter, ct);
                continue;
            }

            var least = call is null ? 0 : Math.Min(call.OutputCap, call.OutputFloor);
            if (TryHoldPart(budget, call, least) is { } little) return little;
            if (call?.WithFewerUses() is not { } less) return Refuse(budget, full, call);
            (call, full) = (less, less.WorstCase(less.OutputCap));
        }
    }

    private Budgeted? TryHoldPart(KeyBudget budget, PlannedCall? call, long least)
    {
        if (call is null) return null;
        var covered = Math.Min(call.Affordable(budget.Free), call.OutputCap);
        if (covered < Math.Max(least, Math.Min(call.OutputFloor, call.OutputCap))) return null;
        var amount = call.WorstCase(covered);
        return budget.TryHold(amount, clock.GetTimestamp())
            ? new Budgeted(budget, amount, covered) { Call = call } : null;
    }

    // What calls in flight hold and do not use comes back, so it is final only where nothing is in flight.
    private Refused Refuse(KeyBudget budget, Tokens full, PlannedCall? call)
    {
        var what = call is null ? $"the job holds {full}" : $"too few for {call.Model}";
        return budget.MayComeBack
            ? Later(GatewayRefusals.KeyBudgetInFlight.With(
                $"This key has {budget.Left} tokens of its budget that no request holds; {what}."))
            : GatewayRefusals.KeyBudgetExhausted.With(
                $"This key has {budget.Left} tokens of its budget left; {what}.");
    }

    private Refused Later(Refused refused) => refused with { RetryAfter = _options.RetryAfter };

    private static async Task WaitAsync(KeyBudget budget, Task changed, TimeSpan atMost, CancellationToken ct)
    {
        budget.AddWaiting(1);
        await changed.WaitAsync(atMost, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        budget.AddWaiting(-1);
        ct.ThrowIfCancellationRequested();
    }

    /// <returns>False where the database did not answer in time.</returns>
    private async Task<bool> TryDrawAsync(KeyBudget budget, Tokens need, CancellationToken ct)
    {
        if (budget.Missing(need) <= 0) return true;
        if (budget.FoundShortAt is not 0 and var at && clock.GetElapsedTime(at) < LookAgainAfter) return true;
        var change = ChangeAsync(budget, need, Tokens.Zero);
        if (await Task.WhenAny(change, Task.Delay(_options.DrawWithin, clock, ct)) == change)
        {
            await change;
            return true;
        }

        ct.ThrowIfCancellationRequested(); // it goes on, and what it brings is there for the next
        return false;
    }

    // One change of the row gives back, tells and draws. It never gives up while the database is away,
    // since a change may have been made.
    private async Task ChangeAsync(KeyBudget budget, Tokens need, Tokens? back)
    {
        if (!budget.TryBeginChange()) return;
        Interlocked.Increment(ref _underWay);
        await budget.Changing.WaitAsync(CancellationToken.None);
        try
        {
            var missing = Math.Max(0, budget.Missing(need));
            if (need.Milli > 0 && missing == 0) return; // the one before drew enough for both
            if (need.Milli == 0 && !budget.HasSomething) return;

            budget.Row ??= await SurelyAsync(budget, () => store.ReadAsync(budget.Key, budget.Holder));
            var (known, turn) = budget.Row.Value;
            var (given, spent) = budget.TakeOut(back);
            var change = new ShareChange(turn + 1, given, spent, missing, checked(need.Milli * _options.DrawAhead));
            var row = await SurelyAsync(budget, () => store.ChangeAsync(budget.Key, budget.Holder, change));
            if (row is not { } now)
            {
                budget.Void();
                _budgets.TryRemove(new(budget.Key, budget));
                return;
            }

            budget.Row = (now.ShareMilli, turn + 1);
            var drawn = now.ShareMilli - (known - given - spent);
            budget.Put(drawn, missing, (now.RoomMilli, now.OthersMilli), clock.GetTimestamp());
        }
        finally
        {
            budget.Changing.Release();
            budget.EndChange();
            Interlocked.Decrement(ref _underWay);
        }
    }

    private async Task<T> SurelyAsync<T>(KeyBudget budget, Func<Task<T>> work)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                return await work();
            }
            catch (NpgsqlException e)
            {
                Log.Away(log, budget.Key, e.Message);
                await Again.WaitAsync(failures, clock, CancellationToken.None);
            }
        }
    }

    private async Task AskOthersAsync(KeyBudget budget, Tokens need, CancellationToken ct)
    {
        var every = (long)(_options.AskAgainAfter.TotalSeconds / 2 * clock.TimestampFrequency);
        if (budget.Others.Milli == 0 || !budget.TryAsk(clock.GetTimestamp(), every)) return;
        await store.NotifyAsync(string.Create(CultureInfo.InvariantCulture,
            $"ask {budget.Holder} {budget.Key} {budget.Missing(need)}"), ct);
    }

    /// <summary>Other nodes' words.</summary>
    /// <remarks>
    /// <c>ask HOLDER KEY MILLI</c>: the holder lacks so much. <c>back HOLDER KEY</c>: the holder gave some back. A lost
    /// notification costs time only: whoever waits asks again.
    /// </remarks>
    public Subscription Recalls => new(
        BudgetStore.Channel, Begun: static () => { }, words => Heard(words.Split(' ')), Deaf: static () => { });

    private void Heard(string[] words)
    {
        if (words.Length < 3 || !HolderId.TryParse(words[1], out var holder) || holder == node.Holder
            || !KeyId.TryParse(words[2], out var key) || !_budgets.TryGetValue(key, out var budget))
        {
            return;
        }

        if (words is ["back", _, _]) budget.NoteReturned();
        else if (words is ["ask", _, _, var text] && long.TryParse(text, out var milli) && milli > 0)
            _ = GiveAsync(budget, holder, new(milli));
    }

    // Where both wait for the same tokens the older node has them first, otherwise each would give to the other.
    private async Task GiveAsync(KeyBudget budget, HolderId asker, Tokens asked)
    {
        var isFirst = budget.Waiting > 0 && asker.Value.CompareTo(budget.Holder.Value) > 0;
        await ChangeAsync(budget, Tokens.Zero, isFirst ? Tokens.Zero : asked);
        try
        {
            await store.NotifyAsync($"back {budget.Holder} {budget.Key}", CancellationToken.None);
        }
        catch (NpgsqlException e)
        {
            Log.Away(log, budget.Key, e.Message); // whoever waits looks again by itself
        }
    }

    /// <summary>Ends a hold of which no call came.</summary>
    /// <param name="budget">Where it is held.</param>
    /// <param name="held">All of it.</param>
    /// <param name="movedOut">A row of its own holds it from now on, which was written before this.</param>
    public void Release(KeyBudget budget, Tokens held, bool movedOut)
    {
        if (!movedOut)
        {
            budget.Settle(held, Tokens.Zero, clock.GetTimestamp());
            return;
        }

        budget.MoveOut(held);
        _ = ChangeAsync(budget, Tokens.Zero, Tokens.Zero);
    }

    /// <summary>Gives back what is free of some wallets' keys.</summary>
    public Task ReturnAsync(IReadOnlySet<WalletId> wallets) => Task.WhenAll(_budgets.Values
        .Where(budget => budget.HasSomething && budget.Owner is { } key && wallets.Contains(key.Wallet))
        .Select(budget => ChangeAsync(budget, Tokens.Zero, back: null)));

    /// <summary>Gives back what nobody uses, what belongs to owners who have left, and all of it where the node stops.
    /// </summary>
    public async Task ReturnIdleAsync(bool all)
    {
        var idleSince = clock.GetTimestamp()
            - (long)(_options.ReturnAfter.TotalSeconds * clock.TimestampFrequency);
        var now = clock.GetUtcNow();
        var returns = new List<Task>();
        foreach (var budget in _budgets.Values)
        {
            if (budget.HasSomething && (all || budget.Owner?.OwnerEndsAt <= now || budget.IsIdle(idleSince)))
                returns.Add(ChangeAsync(budget, Tokens.Zero, back: null));
            else if (budget.TryClose(idleSince)) _budgets.TryRemove(new(budget.Key, budget));
        }

        await Task.WhenAll(returns);
    }

    /// <summary>Forgets all shares: this node was taken for dead, and what they held has gone back.</summary>
    public void Fence()
    {
        var gone = _budgets;
        _budgets = [];
        foreach (var budget in gone.Values) budget.Void();
    }

    private KeyBudget BudgetOf(KeyId key)
    {
        while (true)
        {
            var budget = _budgets.GetOrAdd(key, static (id, node) => new KeyBudget(id, node.Holder), node);
            if (!budget.IsClosed) return budget;
            _budgets.TryRemove(new(key, budget));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The budget of {Key} waits for the database: {Reason}")]
        public static partial void Away(ILogger log, KeyId key, string reason);
    }
}
