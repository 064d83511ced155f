using Guerdon.Kernel;

namespace Guerdon.Unit.Kernel;

public sealed class WordingTests
{
    [Theory]
    [InlineData(0, "0 rows")]
    [InlineData(1, "1 row")]
    [InlineData(1_200, "1,200 rows")]
    public void Count_OfOne_HasNoPlural(long number, string words) => Assert.Equal(words, Wording.Count(number, "row"));

    [Fact]
    public void Utc_AnyOffset_IsOneForm()
    {
        var at = new DateTimeOffset(2026, 12, 1, 1, 5, 59, TimeSpan.FromHours(2));
        Assert.Equal("2026-11-30 23:05 UTC", Wording.Utc(at));
        Assert.Equal("", Wording.Utc(null));
    }
}
