using System.Text.RegularExpressions;

namespace Guerdon.Unit.Architecture;

/// <summary>Decisions have one form, docs/adr/0000-template.md, and the index lists them all.</summary>
public sealed partial class AdrTests
{
    private const string Folder = "docs/adr/";

    private static readonly string[] Sections = ["Context", "Options", "Decision", "Consequences"];

    private static readonly string[] All =
    [
        .. Repository.Files("docs/adr", ".md").Where(file => !file.EndsWith("README.md", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    [Fact]
    public void Decisions_BeginWithTitleDateAndStatus() => Assert.Empty(
        from file in All
        let lines = Repository.Lines(file)
        where !lines[0].StartsWith($"# {NumberOf(file)} ", StringComparison.Ordinal)
            || !DateLine().IsMatch(lines[1]) || !StatusLine().IsMatch(lines[2]) || lines[3].Length > 0
        select $"{file} begins otherwise than docs/adr/0000-template.md");

    [Fact]
    public void Decisions_HaveTheSectionsOfTheTemplate()
    {
        Assert.True(All.Length > 30);
        Assert.Empty(
            from file in All
            let found = Repository.Lines(file).Where(l => l.StartsWith("## ", StringComparison.Ordinal))
                .Select(l => l[3..]).ToArray()
            where !found.SequenceEqual(Sections) && !found.SequenceEqual(Sections.Where(s => s != "Options"))
            select $"{file} has the sections {string.Join(", ", found)}");
    }

    [Fact]
    public void Index_ListsEveryDecisionByNumberAndTitle() => Assert.Equal(
        from file in All.Skip(1) // the template
        let title = Repository.Lines(file)[0][$"# {NumberOf(file)} ".Length..]
        select $"| [{NumberOf(file)}]({file[Folder.Length..]}) | {title} |",
        Repository.Lines(Folder + "README.md").Where(line => line.StartsWith("| [", StringComparison.Ordinal)));

    [Fact]
    public void Numbers_AreGivenOnce() => Assert.Empty(
        All.GroupBy(NumberOf).Where(group => group.Count() > 1).Select(group => string.Join(", ", group)));

    private static string NumberOf(string file) => file[Folder.Length..][..4];

    [GeneratedRegex(@"^- Date: \d{4}-\d\d-\d\d$")]
    private static partial Regex DateLine();

    [GeneratedRegex(@"^- Status: (?:proposed|accepted|replaced by \[\d{4}\]\([^)]+\))(?:; \S.*)?$")]
    private static partial Regex StatusLine();
}
