using System.Buffers;

namespace Guerdon.Sandbox.Prompts;

/// <summary>Hashes of prompt prefixes seen in this process, up to a stated number; the oldest are forgotten.</summary>
/// <remarks>No expiry: a provider's 5 minutes would make a slow test's usage differ from a fast one's.</remarks>
internal sealed class PrefixCache(int capacity)
{
    /// <summary>No provider caches a prefix shorter than this.</summary>
    public const int MinTokens = 1_024;

    private const int StepTokens = 128;
    private const int StepBytes = StepTokens * TokenRule.BytesPerToken;
    private const int MinSteps = MinTokens / StepTokens;
    private const int MaxSteps = 8_192; // 1,048,576 tokens: past every context window

    private readonly Lock _gate = new();
    private readonly HashSet<ulong> _seen = [];
    private readonly Queue<ulong> _order = new();

    public bool Contains(ulong prefix)
    {
        lock (_gate) return _seen.Contains(prefix);
    }

    public void Add(ulong prefix)
    {
        lock (_gate) Remember(prefix);
    }

    /// <summary>Tokens of the prompt's start that an earlier prompt had too, as OpenAI counts them: none, or at least
    /// 1,024 and a multiple of 128. Remembers this prompt's own prefixes.</summary>
    public int CachedTokens(ReadOnlySpan<byte> prompt, ulong seed)
    {
        var steps = Math.Min(prompt.Length / StepBytes, MaxSteps);
        if (steps < MinSteps) return 0;
        var prefixes = ArrayPool<ulong>.Shared.Rent(steps);
        for (var i = 0; i < steps; i++)
        {
            seed = Seed.Of(prompt.Slice(i * StepBytes, StepBytes), seed);
            prefixes[i] = seed;
        }
        var known = LongestThenRemember(prefixes.AsSpan(0, steps));
        ArrayPool<ulong>.Shared.Return(prefixes);
        return known * StepTokens;
    }

    private int LongestThenRemember(ReadOnlySpan<ulong> prefixes)
    {
        lock (_gate)
        {
            var known = prefixes.Length;
            while (known >= MinSteps && !_seen.Contains(prefixes[known - 1])) known--;
            if (known < MinSteps) known = 0;
            for (var i = Math.Max(known, MinSteps - 1); i < prefixes.Length; i++) Remember(prefixes[i]);
            return known;
        }
    }

    private void Remember(ulong prefix)
    {
        if (capacity == 0 || !_seen.Add(prefix)) return;
        _order.Enqueue(prefix);
        if (_order.Count > capacity) _seen.Remove(_order.Dequeue());
    }
}
