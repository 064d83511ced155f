using Guerdon.Kernel;

namespace Guerdon.Unit.Kernel;

public class WorthTests
{
    [Theory]
    [InlineData(1, 999, 0L)] // cut to a whole nano-USD
    [InlineData(1, 1_000, 1L)]
    [InlineData(1_500, 1_000, 1_500L)]
    [InlineData(long.MaxValue, 1_000, long.MaxValue)]
    [InlineData(long.MaxValue, 1_001, null)]
    [InlineData(long.MinValue, 1_000, long.MinValue)]
    [InlineData(long.MinValue, 1_001, null)]
    public void WorthAt_Tokens_AreWorthThatOrTooMuch(long milli, long nanosPerToken, long? nanos) =>
        Assert.Equal(nanos is { } worth ? new Usd(worth) : null, new Tokens(milli).WorthAt(nanosPerToken));
}
