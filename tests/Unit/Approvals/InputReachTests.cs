using Guerdon.Approvals.Inputs;

namespace Guerdon.Unit.Approvals;

public class InputReachTests
{
    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(19, 19, 19, 19)]
    [InlineData(19, 1, 19, 19)] // of few all, since it may change something later
    [InlineData(20, 20, 20, 0)] // many: a rule for all of them
    [InlineData(500, 0, 500, 0)]
    [InlineData(500, 1, 1, 1)] // something for one of many is theirs
    [InlineData(500, 19, 19, 19)]
    [InlineData(500, 20, 20, 0)]
    public void Few_AreNamed_ManyAreCounted(int people, int changed, int count, int named)
    {
        var reach = new InputReach();
        for (var i = 0; i < people; i++) reach.Add(Guid.NewGuid(), i < changed, () => "");

        Assert.Equal(count, reach.Count);
        Assert.Equal(named, reach.Few.Count);
    }

    [Fact]
    public void EffectOn_IsOfWatchedOnes_WhomItIsFor()
    {
        var (watched, other, outside) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var reach = new InputReach(watched, outside);
        reach.Add(watched, differs: false, () => "More.");
        reach.Add(other, differs: true, () => throw new InvalidOperationException("Nobody asked."));

        Assert.Equal("More.", reach.EffectOn(watched));
        Assert.Null(reach.EffectOn(outside));
        Assert.Null(reach.EffectOn(other));
        Assert.Null(reach.EffectOn(null));
    }
}
