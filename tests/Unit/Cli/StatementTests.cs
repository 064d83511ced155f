using Guerdon.Cli.Wallets;

namespace Guerdon.Unit.Cli;

public sealed class StatementTests
{
    [Theory]
    [InlineData("plan", "plan")]
    [InlineData(null, "")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"x\"", "\"say \"\"x\"\"\"")]
    [InlineData("=cmd()", "'=cmd()")]
    [InlineData("@a,b", "\"'@a,b\"")]
    public void Cell_OfWords_IsQuotedAndNeverAFormula(string? text, string cell) =>
        Assert.Equal(cell, ShowStatement.Cell(text));

    [Fact]
    public void Sum_BeyondALong_DoesNotWrapRound()
    {
        ShowStatement.Line[] lines =
        [
            new(default, "grant", 1, null, long.MaxValue, 1), new(default, "grant", 1, null, 5, 1),
        ];
        var reply = new ShowStatement.Reply("p", "n", "w", "", "", 10, lines, 0, 0);

        Assert.Equal((Int128)long.MaxValue + 15, ShowStatement.Sum(reply));
    }
}
