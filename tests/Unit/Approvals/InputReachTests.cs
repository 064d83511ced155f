using Guerdon.Approvals.Inputs;

namespace Guerdon.Unit.Approvals;

public class InputReachTests
{
    private static readonly InputDifference Fivefold = new("level", "1", "5");
    private static readonly InputDifference[] Cents = [new("share", "25%", "25.01%")];

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
        for (var i = 0; i < people; i++) reach.Add(Guid.NewGuid(), i < changed ? Cents : [], [], () => "");

        Assert.Equal(count, reach.Count);
        Assert.Equal(named, reach.Few().Count);
    }

    // A cent for everybody hides nobody's hundredfold, by what the file says or by what it comes to for one.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EachChange_CountsByItself(bool shared)
    {
        var (one, reach) = (Guid.NewGuid(), new InputReach());
        for (var i = 0; i < 500; i++) reach.Add(Guid.NewGuid(), Cents, [], () => "");
        if (shared) reach.Add(one, [.. Cents, Fivefold], [], () => "");
        else reach.Add(one, Cents, [Fivefold], () => "");

        Assert.Equal(501, reach.Count);
        Assert.Equal([one], reach.Few());
    }

    // Lists of people who are alike in all but the one, together twenty and more.
    [Fact]
    public void SameChange_OfPeopleWhoAreNotAlike_IsCountedTogether()
    {
        var reach = new InputReach();
        for (var i = 0; i < 30; i++)
            reach.Add(Guid.NewGuid(), [.. Cents, new("country", "", $"{i / 10}")], [], () => "");
        Assert.Equal(30, reach.Few().Count); // ten of each country
        reach = new InputReach();
        for (var i = 0; i < 30; i++) reach.Add(Guid.NewGuid(), [.. Cents], [], () => "");
        Assert.Empty(reach.Few());
    }

    // What somebody who looks is to be later is theirs, and changes nothing of what others see.
    [Fact]
    public void Watched_AsOfALaterDay_AreFewOfThatAlone_AndNotCounted()
    {
        var watched = Guid.NewGuid();
        var reach = new InputReach(watched);
        for (var i = 0; i < 500; i++) reach.Add(Guid.NewGuid(), Cents, [], () => "");
        reach.Add(watched, Cents, [], () => "A cent.");
        reach.AddLater(watched, Cents, _ => "Said before.");
        Assert.Equal((501, 0, "A cent."), (reach.Count, reach.FewLater().Count, reach.EffectOn(watched)));

        reach.AddLater(watched, [.. Cents, Fivefold], more => $"Later: {more[0].Of}.");
        Assert.Equal((501, 0, "A cent. Later: level."), (reach.Count, reach.Few().Count, reach.EffectOn(watched)));
        Assert.Equal([watched], reach.FewLater());
    }

    // What differs from what people had lately is theirs where it is for few, and no change.
    [Fact]
    public void Lately_CountsForFew_AndIsNoChange()
    {
        var (one, other) = (Guid.NewGuid(), Guid.NewGuid());
        var reach = new InputReach(one);
        var shared = new InputDifferences(Cents, [new("share (version 1)", "20%", "25.01%")]);
        for (var i = 0; i < 500; i++) reach.Add(Guid.NewGuid(), shared, InputDifferences.Nothing(), () => "");
        reach.Add(one, new([], [Fivefold]), InputDifferences.Nothing(), () => "Nothing changes for you.");
        reach.AddLately(other, [new("match", "", "some")]);

        Assert.Equal((500, true), (reach.Count, reach.Few().SequenceEqual(new[] { one, other }.Order())));
        Assert.StartsWith(
            "Nothing changes for you. Beside what held lately", reach.EffectOn(one), StringComparison.Ordinal);
        Assert.Contains("level from 1 to 5", reach.EffectOn(one), StringComparison.Ordinal);
        (reach, shared) = (new InputReach(one), new InputDifferences(shared.Changes, shared.Lately));
        foreach (var person in Enumerable.Range(0, 30).Select(_ => Guid.NewGuid()).Append(one))
            reach.Add(person, shared, InputDifferences.Nothing(), () => "A cent.");
        Assert.Equal((0, 0, "A cent."), (reach.Few().Count, reach.FewLater().Count, reach.EffectOn(one)));
    }

    // Each list is another object, as it is once what is known of people was let go.
    [Fact]
    public void ManyLists_OfTheSame_AreCountedTogether()
    {
        var reach = new InputReach();
        for (var i = 0; i < 25; i++)
            reach.Add(Guid.NewGuid(), new([.. Cents], []), InputDifferences.Nothing(), () => "");
        Assert.Empty(reach.Few());
    }

    [Fact]
    public void Between_IsWhatDiffers_AlsoWhatIsGoneOrNew()
    {
        var found = InputDifference.Between(
            new Dictionary<string, string> { ["same"] = "1", ["other"] = "1", ["gone"] = "1" },
            new Dictionary<string, string> { ["same"] = "1", ["other"] = "2", ["new"] = "1" },
            "version 3");
        Assert.Equal(
            [
                new("other (version 3)", "1", "2"), new("gone (version 3)", "1", ""),
                new InputDifference("new (version 3)", "", "1"),
            ], found);
    }

    [Fact]
    public void EffectOn_IsOfWatchedOnes_WhomItIsFor()
    {
        var (watched, other, outside) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var reach = new InputReach(watched, outside);
        reach.Add(watched, [], [], () => "More.");
        reach.Add(other, Cents, [], () => throw new InvalidOperationException("Nobody asked."));

        Assert.Equal("More.", reach.EffectOn(watched));
        Assert.Null(reach.EffectOn(outside));
        Assert.Null(reach.EffectOn(other));
        Assert.Null(reach.EffectOn(null));
    }
}
