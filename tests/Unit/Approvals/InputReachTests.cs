using Guerdon.Approvals.Inputs;

namespace Guerdon.Unit.Approvals;

public class InputReachTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(19, 19)]
    [InlineData(20, 0)] // many: a rule for all of them
    [InlineData(500, 0)]
    public void Few_AreNamed_ManyAreCounted(int people, int named)
    {
        var reach = new InputReach();
        for (var i = 0; i < people; i++) reach.Add(Guid.NewGuid());

        Assert.Equal(people, reach.Count);
        Assert.Equal(named, reach.Few.Count);
    }

    [Fact]
    public void Add_TheSameAgain_IsCountedOnce()
    {
        var (reach, one) = (new InputReach(), Guid.NewGuid());
        reach.Add(one);
        reach.Add(one);

        Assert.Equal(1, reach.Count);
        Assert.Equal([one], reach.Few);
    }
}
