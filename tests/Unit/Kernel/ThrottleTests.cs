using System.Globalization;
using System.Net;
using Guerdon.Kernel;

namespace Guerdon.Unit.Kernel;

public sealed class ThrottleTests
{
    private readonly Steps _clock = new();

    [Fact]
    public void Take_OverTheLimit_WaitsUntilTheWindowHasMoved()
    {
        var throttle = new Throttle(_clock, 10, TimeSpan.FromMinutes(1));
        for (var i = 0; i < 10; i++) Assert.Null(throttle.Take("a"));
        var wait = throttle.Take("a");
        Assert.NotNull(wait);
        Assert.Null(throttle.Take("b"));

        _clock.Pass(wait.Value - TimeSpan.FromSeconds(1));
        Assert.NotNull(throttle.Take("a"));
        _clock.Pass(TimeSpan.FromSeconds(2));
        Assert.Null(throttle.Take("a"));
        Assert.NotNull(throttle.Take("a")); // only so many as have left the window
        _clock.Pass(TimeSpan.FromMinutes(2));
        for (var i = 0; i < 10; i++) Assert.Null(throttle.Take("a"));
    }

    [Fact]
    public void GiveBack_Tries_AreNotCounted()
    {
        var throttle = new Throttle(_clock, 2, TimeSpan.FromMinutes(1));
        for (var i = 0; i < 100; i++)
        {
            Assert.Null(throttle.Take("a"));
            throttle.GiveBack("a");
        }

        throttle.GiveBack("a"); // once too often is no credit
        Assert.Null(throttle.Take("a"));
        Assert.Null(throttle.Take("a"));
        Assert.NotNull(throttle.Take("a"));
    }

    [Fact]
    public void GiveBack_InTheNextWindow_IsTakenOffTheLast()
    {
        var throttle = new Throttle(_clock, 4, TimeSpan.FromMinutes(1));
        for (var i = 0; i < 4; i++) Assert.Null(throttle.Take("a"));
        _clock.Pass(TimeSpan.FromMinutes(1));
        Assert.NotNull(throttle.Take("a"));
        throttle.GiveBack("a");
        Assert.Null(throttle.Take("a"));
    }

    [Fact]
    public void GiveBack_MoreKeysThanFit_LeavesNothingAndOthersAreNotKeptOut()
    {
        var throttle = new Throttle(_clock, 1, TimeSpan.FromMinutes(1), mostKeys: 10);
        for (var i = 0; i < 10_000; i++) // tries that came to nothing take nobody's place
        {
            var key = i.ToString(CultureInfo.InvariantCulture);
            Assert.Null(throttle.Take(key));
            throttle.GiveBack(key);
        }

        Assert.Equal(0, throttle.Count);
        for (var i = 0; i < 10; i++) Assert.Null(throttle.Take($"busy {i}"));
        for (var i = 0; i < 10_000; i++) // nor do those that were counted among the others
        {
            Assert.Null(throttle.Take($"late {i}"));
            throttle.GiveBack($"late {i}");
        }

        Assert.InRange(throttle.Count, 10, 11);
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:2:2::1", false)]
    public void SiteOf_Addresses_CountTogetherBySlash48(string one, string other, bool together) =>
        Assert.Equal(together, Throttle.SiteOf(IPAddress.Parse(one)) == Throttle.SiteOf(IPAddress.Parse(other)));

    [Theory]
    [InlineData("203.0.113.9")]
    [InlineData("::ffff:203.0.113.9")]
    public void SiteOf_Ipv4_IsNone(string address) => Assert.Null(Throttle.SiteOf(IPAddress.Parse(address)));

    [Fact]
    public void Take_MoreKeysThanFit_KeepsTheMemoryAndThoseWhoWereThere()
    {
        var throttle = new Throttle(_clock, 2, TimeSpan.FromMinutes(1), mostKeys: 100);
        Assert.Null(throttle.Take("first"));
        Assert.Null(throttle.Take("first"));
        var refused = 0;
        for (var i = 0; i < 5_000; i++)
            if (throttle.Take(i.ToString(CultureInfo.InvariantCulture)) is not null) refused++;

        Assert.InRange(throttle.Count, 100, 202);
        Assert.Equal(5_000 - 99 - 200, refused); // 99 of their own, and the others' 2 * 100 together
        Assert.NotNull(throttle.Take("first"));
        _clock.Pass(TimeSpan.FromMinutes(3));
        Assert.Null(throttle.Take("another"));
        Assert.Equal(1, throttle.Count);
    }

    [Theory]
    [InlineData("203.0.113.9", "203.0.113.9", true)]
    [InlineData("203.0.113.9", "203.0.113.8", false)]
    [InlineData("::ffff:203.0.113.9", "203.0.113.9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void KeyOf_Addresses_CountTogetherBySlash64(string one, string other, bool together) =>
        Assert.Equal(together, Throttle.KeyOf(IPAddress.Parse(one)) == Throttle.KeyOf(IPAddress.Parse(other)));

    private sealed class Steps : TimeProvider
    {
        private TimeSpan _now;

        public void Pass(TimeSpan time) => _now += time;

        public override long GetTimestamp() => _now.Ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    }
}
