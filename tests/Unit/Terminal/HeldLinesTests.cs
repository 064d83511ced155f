using Guerdon.Terminal.Writing;

namespace Guerdon.Unit.Terminal;

public sealed class HeldLinesTests
{
    private readonly List<string> _written = [];
    private readonly HeldLines _lines;

    public HeldLinesTests() => _lines = new(_written.Add);

    [Fact]
    public void Say_NothingShown_WritesAtOnceAndClean()
    {
        _lines.Say("a\u001b[2Jb");
        Assert.DoesNotContain('\u001b', Assert.Single(_written));
    }

    [Fact]
    public void Say_WhileTwoAreShown_WaitsForBoth()
    {
        _lines.Hold();
        _lines.Hold();
        _lines.Say("first");
        _lines.Release();
        _lines.Say("second");
        Assert.Empty(_written);

        _lines.Release();
        Assert.Equal(["first", "second"], _written);
        _lines.Say("third");
        Assert.Equal(3, _written.Count);
    }

    [Fact]
    public void Say_MoreThanMayWait_DropsTheOldest()
    {
        _lines.Hold();
        for (var i = 1; i <= HeldLines.MostWaiting + 1; i++) _lines.Say($"{i}");
        _lines.Release();
        Assert.Equal(Enumerable.Range(2, HeldLines.MostWaiting).Select(i => $"{i}"), _written);
    }
}
