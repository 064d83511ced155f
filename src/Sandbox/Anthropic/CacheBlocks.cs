using Guerdon.Sandbox.Prompts;

namespace Guerdon.Sandbox.Anthropic;

internal enum CacheLife { None, FiveMinutes, OneHour }

/// <summary>Where a block of the prompt ends, and whether the caller put a cache breakpoint there.</summary>
internal readonly record struct CacheBlock(int EndByte, int EndTokens, CacheLife Life);

/// <summary>Input tokens read from and written to the prompt cache; the rest of the input is neither.</summary>
internal readonly record struct CacheShare(int Read, int Written5m, int Written1h)
{
    public int Total => Read + Written5m + Written1h;
}

internal static class CacheBlocks
{
    /// <summary>
    /// Reads the longest prefix that an earlier request had cached, ending at any block; writes the rest up to each
    /// breakpoint, for the life that breakpoint asks for. A prefix under 1,024 tokens is neither read nor written.
    /// </summary>
    public static CacheShare Share(ReadOnlySpan<byte> prompt, List<CacheBlock> blocks, ulong seed, PrefixCache seen)
    {
        var last = blocks.FindLastIndex(block => block.Life is not CacheLife.None);
        if (last < 0 || blocks[last].EndTokens < PrefixCache.MinTokens) return default;
        var prefixes = Prefixes(prompt, blocks, last, seed);

        var known = last;
        while (known >= 0 && !(blocks[known].EndTokens >= PrefixCache.MinTokens && seen.Contains(prefixes[known])))
            known--;
        var read = known < 0 ? 0 : blocks[known].EndTokens;
        int from = read, fiveMinutes = 0, oneHour = 0;
        for (var i = known + 1; i <= last; i++)
        {
            var block = blocks[i];
            if (block.Life is CacheLife.None || block.EndTokens < PrefixCache.MinTokens) continue;
            if (block.Life is CacheLife.OneHour) oneHour += block.EndTokens - from;
            else fiveMinutes += block.EndTokens - from;
            from = block.EndTokens;
            seen.Add(prefixes[i]);
        }
        return new CacheShare(read, fiveMinutes, oneHour);
    }

    private static ulong[] Prefixes(ReadOnlySpan<byte> prompt, List<CacheBlock> blocks, int last, ulong seed)
    {
        var prefixes = new ulong[last + 1];
        var start = 0;
        for (var i = 0; i <= last; i++)
        {
            seed = Seed.Of(prompt[start..blocks[i].EndByte], seed);
            prefixes[i] = seed;
            start = blocks[i].EndByte;
        }
        return prefixes;
    }
}
