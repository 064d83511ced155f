using Guerdon.Gateway.Admission;

namespace Guerdon.Unit.Gateway;

/// <summary>How long a person's answers have lately been.</summary>
public class OutputHabitsTests
{
    [Theory]
    [InlineData("800", 800)]
    [InlineData("800 1", 700)] // it fades by an eighth
    [InlineData("800 1 1", 612)]
    [InlineData("800 699", 700)]
    [InlineData("800 701", 701)]
    [InlineData("800 1600", 1_600)]
    [InlineData("0", 0)]
    public void Of_AModel_IsTheLongestOfRecentAnswers(string outputs, long longest)
    {
        var habits = new OutputHabits();
        foreach (var output in outputs.Split(' ')) habits.Note("m", long.Parse(output, null));
        Assert.Equal(longest, habits.Of("m"));
        Assert.Null(habits.Of("other"));
    }

    [Fact]
    public void Note_OfTheSixtyFifthModel_ForgetsTheOthers()
    {
        var habits = new OutputHabits();
        for (var i = 0; i < 64; i++) habits.Note($"m{i}", i);
        habits.Note("m0", 5); // known already
        Assert.Equal((5, 63), (habits.Of("m0"), habits.Of("m63")));
        habits.Note("m64", 1);
        Assert.Equal((null, null, 1L), (habits.Of("m0"), habits.Of("m63"), habits.Of("m64")));
    }
}
