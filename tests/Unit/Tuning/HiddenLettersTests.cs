using Guerdon.Tuning;
using Guerdon.Unit.Dialects;

namespace Guerdon.Unit.Tuning;

public sealed class HiddenLettersTests
{
    [Theory]
    [InlineData(@"{""image\u005furl"":1}", true)]
    [InlineData(@"\u0069", true)]
    [InlineData(@"\\\u006C", true)] // a backslash, and then a letter
    [InlineData(@"image_url", false)]
    [InlineData(@"\\u0069", false)] // a backslash that stands for itself
    [InlineData(@"\u00e9\u0060\u0027\u4e2d\u6061\u0020\n\u0062", false)]
    [InlineData(@"\u00", false)]
    public void AreIn_InAnyPieces_FindsLettersThatAreWrittenAsEscapes(string text, bool isFound)
    {
        var bytes = Make.Utf8(text);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var hidden = default(HiddenLetters);
            Assert.Equal(isFound, hidden.AreIn(bytes.AsSpan(0, cut)) || hidden.AreIn(bytes.AsSpan(cut)));
        }
    }
}
