using System.Collections.Concurrent;
using Guerdon.Bounds.Plans;
using Guerdon.Kernel;
using Guerdon.Ledger;

namespace Guerdon.Policies;

/// <summary>
/// Counts calls and tokens for the policy's rates, in this node's memory. Each of N live nodes allows an N-th of a
/// limit, so that all of them together never pass it.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="mostCounters">Beyond so many, of half a kilobyte a limit each, whoever is new is refused.</param>
public sealed class RateCounters(TimeProvider clock, int mostCounters = 1_000_000)
{
    // By then some may be free, since idle counters are forgotten every time the policy is read.
    private static readonly TimeSpan WhereFull = TimeSpan.FromSeconds(30);

    private readonly SteadyTime _time = new(clock);
    private readonly ConcurrentDictionary<Key, RateCounter> _counters = [];
    private int _count;
    private int _nodes = 1;

    private readonly record struct Key(string Rule, WalletId Wallet, string Model);

    /// <summary>Counters in memory.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Among how many live nodes a limit is shared, this one included.</summary>
    public int Nodes => Volatile.Read(ref _nodes);

    /// <summary>Says how many nodes are alive.</summary>
    public void ShareAmong(int live) => Volatile.Write(ref _nodes, Math.Max(1, live));

    /// <summary>Lets a call pass by every rule, or by none of them.</summary>
    /// <param name="rules">Of the policy in force.</param>
    /// <param name="wallet">The caller's.</param>
    /// <param name="models">Those that the provider may run for it: by each rule each is counted once.</param>
    /// <param name="worstTokens">The most that it can use, which counts until it is known what is held.</param>
    /// <returns>A ticket to be disposed when the call has ended, or why it may not pass and when it may.</returns>
    public Result<RateTicket> Take(
        IReadOnlyList<RateRule> rules, WalletId wallet, IEnumerable<PlannedModel> models, long worstTokens)
    {
        var now = _time.Now;
        var ticket = new RateTicket(_time, worstTokens);
        foreach (var rule in rules)
        {
            var counted = models
                .Where(m => rule.Models.Count == 0 || Globs.MatchAny(rule.Models, m.Name, m.Price.Model))
                .Select(m => rule.Per == RateScope.Person ? "" : m.Price.Model).Distinct(StringComparer.Ordinal);
            foreach (var model in counted)
            {
                if (Take(rule, wallet, model, ticket, now) is not { } refused) continue;

                ticket.Dispose(); // what the rules before have counted
                return PolicyRefusals.RateLimited.With(refused.Why) with { RetryAfter = refused.Wait };
            }
        }

        return ticket;
    }

    /// <summary>Drops the counters that have nothing in their window, so nobody is let pass by it.</summary>
    public void ForgetIdle()
    {
        var now = _time.Now;
        foreach (var (key, counter) in _counters)
            if (counter.TryForget(now)) Drop(key, counter);
    }

    private (string Why, TimeSpan Wait)? Take(
        RateRule rule, WalletId wallet, string model, RateTicket ticket, DateTimeOffset now)
    {
        var share = Nodes;
        var key = new Key(rule.Words, rule.Per == RateScope.Model ? default : wallet, model);
        while (true)
        {
            if (!_counters.TryGetValue(key, out var counter))
            {
                if (Count >= mostCounters) return ($"This node has no room to count for {rule.Words}.", WhereFull);
                if (!_counters.TryAdd(key, counter = new RateCounter(rule))) continue;
                Interlocked.Increment(ref _count);
            }

            if (counter.TryTake(ticket, share, now, out var wait)) return null;
            if (wait is { } reached) return (Reached(rule, share), reached);
            Drop(key, counter); // it was forgotten meanwhile
        }
    }

    private static string Reached(RateRule rule, int share) => share == 1
        ? $"The limit is reached: {rule.Words}."
        : $"This node's share of the limit is reached, one of {share}: {rule.Words}.";

    private void Drop(Key key, RateCounter counter)
    {
        if (_counters.TryRemove(new(key, counter))) Interlocked.Decrement(ref _count);
    }
}
