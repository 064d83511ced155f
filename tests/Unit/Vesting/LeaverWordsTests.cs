using Guerdon.Vesting;

namespace Guerdon.Unit.Vesting;

public class LeaverWordsTests
{
    [Theory]
    [InlineData("forfeit", LeaverKind.Forfeit, 0)]
    [InlineData("keep-vesting", LeaverKind.KeepVesting, 0)]
    [InlineData("accelerate", LeaverKind.Accelerate, 1_000_000)]
    [InlineData("accelerate 0.0001%", LeaverKind.Accelerate, 1)]
    [InlineData("accelerate 100%", LeaverKind.Accelerate, 1_000_000)]
    public void Leaver_AWord_IsItsRule(string text, LeaverKind kind, int ppm) =>
        Assert.Equal(new LeaverRule(kind, ppm), VestingWords.Leaver(text));

    [Theory]
    [InlineData("accelerate 0%")]
    [InlineData("accelerate 100.0001%")]
    [InlineData("accelerate 50")]
    [InlineData("accelerate50%")]
    [InlineData("Forfeit")]
    [InlineData("")]
    public void Leaver_AnythingElse_IsNone(string text) => Assert.Null(VestingWords.Leaver(text));
}
