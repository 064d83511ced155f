using System.Text.RegularExpressions;

namespace Guerdon.Unit.Architecture;

/// <summary>
/// One word per idea: a word is once in docs/glossary.md, where the alphabet has it; and what its last table bans is in
/// no text that a user, an auditor or a contributor meets.
/// </summary>
public sealed partial class GlossaryTests
{
    private const string Glossary = "docs/glossary.md", Bans = "## We do not say";

    private static readonly (string Word, string Meaning)[] Rows =
    [
        .. from line in Repository.Lines(Glossary).TakeWhile(line => line != Bans)
           let row = Row().Match(line)
           where row.Success && row.Groups[1].Value is not ("word" or "---")
           select (row.Groups[1].Value, row.Groups[2].Value),
    ];

    private static readonly Ban[] Banned =
    [
        .. from line in Repository.Lines(Glossary).SkipWhile(line => line != Bans)
           let cells = line.Split('|').Select(cell => cell.Trim()).ToArray()
           where cells.Length == 5 && cells[1] is not ("not" or "---")
           let right = Phrases(cells[3])
           from phrase in Phrases(cells[1])
           select new Ban(phrase, cells[2], right),
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

    [Fact]
    public void Bans_SayWhatToSayInstead()
    {
        Assert.True(Banned.Length > 20);
        Assert.All(Banned, ban => Assert.True(ban.Instead.Length > 3, ban.Phrase));
    }

    [Fact]
    public void Texts_HaveNoBannedWord() => Assert.Empty(
        from file in Texts()
        let text = Repository.Read(file)
        from found in Found(text)
        let line = text[..found.At].Count(c => c == '\n') + 1
        select $"{file}:{line} has '{found.Ban.Phrase}': say {found.Ban.Instead}");

    [Theory]
    [InlineData("It is due behind the date.", "behind")]
    [InlineData("/// it is taken\n    /// back.", "taken back")]
    [InlineData("$\"{run} was taken \"\n            + $\"back by {who}\"", "taken back")]
    [InlineData("new TakeBack(wallet)", "take back")]
    [InlineData("var readAnew = 1;", "anew")]
    [InlineData("where at < @behind", "behind")]
    public void Found_InProseStringsAndNames_IsNamed(string text, string phrase) =>
        Assert.Equal(phrase, Assert.Single(Found(text)).Ban.Phrase);

    [Theory]
    [InlineData("start with `--behind-proxy` behind a proxy")]
    [InlineData("TakeBackground(name)")]
    [InlineData("a housed, outdoor renewal")]
    public void Found_WhereAWordIsRight_IsNothing(string text) => Assert.Empty(Found(text));

    private static IEnumerable<string> Texts() =>
        from file in Repository.Files("src", ".cs", ".sql", ".razor", ".md")
            .Concat(Repository.Files("docs", ".md", ".json"))
            .Concat(Repository.Files("examples", ".yaml", ".csv", ".md"))
            .Concat(["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"])
        where file != Glossary
        select file;

    private static IEnumerable<(Ban Ban, int At)> Found(string text)
    {
        var prose = Breaks().Replace(text, found => new string(' ', found.Length)); // as long as it was
        return from ban in Banned
               where text.Contains(ban.Longest, StringComparison.OrdinalIgnoreCase) // most texts have none of it
               from match in ban.InProse.Matches(prose).Concat(ban.InNames.Matches(text)).DistinctBy(m => m.Index)
               where !ban.IsRight(prose, match.Index)
               select (ban, match.Index);
    }

    private static string[] Phrases(string cell) =>
        [.. cell.Split(',').Select(phrase => phrase.Trim()).Where(phrase => phrase.Length > 0)];

    /// <summary>A phrase that no text has, unless it is part of one in which it is right.</summary>
    private sealed record Ban(string Phrase, string Instead, string[] Right)
    {
        public string Longest { get; } = Phrase.Split(' ').MaxBy(word => word.Length)!;

        // Words with any blanks between them, so that a line may end there.
        public Regex InProse { get; } = new(
            $@"(?<![A-Za-z]){string.Join(@"\s+", Phrase.Split(' '))}(?![A-Za-z])", RegexOptions.IgnoreCase);

        // The same as a name has them: TakeBack, takeBack.
        public Regex InNames { get; } = new(NameOf(Phrase.Split(' ')));

        public bool IsRight(string prose, int at) => Right.Any(phrase =>
        {
            var from = Math.Max(0, at - phrase.Length);
            var near = prose[from..Math.Min(prose.Length, at + phrase.Length + 8)];
            var words = string.Join(@"\s+", phrase.Split(' ').Select(Regex.Escape));
            return Regex.IsMatch(near, words, RegexOptions.IgnoreCase);
        });

        private static string NameOf(string[] words)
        {
            var capitals = words.Select(word => char.ToUpperInvariant(word[0]) + word[1..]).ToArray();
            return $"{string.Concat(capitals)}(?![a-z])|(?<![A-Za-z]){words[0]}{string.Concat(capitals[1..])}(?![a-z])";
        }
    }

    [GeneratedRegex(@"^\| ?(.+?) ?\| ?(.+?) ?\|$")]
    private static partial Regex Row();

    // What a comment or a text has at a line's end and the next one's beginning.
    [GeneratedRegex("\"?\\s*\\r?\\n\\s*(?:///?|--|\\+ \\$?\"|\\* )?")]
    private static partial Regex Breaks();
}
