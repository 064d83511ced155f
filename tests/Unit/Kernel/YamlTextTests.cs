using System.Text;
using Guerdon.Kernel;

namespace Guerdon.Unit.Kernel;

/// <summary>Text that a YAML file spells with escapes: what nothing can hold is refused at its place.</summary>
public sealed class YamlTextTests
{
    [Theory]
    [InlineData("a: \"x\\0y\"", "NUL character at 2")]
    [InlineData("a: \"\\ud800\"", "")]
    [InlineData("a: \"\\UFFFFFFFF\"", "")]
    [InlineData("a: \"\\uD83D\\uDE00\"", null)]
    [InlineData("a: x\uFFFDy", "not UTF-8")]
    [InlineData("a: b\0", "without NUL")]
    [InlineData("a: fine", null)]
    public void Read_Text_IsRefusedOrTaken(string yaml, string? says)
    {
        var (_, errors) = YamlFile.Read(
            yaml, "plan", (map, _) => map.Text("a") is { } text ? new StringBuilder(text) : null);

        if (says is not null)
            Assert.Contains(says, Assert.Single(errors).Reason, StringComparison.Ordinal);
        else if (errors.Count > 0) // an escape of half a pair may be refused whichever way; it never throws
            Assert.Single(errors);
    }
}
