using Guerdon.Sandbox.Anthropic;
using Guerdon.Sandbox.Prompts;

namespace Guerdon.Unit.Sandbox;

public class PrefixCacheTests
{
    private static readonly byte[] Prompt = Filled(4 * 2_000, seed: 1);

    [Fact]
    public void CachedTokens_FirstAndSecondSight_AreNoneThenAMultipleOf128()
    {
        var cache = new PrefixCache(100);
        Assert.Equal(0, cache.CachedTokens(Prompt, 1));
        Assert.Equal(15 * 128, cache.CachedTokens(Prompt, 1));
        Assert.Equal(0, cache.CachedTokens(Prompt, 2)); // another model
    }

    [Fact]
    public void CachedTokens_SharedStart_CountsOnlyThatStart()
    {
        var cache = new PrefixCache(100);
        cache.CachedTokens(Prompt, 1);
        byte[] other = [.. Prompt[..(4 * 1_300)], .. Filled(4 * 700, seed: 2)];
        Assert.Equal(10 * 128, cache.CachedTokens(other, 1));
    }

    [Fact]
    public void CachedTokens_Under1024Tokens_AreNone()
    {
        var cache = new PrefixCache(100);
        cache.CachedTokens(Prompt.AsSpan(0, 4 * 1_023), 1);
        Assert.Equal(0, cache.CachedTokens(Prompt.AsSpan(0, 4 * 1_023), 1));
    }

    [Fact]
    public void CachedTokens_PastCapacity_OldestIsForgotten()
    {
        var cache = new PrefixCache(10); // one prompt of 2,000 tokens leaves 8 prefixes
        cache.CachedTokens(Prompt, 1);
        cache.CachedTokens(Filled(4 * 2_000, seed: 3), 1);
        Assert.Equal(0, cache.CachedTokens(Prompt.AsSpan(0, 4 * 1_100), 1));
    }

    [Fact]
    public void Share_GrowingConversation_ReadsWhatWasWrittenAndWritesTheRest()
    {
        var cache = new PrefixCache(100);
        List<CacheBlock> first = [Block(1_200, CacheLife.OneHour), Block(1_500, CacheLife.FiveMinutes)];
        Assert.Equal(new CacheShare(0, 300, 1_200), CacheBlocks.Share(Prompt, first, 1, cache));
        Assert.Equal(new CacheShare(1_500, 0, 0), CacheBlocks.Share(Prompt, first, 1, cache));

        // The breakpoint has moved to a later block, as agents do; the earlier end is still a prefix.
        List<CacheBlock> second =
            [Block(1_200, CacheLife.OneHour), Block(1_500, CacheLife.None), Block(1_900, CacheLife.FiveMinutes)];
        Assert.Equal(new CacheShare(1_500, 400, 0), CacheBlocks.Share(Prompt, second, 1, cache));
    }

    [Fact]
    public void Share_NoBreakpointOrAShortPrefix_IsNothing()
    {
        var cache = new PrefixCache(100);
        Assert.Equal(default, CacheBlocks.Share(Prompt, [Block(1_500, CacheLife.None)], 1, cache));
        Assert.Equal(default, CacheBlocks.Share(Prompt, [Block(1_000, CacheLife.FiveMinutes)], 1, cache));
    }

    private static CacheBlock Block(int endTokens, CacheLife life) => new(endTokens * 4, endTokens, life);

    private static byte[] Filled(int length, ulong seed)
    {
        var draw = new Draw(seed);
        var bytes = new byte[length];
        for (var i = 0; i < length; i++) bytes[i] = (byte)('a' + draw.Below(26));
        return bytes;
    }
}
