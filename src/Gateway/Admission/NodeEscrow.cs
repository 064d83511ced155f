using Guerdon.Kernel;
using Guerdon.Ledger;

namespace Guerdon.Gateway.Admission;

/// <summary>
/// This node's escrow of one wallet, in memory. At all times what the database has in escrow for this holder is
/// free + held + charged and not yet booked; so a hold that fits in free can never overspend the wallet.
/// </summary>
public sealed class NodeEscrow(WalletId wallet, HolderId holder)
{
    private readonly Lock _gate = new();
    private long _freeMilli, _heldMilli, _availableMilli;
    private long _lastUsed;
    private long _foundShortAt;
    private long _askedAt;
    private int _waiting;
    private bool _closed;
    private DateTimeOffset? _ownerEndsAt;
    private TaskCompletionSource _changed = NewSignal();

    public WalletId Wallet { get; } = wallet;
    public HolderId Holder { get; } = holder;

    /// <summary>When the owner's access ends, as the key says that escrow was last drawn for, or when it was heard that
    /// the owner's last day changed: what is free is then returned at once. Null: not as far as is known.</summary>
    public DateTimeOffset? OwnerEndsAt
    {
        get { lock (_gate) return _ownerEndsAt; }
        set { lock (_gate) _ownerEndsAt = value; }
    }

    /// <summary>One draw at a time; others wait for it and look again.</summary>
    public SemaphoreSlim Drawing { get; } = new(1, 1);

    /// <summary>How long the owner's answers are.</summary>
    public OutputHabits Habits { get; } = new();

    /// <summary>What the owner has left, as far as this node knows: available, free and held.</summary>
    public Tokens Balance
    {
        get { lock (_gate) return new(_availableMilli + _freeMilli + _heldMilli); }
    }

    public Tokens Free
    {
        get { lock (_gate) return new(_freeMilli); }
    }

    public Tokens Held
    {
        get { lock (_gate) return new(_heldMilli); }
    }

    /// <summary>What was available in the wallet when this node last drew or returned.</summary>
    public Tokens Available
    {
        get { lock (_gate) return new(_availableMilli); }
    }

    /// <summary>
    /// Ends when something is freed or drawn. Take it before looking, or a change in between is missed.
    /// </summary>
    public Task Changed
    {
        get { lock (_gate) return _changed.Task; }
    }

    /// <returns>False where it does not fit, or the escrow was closed in the meantime.</returns>
    public bool TryHold(Tokens amount, long now)
    {
        lock (_gate)
        {
            _lastUsed = now;
            if (_closed || amount.Milli > _freeMilli) return false;
            _freeMilli -= amount.Milli;
            _heldMilli += amount.Milli;
            return true;
        }
    }

    /// <summary>Frees a hold, less what the request cost.</summary>
    /// <returns>What was charged: more than the hold only as far as free escrow covers it.</returns>
    public Tokens Settle(Tokens held, Tokens cost, long now)
    {
        TaskCompletionSource signal;
        Tokens charged;
        lock (_gate)
        {
            _lastUsed = now;
            charged = Tokens.Min(cost, new(held.Milli + _freeMilli));
            _heldMilli -= held.Milli;
            _freeMilli += held.Milli - charged.Milli;
            (signal, _changed) = (_changed, NewSignal());
        }

        signal.TrySetResult();
        return charged;
    }

    /// <summary>Adds what a draw brought.</summary>
    /// <param name="asked">What it was to bring: less was there where it brought less.</param>
    /// <param name="drawn">What it brought.</param>
    /// <param name="availableAfter">What is left in the wallet.</param>
    /// <param name="now">A timestamp.</param>
    public void AddDrawn(Tokens asked, Tokens drawn, Tokens availableAfter, long now)
    {
        TaskCompletionSource signal;
        lock (_gate)
        {
            _freeMilli += drawn.Milli;
            _availableMilli = availableAfter.Milli;
            _foundShortAt = drawn < asked ? now : 0;
            (signal, _changed) = (_changed, NewSignal());
        }

        signal.TrySetResult();
    }

    /// <summary>Takes free escrow for a request that cost more than its hold.</summary>
    /// <returns>What was taken: less where others held it meanwhile.</returns>
    public Tokens TakeUpTo(Tokens amount)
    {
        lock (_gate)
        {
            var taken = Tokens.Min(amount, new(_freeMilli));
            _freeMilli -= taken.Milli;
            return taken;
        }
    }

    /// <summary>When a draw last found less than it asked for; 0 where there may be more by now.</summary>
    public long FoundShortAt
    {
        get { lock (_gate) return _foundShortAt; }
    }

    /// <summary>How many calls wait here for tokens.</summary>
    public int Waiting
    {
        get { lock (_gate) return _waiting; }
    }

    /// <summary>Whether other nodes had escrow of the wallet when they were last asked.</summary>
    public bool OthersHave { get; set; }

    /// <returns>True for one caller in each interval of timestamps.</returns>
    public bool TryAsk(long now, long every)
    {
        lock (_gate)
        {
            if (_askedAt != 0 && now - _askedAt < every) return false;
            _askedAt = now;
            return true;
        }
    }

    public void AddWaiting(int calls)
    {
        lock (_gate) _waiting += calls;
    }

    /// <summary>Another node has returned escrow of this wallet: whoever waits here draws again.</summary>
    public void NoteReturned()
    {
        TaskCompletionSource signal;
        lock (_gate)
        {
            _foundShortAt = 0;
            (signal, _changed) = (_changed, NewSignal());
        }

        signal.TrySetResult();
    }

    public void NoteAvailable(Tokens available)
    {
        lock (_gate) _availableMilli = available.Milli;
    }

    /// <summary>Takes free escrow out to be returned, where nobody used it since.</summary>
    /// <param name="idleSince">A timestamp; null takes it in any case.</param>
    public Tokens TakeIdle(long? idleSince)
    {
        lock (_gate)
        {
            if (idleSince is { } since && (_lastUsed > since || _heldMilli > 0)) return Tokens.Zero;
            var taken = new Tokens(_freeMilli);
            _freeMilli = 0;
            return taken;
        }
    }

    /// <summary>Closes an empty escrow that nobody used since, so that it can be forgotten.</summary>
    public bool TryClose(long idleSince)
    {
        lock (_gate) return _closed |= _lastUsed <= idleSince && _heldMilli == 0 && _freeMilli == 0;
    }

    public bool IsClosed
    {
        get { lock (_gate) return _closed; }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
