namespace Guerdon.Policies;

/// <summary>What one rule has counted for one person, model or both.</summary>
public sealed class RateCounter(RateRule rule)
{
    // A guess, since tokens in flight come free when their call ends, whenever that is.
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly SlidingWindow? _requests = rule.Requests is null ? null : new(rule.Window);
    private readonly SlidingWindow? _tokens = rule.Tokens is null ? null : new(rule.Window);
    private long _inFlight;
    private bool _isForgotten;

    /// <summary>Counts a request, and its worst case as tokens in flight; or says when to come back.</summary>
    /// <param name="ticket">Takes note of it.</param>
    /// <param name="nodes">Among how many the limit is shared; nobody's share is below one.</param>
    /// <param name="now">The present.</param>
    /// <param name="wait">Where the limit is reached; null: this counter is forgotten, another must count.</param>
    public bool TryTake(RateTicket ticket, int nodes, DateTimeOffset now, out TimeSpan? wait)
    {
        lock (_gate)
        {
            wait = null;
            if (_isForgotten) return false;
            var part = _requests?.Advance(now) ?? 0;
            _tokens?.Advance(now);
            if (WaitForRequests(nodes, now) is { } free) wait = free;
            if (WaitForTokens(nodes, now) is { } later && !(wait > later)) wait = later;
            if (wait is not null) return false;

            _requests?.Add(1);
            _inFlight += ticket.InFlight;
            ticket.Add(this, part);
            return true;
        }
    }

    /// <summary>So many tokens more are in flight, or fewer.</summary>
    public void Change(long tokensInFlight)
    {
        lock (_gate) _inFlight += tokensInFlight;
    }

    /// <summary>Replaces what is in flight by what was used; null: the call did not go out, and
    /// does not count.</summary>
    public void Finish(RateTicket ticket, long part, long? used, DateTimeOffset now)
    {
        lock (_gate)
        {
            _inFlight -= ticket.InFlight;
            _requests?.Advance(now);
            _tokens?.Advance(now);
            if (used is { } spent) _tokens?.Add(spent);
            else _requests?.Subtract(1, part);
        }
    }

    /// <summary>True where nothing is in the window or in flight; then it counts no more.</summary>
    public bool TryForget(DateTimeOffset now)
    {
        lock (_gate)
        {
            _requests?.Advance(now);
            _tokens?.Advance(now);
            return _isForgotten |=
                _inFlight == 0 && _requests is not { Sum: > 0 } && _tokens is not { Sum: > 0 };
        }
    }

    private TimeSpan? WaitForRequests(int nodes, DateTimeOffset now)
    {
        if (_requests is null || rule.Requests is not { } limit) return null;
        var share = Math.Max(1, limit / nodes);
        return _requests.Sum < share ? null : _requests.UntilAtMost(share - 1, now);
    }

    private TimeSpan? WaitForTokens(int nodes, DateTimeOffset now)
    {
        if (_tokens is null || rule.Tokens is not { } limit) return null;
        var share = Math.Max(1, limit / nodes);
        if (_tokens.Sum + _inFlight < share) return null;
        return _tokens.Sum >= share ? _tokens.UntilAtMost(share - 1, now) : LookAgainAfter;
    }
}
