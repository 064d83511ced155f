using System.Text.Json;
using Guerdon.Terminal.Writing;

namespace Guerdon.Unit.Terminal;

/// <summary>A refusal as a server tells it, and whatever else may stand in its place.</summary>
public class ProblemTests
{
    [Theory]
    [InlineData("""{"title":"a.b","detail":"d","nextStep":"n"}""", "a.b d n")]
    [InlineData("""{"title":"a.b","detail":7}""", "a.b - -")]
    [InlineData("""{"title":7}""", null)]
    [InlineData("{}", null)]
    [InlineData("[]", null)]
    [InlineData("\"title\"", null)]
    public void From_AReply_IsAProblemWhereItHasATitle(string reply, string? problem)
    {
        var read = Problem.From(JsonElement.Parse(reply));
        Assert.Equal(problem, read is null ? null : $"{read.Title} {read.Detail ?? "-"} {read.NextStep ?? "-"}");
    }

    [Theory]
    [InlineData("""{"errors":[{"line":7,"column":"email","reason":"bad"}]}""", "7 email bad")]
    [InlineData("""{"errors":[{"line":"7","column":3}]}""", """0 3 {"line":"7","column":3}""")]
    [InlineData("""{"errors":[{"line":1.5,"column":true,"reason":"r"}]}""", "0 - r")]
    [InlineData("""{"errors":["text",["a","b"],5]}""", "0 - text; 0 - a b; 0 - 5")]
    [InlineData("""{"errors":{"Email":["is bad.","is long."],"Name":"n"}}""", "0 Email is bad. is long.; 0 Name n")]
    [InlineData("""{"errors":"none"}""", "")]
    [InlineData("{}", "")]
    [InlineData("[]", "")]
    public void ErrorsIn_AReply_AreItsRows(string reply, string rows) => Assert.Equal(rows, string.Join("; ",
        Problem.ErrorsIn(JsonElement.Parse(reply)).Select(e => $"{e.Line} {e.Column ?? "-"} {e.Reason}")));
}
