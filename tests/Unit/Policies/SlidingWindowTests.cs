using Guerdon.Policies;

namespace Guerdon.Unit.Policies;

/// <summary>A window beside a list of all that ever happened, which is slow and plain.</summary>
public class SlidingWindowTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1), Part = TimeSpan.FromSeconds(1);
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Sum_AtAnyTime_IsOfThePartUnderWayAndSixtyBefore(int seed)
    {
        var random = new Random(seed);
        var (window, now, all) = (new SlidingWindow(Minute), Start, new List<(long Part, long Amount)>());
        for (var i = 0; i < 2_000; i++)
        {
            now += random.Next(20) switch
            {
                0 => TimeSpan.FromSeconds(random.Next(200)),
                1 => TimeSpan.FromSeconds(-random.Next(5)), // another thread's time
                _ => TimeSpan.FromMilliseconds(random.Next(2_000)),
            };
            var part = window.Advance(now);
            Assert.Equal(Math.Max(all.Count == 0 ? 0 : all.Max(a => a.Part), now.UtcTicks / Part.Ticks), part);
            var amount = random.Next(1, 9);
            window.Add(amount);
            all.Add((part, amount));
            if (random.Next(3) == 0)
            {
                var back = all[^Math.Min(all.Count, random.Next(1, 90))];
                window.Subtract(back.Amount, back.Part);
                all.Add((back.Part, -back.Amount));
            }

            Assert.Equal(all.Where(a => a.Part >= part - 60).Sum(a => a.Amount), window.Sum);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void UntilAtMost_ASum_IsTheFirstTickOfIt(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 200; i++)
        {
            var (one, other) = (new SlidingWindow(Minute), new SlidingWindow(Minute));
            var now = Start;
            for (var n = random.Next(1, 20); n > 0; n--)
            {
                now += TimeSpan.FromMilliseconds(random.Next(8_000));
                var amount = random.Next(1, 5);
                foreach (var window in (SlidingWindow[])[one, other])
                {
                    window.Advance(now);
                    window.Add(amount);
                }
            }

            var most = random.Next(0, (int)one.Sum);
            var wait = one.UntilAtMost(most, now);
            other.Advance(now + wait - TimeSpan.FromTicks(1));
            Assert.True(other.Sum > most);
            other.Advance(now + wait);
            Assert.True(other.Sum <= most);
        }
    }

    [Fact]
    public void UntilAtMost_LessThanNothing_IsAWholeWindow()
    {
        var window = new SlidingWindow(Minute);
        window.Advance(Start);
        Assert.Equal(Minute, window.UntilAtMost(-1, Start));
    }
}
