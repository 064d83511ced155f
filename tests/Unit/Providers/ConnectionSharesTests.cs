using Guerdon.Providers;

namespace Guerdon.Unit.Providers;

/// <summary>However many take all they can, as much is left for the next as each of them has.</summary>
public sealed class ConnectionSharesTests
{
    [Theory]
    [InlineData(1, 1_024, 512)]
    [InlineData(2, 1_024, 341)]
    [InlineData(4, 1_024, 204)]
    [InlineData(50, 1_024, 20)]
    [InlineData(4, 10, 2)]
    [InlineData(9, 10, 1)]
    public void TryTake_PeopleWhoTakeAllTheyCan_LeaveAsMuchForOneMore(int people, int all, int least)
    {
        var shares = new ConnectionShares(all);
        var (taken, rounds) = (new int[people], 0);
        for (var more = true; more; rounds++)
        {
            more = false;
            for (var i = 0; i < people; i++)
            {
                if (!shares.TryTake(Person(i), isLimited: true)) continue;
                taken[i]++;
                more = true;
            }
        }

        Assert.All(taken, mine => Assert.InRange(mine, least, least + 1));
        Assert.InRange(all - taken.Sum(), Math.Max(1, least - people), all);
        Assert.False(shares.HasRoomFor(Person(0)));
        Assert.True(shares.TryTake(Person(people), isLimited: true)); // whoever comes next
    }

    [Fact]
    public void TryTake_SomebodyWhoTookFirst_LeavesRoomForThoseWhoCome()
    {
        var shares = new ConnectionShares(100);
        while (shares.TryTake(Person(0), isLimited: true))
        {
        }

        var second = 0;
        while (shares.TryTake(Person(1), isLimited: true)) second++;
        Assert.Equal(25, second); // half of what the first left; more as the first's calls end
        for (var i = 0; i < 30; i++) shares.GiveBack(Person(0));
        while (shares.TryTake(Person(1), isLimited: true)) second++;
        Assert.Equal(40, second);
    }

    [Fact]
    public void TryTake_WhereThereAreAsManyAsAreWanted_OnlyCounts()
    {
        var shares = new ConnectionShares(4);
        for (var i = 0; i < 100; i++) Assert.True(shares.TryTake(Person(0), isLimited: false));
        Assert.False(shares.TryTake(Person(0), isLimited: true));
        for (var i = 0; i < 100; i++) shares.GiveBack(Person(0));
        Assert.True(shares.TryTake(Person(0), isLimited: true) && shares.TryTake(Person(0), isLimited: true));
        Assert.False(shares.TryTake(Person(0), isLimited: true));
    }

    private static Guid Person(int number) => new(number + 1, 0, 0, new byte[8]);
}
