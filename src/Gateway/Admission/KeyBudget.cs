using Guerdon.Gateway.Keys;
using Guerdon.Kernel;
using Guerdon.Ledger;

namespace Guerdon.Gateway.Admission;

/// <summary>
/// This node's share of a key's budget, in memory. At all times its row in the database is free + held + spent and not
/// told yet + leaving; so a hold that fits in what is free can never pass the budget, whatever other nodes do.
/// </summary>
public sealed class KeyBudget(KeyId key, HolderId holder)
{
    private readonly Lock _gate = new();
    private long _freeMilli, _heldMilli, _untoldMilli, _leavingMilli;
    private long _roomMilli, _othersMilli;
    private long? _limitMilli;
    private long _lastUsed, _foundShortAt, _askedAt;
    private int _waiting, _changes;
    private bool _closed;
    private TaskCompletionSource _changed = NewSignal();

    public KeyId Key { get; } = key;
    public HolderId Holder { get; } = holder;

    /// <summary>The key that it was last drawn for; null: none yet.</summary>
    public ApiKey? Owner { get; set; }

    /// <summary>One change of the row at a time; others wait for it and look again.</summary>
    public SemaphoreSlim Changing { get; } = new(1, 1);

    /// <summary>What the row is, and the count of its changes, as far as <see cref="Changing"/>'s holder knows; null
    /// before it was first read.</summary>
    public (long ShareMilli, long Turn)? Row { get; set; }

    /// <summary>Takes note of the budget as the key has it.</summary>
    /// <returns>True where it was another when this was last called: then what is in hand may be too much.</returns>
    public bool NoteLimit(Tokens limit)
    {
        lock (_gate)
        {
            var isOther = _limitMilli is { } known && known != limit.Milli;
            _limitMilli = limit.Milli;
            if (isOther) _foundShortAt = 0; // it may have been raised
            return isOther;
        }
    }

    public Tokens Free
    {
        get { lock (_gate) return new(Math.Max(0, _freeMilli)); }
    }

    public Tokens Held
    {
        get { lock (_gate) return new(_heldMilli); }
    }

    /// <summary>What is left of the budget, as far as this node knows: free here, and what nobody has taken.</summary>
    public Tokens Left
    {
        get { lock (_gate) return new(Math.Max(0, _freeMilli) + _roomMilli); }
    }

    /// <summary>Whether calls in flight or other nodes have some of it, which may come back.</summary>
    public bool MayComeBack
    {
        get { lock (_gate) return _heldMilli > 0 || _othersMilli > 0; }
    }

    /// <summary>What other nodes had in hand when the row was last changed.</summary>
    public Tokens Others
    {
        get { lock (_gate) return new(_othersMilli); }
    }

    public bool IsClosed
    {
        get { lock (_gate) return _closed; }
    }

    /// <summary>Ends when something is freed or drawn. Take it before looking, or a change in between is
    /// missed.</summary>
    public Task Changed
    {
        get { lock (_gate) return _changed.Task; }
    }

    /// <summary>When a change last brought less than was missing; 0 where there may be more by now.</summary>
    public long FoundShortAt
    {
        get { lock (_gate) return _foundShortAt; }
    }

    public int Waiting
    {
        get { lock (_gate) return _waiting; }
    }

    public void AddWaiting(int calls)
    {
        lock (_gate) _waiting += calls;
    }

    /// <summary>What a hold of so much misses; negative where it fits.</summary>
    public long Missing(Tokens need)
    {
        lock (_gate) return need.Milli - _freeMilli;
    }

    /// <returns>False where it does not fit, or the share was closed in the meantime.</returns>
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

    /// <summary>Replaces a hold by what was charged: nothing, where no call came of it. What was charged beyond the
    /// hold is made good before anything else is held.</summary>
    public void Settle(Tokens held, Tokens charged, long now)
    {
        lock (_gate)
        {
            _lastUsed = now;
            _heldMilli -= held.Milli;
            _freeMilli += held.Milli - charged.Milli;
            _untoldMilli += charged.Milli;
            Tell();
        }
    }

    /// <summary>What was held is now held by a row of its own, and leaves the share with its next change.</summary>
    public void MoveOut(Tokens held)
    {
        lock (_gate)
        {
            _heldMilli -= held.Milli;
            _leavingMilli += held.Milli;
        }
    }

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

    /// <summary>Another node has given some back: whoever waits here draws again.</summary>
    public void NoteReturned()
    {
        lock (_gate)
        {
            _foundShortAt = 0;
            Tell();
        }
    }

    /// <returns>False where it was closed. Else it stays open until <see cref="EndChange"/>.</returns>
    public bool TryBeginChange()
    {
        lock (_gate)
        {
            if (_closed) return false;
            _changes++;
            return true;
        }
    }

    public void EndChange()
    {
        lock (_gate) _changes--;
    }

    /// <summary>Takes out what the row's next change gives back and tells.</summary>
    /// <param name="most">Of what is free; null: all, and what was charged beyond holds with it.</param>
    public (long BackMilli, long SpentMilli) TakeOut(Tokens? most)
    {
        lock (_gate)
        {
            var free = most is { } limit ? Math.Clamp(_freeMilli, 0, limit.Milli) : _freeMilli;
            var taken = (free + _leavingMilli, _untoldMilli);
            _freeMilli -= free;
            (_leavingMilli, _untoldMilli) = (0, 0);
            return taken;
        }
    }

    /// <summary>Adds what a change brought.</summary>
    public void Put(long drawnMilli, long missingMilli, (long Room, long Others) left, long now)
    {
        lock (_gate)
        {
            _freeMilli += drawnMilli;
            (_roomMilli, _othersMilli) = left;
            _foundShortAt = drawnMilli < missingMilli ? now : 0;
            Tell();
        }
    }

    /// <summary>Whether nobody has used it since, so that what is free can go back.</summary>
    public bool IsIdle(long since)
    {
        lock (_gate) return _lastUsed <= since && _heldMilli == 0 && _waiting == 0;
    }

    /// <summary>Whether its row differs from what is held.</summary>
    public bool HasSomething
    {
        get { lock (_gate) return _freeMilli != 0 || _untoldMilli != 0 || _leavingMilli != 0; }
    }

    /// <summary>Closes an empty share that nobody used since, so that it can be forgotten.</summary>
    public bool TryClose(long idleSince)
    {
        lock (_gate)
        {
            return _closed |= _lastUsed <= idleSince && _heldMilli == 0 && _waiting == 0 && _changes == 0
                && _freeMilli == 0 && _untoldMilli == 0 && _leavingMilli == 0;
        }
    }

    /// <summary>The node was taken for dead, and its share has gone back.</summary>
    public void Void()
    {
        lock (_gate)
        {
            _closed = true;
            Tell();
        }
    }

    private void Tell()
    {
        _changed.TrySetResult(); // its continuations run elsewhere
        _changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
