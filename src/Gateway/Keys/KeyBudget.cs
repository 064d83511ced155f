using Guerdon.Kernel;
using Guerdon.Ledger;

namespace Guerdon.Gateway.Keys;

/// <summary>
/// This node's share of a key's budget, in memory. At all times its row in the database is free + held + spent and not
/// told yet + leaving; so a hold that fits in what is free can never pass the budget, whatever other nodes do.
/// </summary>
public sealed class KeyBudget(KeyId key, HolderId holder)
{
    private readonly Lock gate = new();
    private long freeMilli, heldMilli, untoldMilli, leavingMilli;
    private long roomMilli, othersMilli;
    private long? limitMilli;
    private long lastUsed, foundShortAt, askedAt;
    private int waiting, changes;
    private bool closed;
    private TaskCompletionSource changed = NewSignal();

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
        lock (gate)
        {
            var isOther = limitMilli is { } known && known != limit.Milli;
            limitMilli = limit.Milli;
            if (isOther) foundShortAt = 0; // it may have been raised
            return isOther;
        }
    }

    public Tokens Free
    {
        get { lock (gate) return new(Math.Max(0, freeMilli)); }
    }

    public Tokens Held
    {
        get { lock (gate) return new(heldMilli); }
    }

    /// <summary>What is left of the budget, as far as this node knows: free here, and what nobody has taken.</summary>
    public Tokens Left
    {
        get { lock (gate) return new(Math.Max(0, freeMilli) + roomMilli); }
    }

    /// <summary>Whether calls in flight or other nodes have some of it, which may come back.</summary>
    public bool MayComeBack
    {
        get { lock (gate) return heldMilli > 0 || othersMilli > 0; }
    }

    /// <summary>What other nodes had in hand when the row was last changed.</summary>
    public Tokens Others
    {
        get { lock (gate) return new(othersMilli); }
    }

    public bool IsClosed
    {
        get { lock (gate) return closed; }
    }

    /// <summary>Ends when something is freed or drawn. Take it before looking, or a change in between is
    /// missed.</summary>
    public Task Changed
    {
        get { lock (gate) return changed.Task; }
    }

    /// <summary>When a change last brought less than was missing; 0 where there may be more by now.</summary>
    public long FoundShortAt
    {
        get { lock (gate) return foundShortAt; }
    }

    public int Waiting
    {
        get { lock (gate) return waiting; }
    }

    public void AddWaiting(int calls)
    {
        lock (gate) waiting += calls;
    }

    /// <summary>What a hold of so much misses; negative where it fits.</summary>
    public long Missing(Tokens need)
    {
        lock (gate) return need.Milli - freeMilli;
    }

    /// <returns>False where it does not fit, or the share was closed in the meantime.</returns>
    public bool TryHold(Tokens amount, long now)
    {
        lock (gate)
        {
            lastUsed = now;
            if (closed || amount.Milli > freeMilli) return false;
            freeMilli -= amount.Milli;
            heldMilli += amount.Milli;
            return true;
        }
    }

    /// <summary>Replaces a hold by what was charged: nothing, where no call came of it. What was charged beyond the
    /// hold is made good before anything else is held.</summary>
    public void Settle(Tokens held, Tokens charged, long now)
    {
        lock (gate)
        {
            lastUsed = now;
            heldMilli -= held.Milli;
            freeMilli += held.Milli - charged.Milli;
            untoldMilli += charged.Milli;
            Tell();
        }
    }

    /// <summary>What was held is now held by a row of its own, and leaves the share with its next change.</summary>
    public void MoveOut(Tokens held)
    {
        lock (gate)
        {
            heldMilli -= held.Milli;
            leavingMilli += held.Milli;
        }
    }

    /// <returns>True for one caller in each interval of timestamps.</returns>
    public bool TryAsk(long now, long every)
    {
        lock (gate)
        {
            if (askedAt != 0 && now - askedAt < every) return false;
            askedAt = now;
            return true;
        }
    }

    /// <summary>Another node has given some back: whoever waits here draws again.</summary>
    public void NoteReturned()
    {
        lock (gate)
        {
            foundShortAt = 0;
            Tell();
        }
    }

    /// <returns>False where it was closed. Else it stays open until <see cref="EndChange"/>.</returns>
    public bool TryBeginChange()
    {
        lock (gate)
        {
            if (closed) return false;
            changes++;
            return true;
        }
    }

    public void EndChange()
    {
        lock (gate) changes--;
    }

    /// <summary>Takes out what the row's next change gives back and tells.</summary>
    /// <param name="most">Of what is free; null: all, and what was charged beyond holds with it.</param>
    public (long BackMilli, long SpentMilli) TakeOut(Tokens? most)
    {
        lock (gate)
        {
            var free = most is { } limit ? Math.Clamp(freeMilli, 0, limit.Milli) : freeMilli;
            var taken = (free + leavingMilli, untoldMilli);
            freeMilli -= free;
            (leavingMilli, untoldMilli) = (0, 0);
            return taken;
        }
    }

    /// <summary>Adds what a change brought.</summary>
    public void Put(long drawnMilli, long missingMilli, (long Room, long Others) left, long now)
    {
        lock (gate)
        {
            freeMilli += drawnMilli;
            (roomMilli, othersMilli) = left;
            foundShortAt = drawnMilli < missingMilli ? now : 0;
            Tell();
        }
    }

    /// <summary>Whether nobody has used it since, so that what is free can go back.</summary>
    public bool IsIdle(long since)
    {
        lock (gate) return lastUsed <= since && heldMilli == 0 && waiting == 0;
    }

    /// <summary>Whether its row differs from what is held.</summary>
    public bool HasSomething
    {
        get { lock (gate) return freeMilli != 0 || untoldMilli != 0 || leavingMilli != 0; }
    }

    /// <summary>Closes an empty share that nobody used since, so that it can be forgotten.</summary>
    public bool TryClose(long idleSince)
    {
        lock (gate)
        {
            return closed |= lastUsed <= idleSince && heldMilli == 0 && waiting == 0 && changes == 0
                && freeMilli == 0 && untoldMilli == 0 && leavingMilli == 0;
        }
    }

    /// <summary>The node was taken for dead, and its share has gone back.</summary>
    public void Void()
    {
        lock (gate)
        {
            closed = true;
            Tell();
        }
    }

    private void Tell()
    {
        changed.TrySetResult(); // its continuations run elsewhere
        changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
