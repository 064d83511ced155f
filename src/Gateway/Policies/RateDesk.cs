using System.Collections.Concurrent;
using Stipend.Kernel;
using Stipend.Ledger;
using Stipend.Pricing;

namespace Stipend.Gateway;

/// <summary>
/// Counts calls and tokens for the policy's rates, in this node's memory: each node allows the whole limit.
/// </summary>
internal sealed class RateDesk(TimeProvider clock)
{
    private const int MaxCounters = 100_000;

    private readonly ConcurrentDictionary<Key, RateCounter> counters = [];

    private readonly record struct Key(string Rule, WalletId Wallet, string Model);

    /// <summary>Lets a call pass by every rule, or by none of them.</summary>
    /// <param name="rules">Of the policy in force.</param>
    /// <param name="wallet">The caller's.</param>
    /// <param name="model">As the caller named it.</param>
    /// <param name="price">Whose model is counted.</param>
    /// <param name="worstTokens">The most that it can use, which counts while it is in flight.</param>
    /// <returns>A ticket to be disposed when the call has ended, or why it may not pass and when it may.</returns>
    public (RateTicket? Ticket, Refused? Refused, TimeSpan RetryAfter) Take(
        IReadOnlyList<RateRule> rules, WalletId wallet, string model, Price price, long worstTokens)
    {
        var now = clock.GetUtcNow();
        var ticket = new RateTicket(clock, worstTokens);
        foreach (var rule in rules)
        {
            if (rule.Models.Count > 0 && !Globs.MatchAny(rule.Models, model, price.Model)) continue;
            var (taken, wait) = Take(rule, wallet, price.Model, ticket, now);
            if (taken) continue;

            ticket.Dispose(); // what the rules before have counted
            return (null, GatewayRefusals.RateLimited.With($"The limit is reached: {rule.Words}."), wait);
        }

        return (ticket, null, default);
    }

    private (bool Taken, TimeSpan Wait) Take(
        RateRule rule, WalletId wallet, string model, RateTicket ticket, DateTimeOffset now)
    {
        var key = new Key(
            rule.Words, rule.Per == RateScope.Model ? default : wallet, rule.Per == RateScope.Person ? "" : model);
        while (true)
        {
            if (counters.Count >= MaxCounters) ForgetIdle(now);
            var counter = counters.GetOrAdd(key, static (_, rule) => new RateCounter(rule), rule);
            if (counter.TryTake(ticket, now, out var wait)) return (true, default);
            if (!counter.IsForgotten) return (false, wait);
            counters.TryRemove(new(key, counter));
        }
    }

    // Only counters without a count go, so nobody is let pass by it.
    private void ForgetIdle(DateTimeOffset now)
    {
        foreach (var (key, counter) in counters)
            if (counter.TryForget(now)) counters.TryRemove(new(key, counter));
    }
}

/// <summary>What one rule has counted for one person, model or both.</summary>
internal sealed class RateCounter(RateRule rule)
{
    // Tokens in flight come free when their call ends, whenever that is.
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly SlidingWindow requests = new(rule.Window), tokens = new(rule.Window);
    private long inFlight;
    private bool isForgotten;

    public bool IsForgotten
    {
        get { lock (gate) return isForgotten; }
    }

    /// <summary>Counts a request, and its worst case as tokens in flight; or says when to come back.</summary>
    public bool TryTake(RateTicket ticket, DateTimeOffset now, out TimeSpan wait)
    {
        lock (gate)
        {
            wait = default;
            if (isForgotten) return false;
            var part = requests.Advance(now);
            tokens.Advance(now);
            if (rule.Requests is { } calls && requests.Sum >= calls)
                wait = requests.UntilAtMost(calls - 1, now);
            if (rule.Tokens is { } most && tokens.Sum + inFlight >= most)
            {
                var free = tokens.Sum >= most ? tokens.UntilAtMost(most - 1, now) : LookAgainAfter;
                wait = free > wait ? free : wait;
            }

            if (wait > TimeSpan.Zero) return false;
            requests.Add(1);
            inFlight += ticket.WorstTokens;
            ticket.Add(this, part);
            return true;
        }
    }

    /// <summary>Replaces a worst case by what was used; null: the call did not go out, and does not count.</summary>
    public void Finish(RateTicket ticket, long part, long? used, DateTimeOffset now)
    {
        lock (gate)
        {
            inFlight -= ticket.WorstTokens;
            requests.Advance(now);
            tokens.Advance(now);
            if (used is { } spent) tokens.Add(spent);
            else requests.TakeBack(1, part);
        }
    }

    public bool TryForget(DateTimeOffset now)
    {
        lock (gate)
        {
            requests.Advance(now);
            tokens.Advance(now);
            return isForgotten |= inFlight == 0 && requests.Sum == 0 && tokens.Sum == 0;
        }
    }
}

/// <summary>What a call has taken from the rates. Disposed when the call has ended; one at a time.</summary>
internal sealed class RateTicket(TimeProvider clock, long worstTokens) : IDisposable
{
    private readonly List<(RateCounter Counter, long Part)> counted = [];
    private long? used;

    public long WorstTokens => worstTokens;

    public void Add(RateCounter counter, long part) => counted.Add((counter, part));

    /// <summary>The call goes out, so it counts whatever becomes of it.</summary>
    public void NoteSent() => used ??= 0;

    /// <summary>One attempt at it has used so many tokens.</summary>
    public void NoteUsed(long tokens) => used = (used ?? 0) + tokens;

    public void Dispose()
    {
        foreach (var (counter, part) in counted) counter.Finish(this, part, used, clock.GetUtcNow());
        counted.Clear();
    }
}
