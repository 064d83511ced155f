using Guerdon.Kernel;

namespace Guerdon.Unit.Kernel;

public sealed class WordingTests
{
    [Theory]
    [InlineData(100, false)]
    [InlineData(101, true)]
    public void Shortened_ALongText_IsCutAtAHundred(int length, bool isCut)
    {
        var text = new string('x', length);
        Assert.Equal(isCut ? text[..100] + "…" : text, Wording.Shortened(text));
    }

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

    [Theory]
    [InlineData(1, "1 person")]
    [InlineData(2, "2 people")]
    public void Count_AnOddPlural_IsGiven(long number, string words) =>
        Assert.Equal(words, Wording.Count(number, "person", "people"));

    [Theory]
    [InlineData("abc", "abc")]
    [InlineData("abcd", "abc…")]
    [InlineData("", "")]
    public void Shortened_LongerThanTheLimit_IsCut(string text, string shown) =>
        Assert.Equal(shown, Wording.Shortened(text, 3));

    [Theory]
    [InlineData("It is so", "It is so.")]
    [InlineData("It is so. ", "It is so.")]
    [InlineData("Is it?", "Is it?")]
    [InlineData("So it is! ", "So it is!")]
    [InlineData("As follows:", "As follows:")]
    public void Sentence_HasOneEnd(string text, string sentence) => Assert.Equal(sentence, Wording.Sentence(text));
}
