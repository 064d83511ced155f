using System.Text;
using Guerdon.Dialects.Calls;

namespace Guerdon.Unit.Dialects;

/// <summary>Which texts of a value that changes no price name a model all the same.</summary>
public sealed class NameNoModelTests
{
    private static readonly ReadingRules Rules = new(static name => name is "gpt-6" or "m-", []);

    private static bool IsRefused(string value)
    {
        var json = new StrictJson(Encoding.UTF8.GetBytes(value), new NameSet());
        json.Read();
        Rules.NameNoModel(ref json);
        return json.Fault is not null;
    }

    [Theory]
    [InlineData("\"gpt-6\"", true)]
    [InlineData("\"m-\"", true)] // the shortest that is looked up
    [InlineData("\"gpt-7\"", false)]
    [InlineData("7", false)]
    [InlineData("{}", false)]
    [InlineData("{\"a\":\"gpt-6\"}", true)]
    [InlineData("[[\"gpt-6\"]]", true)]
    [InlineData("{\"model\":\"any\"}", true)]
    [InlineData("{\"model\":[\"any\"]}", true)]
    [InlineData("{\"model\":{\"x\":\"any\"}}", true)]
    [InlineData("{\"model\":{\"x\":7}}", false)]
    [InlineData("{\"model\":7,\"after\":\"any\"}", false)] // the next member selects nothing
    [InlineData("{\"a\":{\"model\":7},\"b\":\"any\"}", false)]
    [InlineData("{\"model\":{\"x\":7},\"after\":\"any\"}", false)]
    [InlineData("[{\"model\":7},\"any\"]", false)]
    [InlineData("[{\"model\":null},{\"model\":\"any\"}]", true)]
    [InlineData("{\"model\":{\"models\":7,\"x\":\"any\"}}", true)] // still in the outer one
    public void NameNoModel_OfAValue(string value, bool isRefused) => Assert.Equal(isRefused, IsRefused(value));
}
