using Guerdon.Storage;

namespace Guerdon.Unit.Storage;

public class BackoffTests
{
    [Theory]
    [InlineData(1, 50)]
    [InlineData(2, 100)]
    [InlineData(5, 800)]
    [InlineData(6, 1_000)]
    [InlineData(60, 1_000)]
    [InlineData(int.MaxValue, 1_000)]
    [InlineData(0, 50)]
    public void After_Failures_DoublesUpToTheLimit(int failures, int waitMs) => Assert.Equal(
        TimeSpan.FromMilliseconds(waitMs),
        new Backoff(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1)).After(failures));

    [Fact]
    public void After_TheLongestTimes_DoesNotOverflow() => Assert.Equal(
        TimeSpan.MaxValue, new Backoff(TimeSpan.FromDays(1_000), TimeSpan.MaxValue).After(40));
}
