using Guerdon.Approvals;
using Guerdon.Kernel;

namespace Guerdon.Unit.Approvals;

/// <summary>How many wait, as the navigation has it, is counted again after five seconds.</summary>
public class InboxCountsTests
{
    private readonly Clock _clock = new();

    private static Actor Somebody() => new("a@example.com", null) { Account = Guid.NewGuid() };

    [Theory]
    [InlineData(0, true)]
    [InlineData(50_000_000, true)]
    [InlineData(50_000_001, false)]
    public void TryFind_ACount_IsOldAfterFiveSeconds(long ticks, bool isFound)
    {
        var (counts, ann) = (new InboxCounts(_clock), Somebody());
        counts.Put(ann, "3");
        _clock.Ticks += ticks;
        Assert.Equal(isFound, counts.TryFind(ann, out var text));
        Assert.Equal(isFound ? "3" : null, text);
        Assert.False(counts.TryFind(Somebody(), out _));
    }

    [Fact]
    public void Put_OfNobodysAccount_IsNotKept()
    {
        var (counts, nobody) = (new InboxCounts(_clock), new Actor("a@example.com", null));
        counts.Put(nobody, "3");
        Assert.False(counts.TryFind(nobody, out _));
    }

    [Fact]
    public void Put_OfMoreThanAThousand_ForgetsTheOthers()
    {
        var counts = new InboxCounts(_clock);
        Actor[] all = [.. Enumerable.Range(0, 1_001).Select(_ => Somebody())];
        foreach (var one in all[..1_000]) counts.Put(one, "1");
        Assert.All(all[..1_000], one => Assert.True(counts.TryFind(one, out var _)));
        counts.Put(all[1_000], null);
        Assert.True(counts.TryFind(all[1_000], out var none));
        Assert.Null(none);
        Assert.False(counts.TryFind(all[0], out _));
    }

    private sealed class Clock : TimeProvider
    {
        public long Ticks { get; set; } = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Ticks;
    }
}
