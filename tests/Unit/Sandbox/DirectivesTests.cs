using System.Text;
using Guerdon.Sandbox.Replies;

namespace Guerdon.Unit.Sandbox;

public class DirectivesTests
{
    [Fact]
    public void TryParse_EveryWord_IsRead()
    {
        const string list = "latency=250; chunk-delay=20;status = 429; retry-after=1; cut=5; fail=6, no-usage; "
            + "null-usage; tokens=120; split; tool=lookup;";
        Assert.True(Directives.TryParse(list, Directives.None, out var read, out _));
        Assert.Equal(new Directives
        {
            LatencyMs = 250, ChunkDelayMs = 20, Status = 429, RetryAfterSeconds = 1, Cut = 5, Fail = 6,
            NoUsage = true, NullUsage = true, Tokens = 120, Split = true, Tool = true, ToolName = "lookup",
        }, read);
    }

    [Theory]
    [InlineData("status=200", "status=200")]
    [InlineData("latency=1; latensy=2", "latensy=2")]
    [InlineData("tokens=0", "tokens=0")]
    [InlineData("tokens=-1", "tokens=-1")]
    [InlineData("cut", "cut")]
    [InlineData("no-usage=1", "no-usage=1")]
    [InlineData("latency=999999999999", "latency=999999999999")]
    public void TryParse_UnknownWordOrValue_IsNamed(string list, string expected)
    {
        Assert.False(Directives.TryParse(list, Directives.None, out _, out var unknown));
        Assert.Equal(expected, unknown);
    }

    [Fact]
    public void FromText_ListAmongOtherBrackets_IsTheOnlyOneRead()
    {
        var read = FromText("Why is a[0] [sic] slow? [status=503; tokens=9] See [1], [] and [tool");
        Assert.Equal(new Directives { Status = 503, Tokens = 9 }, read);
    }

    [Fact]
    public void FromText_BracketInsideBracket_IsRead() => Assert.True(FromText("[see [tool] here]").Tool);

    [Fact]
    public void FromText_LongBracket_IsLeftAlone() =>
        Assert.Same(Directives.None, FromText("[" + new string(' ', 300) + "tool]"));

    private static Directives FromText(string text) =>
        Directives.FromText(Encoding.UTF8.GetBytes(text), Directives.None);
}
