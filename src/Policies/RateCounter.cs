namespace Guerdon.Policies;

/// <summary>What one rule has counted for one person, model or both.</summary>
public sealed class RateCounter(RateRule rule)
{
    // Tokens in flight come free when their call ends, whenever that is.
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly SlidingWindow? requests = rule.Requests is null ? null : new(rule.Window);
    private readonly SlidingWindow? tokens = rule.Tokens is null ? null : new(rule.Window);
    private long inFlight;
    private bool isForgotten;

    /// <summary>Counts a request, and its worst case as tokens in flight; or says when to come back.</summary>
    /// <param name="ticket">Takes note of it.</param>
    /// <param name="nodes">Among how many the limit is shared; nobody's share is below one.</param>
    /// <param name="now">The present.</param>
    /// <param name="wait">Where the limit is reached; null: this counter is forgotten, another must count.</param>
    public bool TryTake(RateTicket ticket, int nodes, DateTimeOffset now, out TimeSpan? wait)
    {
        lock (gate)
        {
            wait = null;
            if (isForgotten) return false;
            var part = requests?.Advance(now) ?? 0;
            tokens?.Advance(now);
            if (WaitForRequests(nodes, now) is { } free) wait = free;
            if (WaitForTokens(nodes, now) is { } later && !(wait > later)) wait = later;
            if (wait is not null) return false;

            requests?.Add(1);
            inFlight += ticket.InFlight;
            ticket.Add(this, part);
            return true;
        }
    }

    /// <summary>So many tokens more are in flight, or fewer.</summary>
    public void Change(long tokensInFlight)
    {
        lock (gate) inFlight += tokensInFlight;
    }

    /// <summary>Replaces what is in flight by what was used; null: the call did not go out, and does not
    /// count.</summary>
    public void Finish(RateTicket ticket, long part, long? used, DateTimeOffset now)
    {
        lock (gate)
        {
            inFlight -= ticket.InFlight;
            requests?.Advance(now);
            tokens?.Advance(now);
            if (used is { } spent) tokens?.Add(spent);
            else requests?.TakeBack(1, part);
        }
    }

    /// <summary>True where nothing is in the window or in flight; then it counts no more.</summary>
    public bool TryForget(DateTimeOffset now)
    {
        lock (gate)
        {
            requests?.Advance(now);
            tokens?.Advance(now);
            return isForgotten |=
                inFlight == 0 && requests is not { Sum: > 0 } && tokens is not { Sum: > 0 };
        }
    }

    private TimeSpan? WaitForRequests(int nodes, DateTimeOffset now)
    {
        if (requests is null || rule.Requests is not { } limit) return null;
        var share = Math.Max(1, limit / nodes);
        return requests.Sum < share ? null : requests.UntilAtMost(share - 1, now);
    }

    private TimeSpan? WaitForTokens(int nodes, DateTimeOffset now)
    {
        if (tokens is null || rule.Tokens is not { } limit) return null;
        var share = Math.Max(1, limit / nodes);
        if (tokens.Sum + inFlight < share) return null;
        return tokens.Sum >= share ? tokens.UntilAtMost(share - 1, now) : LookAgainAfter;
    }
}
