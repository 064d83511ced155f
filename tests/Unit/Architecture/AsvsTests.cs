using System.Globalization;
using System.Text.RegularExpressions;

namespace Guerdon.Unit.Architecture;

/// <summary>The table of OWASP ASVS 5.0.0 in docs/security.md has each requirement of the levels 1 and 2 once, adds up,
/// and names tests that are there. Whether a test shows what its row says, nobody but a reader can tell.</summary>
public sealed partial class AsvsTests
{
    private const string File = "docs/security.md", Heading = "\n## OWASP ASVS 5, level 2\n";

    // How many each section has: within a section those of level 3 come last.
    private const string Sections = """
        1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 4.3:2 4.4:4
        5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 8.1:2
        8.2:3 8.3:1 8.4:1 9.1:3 9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3 11.4:4
        11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 16.1:1
        16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4 17.3:2
        """;

    private const string Met = "met", Partly = "partly";
    private static readonly string[] States = [Met, Partly, "no", "n/a"];

    // Shorter is no reason: "no LDAP" is the shortest that is one.
    private const int LeastReason = 7;

    private static readonly string Section =
        Repository.Read(File) is var text && text.IndexOf(Heading, StringComparison.Ordinal) is >= 0 and var at
            ? text[at..] : "";

    private static readonly Row[] Rows =
    [
        .. from Match row in RowForm().Matches(Section)
           select new Row(
               row.Groups[1].Value, row.Groups[2].Value, row.Groups[3].Value, row.Groups[4].Value,
               ChapterForm().Matches(Section[..row.Index]).LastOrDefault()?.Groups[1].Value ?? "none"),
    ];

    private sealed record Row(string Number, string Asks, string State, string Says, string Chapter)
    {
        public string[] Classes => [.. ClassForm().Matches(Asks + Says).Select(m => m.Groups[1].Value)];

        // What it says besides the tests that it names.
        public string Reason => ClassForm().Replace(Says, "").Trim(' ', ',', ';', ':', '.');
    }

    [Fact]
    public void Requirements_AreEachThereOnce_InTheirOrder() => Assert.Equal(
        from section in Sections.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        let words = section.Split(':')
        from number in Enumerable.Range(1, int.Parse(words[1], CultureInfo.InvariantCulture))
        select $"{words[0]}.{number}", Rows.Select(row => row.Number));

    // A row that is written otherwise would be looked at by nothing here.
    [Fact]
    public void Rows_HaveOneForm_InTheirChapter()
    {
        Assert.Empty(
            from line in Section.Split('\n')
            where NumberForm().IsMatch(line) && !RowForm().IsMatch(line)
            select line);
        Assert.Empty(
            from row in Rows
            where row.Number.Split('.')[0] != row.Chapter
            select $"{row.Number} stands in chapter {row.Chapter}");
    }

    [Fact]
    public void Sums_AreThoseOfTheRows() => Assert.Contains(
        $"\nOf {Rows.Length} requirements: "
            + string.Join(", ", States.Select(state => $"{Rows.Count(row => row.State == state)} {state}")) + ".\n",
        Section, StringComparison.Ordinal);

    [Fact]
    public void Classes_AreThere()
    {
        var there = (
            from file in Repository.Files("tests", "Tests.cs")
            from Match type in TypeForm().Matches(Repository.Read(file))
            select type.Groups[1].Value).ToHashSet();

        Assert.True(there.Count > 300, $"Only {there.Count} classes were found.");
        Assert.Empty(
            from row in Rows
            from name in row.Classes
            where !there.Contains(name)
            select $"{row.Number} names {name}");
    }

    [Fact]
    public void Rows_NameATest_OrSayWhyNot() => Assert.Empty(
        from row in Rows
        let isDone = row.State is Met or Partly
        where (isDone && row.Classes.Length == 0) || (row.State != Met && row.Reason.Length < LeastReason)
        select $"{row.Number} is {row.State}, and names no test or says too little: {row.Says}");

    [Fact]
    public void Rows_ThatLeadToAnother_LeadToOneThatIsThere() => Assert.Empty(
        from row in Rows
        from Match other in OtherForm().Matches(row.Says)
        where other.Value == row.Number || Rows.All(r => r.Number != other.Value)
        select $"{row.Number} leads to {other.Value}");

    [GeneratedRegex(@"^\| (\d+\.\d+\.\d+) \| ([^|\n]+) \| (met|partly|no|n/a) \| ([^|\n]+) \|$",
        RegexOptions.Multiline)]
    private static partial Regex RowForm();

    [GeneratedRegex(@"\A\W*V?\d+\.\d+\.\d+\b")]
    private static partial Regex NumberForm();

    [GeneratedRegex(@"^### V(\d+) ", RegexOptions.Multiline)]
    private static partial Regex ChapterForm();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex ClassForm();

    [GeneratedRegex(@"\bclass (\w+)")]
    private static partial Regex TypeForm();

    [GeneratedRegex(@"\b\d+\.\d+\.\d+\b")]
    private static partial Regex OtherForm();
}
