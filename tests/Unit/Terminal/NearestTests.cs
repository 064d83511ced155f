using FsCheck;
using FsCheck.Fluent;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Unit.Terminal;

public sealed class NearestTests
{
    [Theory]
    [InlineData("wallet", "wallet", 0)]
    [InlineData("walet", "wallet", 1)]
    [InlineData("wlalet", "wallet", 1)]
    [InlineData("wellet", "wallet", 1)]
    [InlineData("", "key", 3)]
    public void Slips_OfTwoWords_CountsAddDropChangeSwap(string a, string b, int slips) =>
        Assert.Equal(slips, Nearest.Slips(a, b));

    [Fact]
    public void Slips_OneLetterChanged_IsOneEitherWay()
    {
        var letter = Gen.Choose('a', 'z').Select(c => (char)c);
        var word = Gen.NonEmptyListOf(letter).Select(l => string.Concat(l));
        Prop.ForAll(Arb.From(word), Arb.From(Gen.Choose(0, 1_000)), (text, at) =>
        {
            var place = at % text.Length;
            var changed = text[..place] + '#' + text[(place + 1)..];
            return Nearest.Slips(text, changed) == 1 && Nearest.Slips(changed, text) == 1
                && Nearest.Slips(text, text) == 0;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void To_NothingNear_SaysNothing() => Assert.Null(Nearest.To("dance", ["import", "plan", "key"]));
}
