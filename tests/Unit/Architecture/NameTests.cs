using Guerdon.Client;

namespace Guerdon.Unit.Architecture;

/// <summary>The program has one name. The former one stands in CHANGELOG.md alone.</summary>
public sealed class NameTests
{
    [Fact]
    public void FormerName_OutsideTheChangelog_IsNowhere()
    {
        string[] texts = [.. Repository.Files(".", "").Where(path => path != "CHANGELOG.md")];

        Assert.True(texts.Length > 1_000);
        Assert.Empty(
            from path in texts
            where HasIt(path) || HasIt(Repository.Read(path))
            select path);
    }

    private static bool HasIt(string text) => text.Contains(FormerName.Word, StringComparison.OrdinalIgnoreCase);
}
