using Guerdon.Approvals.Inputs;

namespace Guerdon.Unit.Approvals;

public class InputReachTests
{
    private static readonly InputDifference Cent = new("share", "25%", "25.01%");

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
        for (var i = 0; i < people; i++) reach.Add(Guid.NewGuid(), i < changed ? [Cent] : [], () => "");

        Assert.Equal(count, reach.Count);
        Assert.Equal(named, reach.Few.Count);
    }

    // A cent for everybody hides nobody's hundredfold.
    [Fact]
    public void EachChange_CountsByItself()
    {
        var (one, reach) = (Guid.NewGuid(), new InputReach());
        for (var i = 0; i < 500; i++) reach.Add(Guid.NewGuid(), [Cent], () => "");
        reach.Add(one, [Cent, new("level", "1", "5")], () => "");

        Assert.Equal(501, reach.Count);
        Assert.Equal([one], reach.Few);
    }

    // Somebody who is watched is added once more as of a later day, and counted once.
    [Fact]
    public void Watched_AsOfALaterDay_IsCountedOnce_WithWhatIsTheirsThen()
    {
        var watched = Guid.NewGuid();
        var reach = new InputReach(watched);
        for (var i = 0; i < 500; i++) reach.Add(Guid.NewGuid(), [], () => "");
        reach.Add(watched, [], () => "Nothing.");
        reach.Add(watched, [], () => "Not asked: nothing differs.");
        Assert.Equal((501, 0, "Nothing."), (reach.Count, reach.Few.Count, reach.EffectOn(watched)));

        reach.Add(watched, [new("level", "1", "5")], () => "Five times as much.");
        Assert.Equal((1, "Five times as much."), (reach.Count, reach.EffectOn(watched)));
        Assert.Equal([watched], reach.Few);
    }

    [Fact]
    public void Between_IsWhatDiffers_AlsoWhatIsGoneOrNew()
    {
        var found = InputDifference.Between(
            new Dictionary<string, string> { ["same"] = "1", ["other"] = "1", ["gone"] = "1" },
            new Dictionary<string, string> { ["same"] = "1", ["other"] = "2", ["new"] = "1" });
        Assert.Equal([new("other", "1", "2"), new("gone", "1", ""), new InputDifference("new", "", "1")], found);
    }

    [Fact]
    public void EffectOn_IsOfWatchedOnes_WhomItIsFor()
    {
        var (watched, other, outside) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var reach = new InputReach(watched, outside);
        reach.Add(watched, [], () => "More.");
        reach.Add(other, [Cent], () => throw new InvalidOperationException("Nobody asked."));

        Assert.Equal("More.", reach.EffectOn(watched));
        Assert.Null(reach.EffectOn(outside));
        Assert.Null(reach.EffectOn(other));
        Assert.Null(reach.EffectOn(null));
    }
}
