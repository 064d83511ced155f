using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Guerdon.Sandbox.Answers;
using Guerdon.Sandbox.Prompts;

namespace Guerdon.Unit.Sandbox;

public class AnswerTextTests
{
    [Fact]
    public void Natural_OneSeed_IsThisTextOnEveryMachine() => Assert.StartsWith(
        "As a rule, a short test replaces most of the waiting time",
        Encoding.ASCII.GetString(AnswerText.Natural(42)), StringComparison.Ordinal);

    [Fact]
    public void Natural_AnySeed_IsWholeSentencesWithinTheLimits() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).Select(number => (ulong)number * Seed.Start).ToArbitrary(),
        seed =>
    {
        var text = AnswerText.Natural(seed);
        return text[^1] == '.' && char.IsAsciiLetterUpper((char)text[0])
            && TokenRule.Count(text.Length) is >= AnswerText.MinTokens and <= AnswerText.MaxTokens;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Natural_ManySeeds_LengthsFillTheRange()
    {
        var lengths = Enumerable.Range(0, 2_000)
            .Select(seed => TokenRule.Count(AnswerText.Natural((ulong)seed).Length)).ToList();
        Assert.InRange(lengths.Min(), 20, 40);
        Assert.InRange(lengths.Max(), 280, 300);
        Assert.InRange(lengths.Average(), 140, 190);
    }

    [Fact]
    public void Exactly_AnyCount_IsThatManyTokens() => Prop.ForAll(
        Gen.Choose(1, 5_000).ToArbitrary(), Gen.Elements(true, false).ToArbitrary(), (tokens, finished) =>
        {
            var text = AnswerText.Exactly(7, tokens, finished);
            return TokenRule.Count(text.Length) == tokens && (!finished || text[^1] == '.');
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Exactly_ShorterThanNatural_IsTheStartOfIt()
    {
        var whole = AnswerText.Natural(5);
        Assert.Equal(whole[..40], AnswerText.Exactly(5, 10, finished: false));
    }

    [Fact]
    public void NextPiece_WholeText_JoinsBackToIt()
    {
        var text = AnswerText.Natural(11);
        var joined = new List<byte>();
        while (joined.Count < text.Length)
        {
            var length = AnswerText.NextPiece(text.AsSpan(joined.Count));
            Assert.InRange(length, 1, text.Length - joined.Count);
            joined.AddRange(text.AsSpan(joined.Count, length));
        }
        Assert.Equal(text, joined);
    }
}
