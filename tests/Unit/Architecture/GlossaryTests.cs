using System.Text.RegularExpressions;

namespace Guerdon.Unit.Architecture;

/// <summary>One word per idea: a word stands once in docs/glossary.md, where the alphabet has it.</summary>
public sealed partial class GlossaryTests
{
    private static readonly (string Word, string Meaning)[] Rows =
    [
        .. from line in Repository.Lines("docs/glossary.md")
           let row = Row().Match(line)
           where row.Success && row.Groups[1].Value is not ("word" or "---")
           select (row.Groups[1].Value, row.Groups[2].Value),
    ];

    [Fact]
    public void Words_StandInAlphabeticalOrder()
    {
        var words = Rows.Select(row => row.Word).ToArray();

        Assert.True(words.Length > 100);
        Assert.Equal(words.Order(StringComparer.OrdinalIgnoreCase), words);
    }

    [Fact]
    public void Words_StandOnce() => Assert.Empty(
        Rows.GroupBy(row => row.Word, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1)
            .Select(group => group.Key));

    // "opening, request" are two words with a line each, or nobody finds the second.
    [Fact]
    public void Lines_HaveOneWordAndItsMeaning() => Assert.Empty(
        Rows.Where(row => row.Word.Contains(',', StringComparison.Ordinal) || row.Meaning.Length < 10)
            .Select(row => row.Word));

    [GeneratedRegex(@"^\| ?(.+?) ?\| ?(.+?) ?\|$")]
    private static partial Regex Row();
}
