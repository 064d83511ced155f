using System.Globalization;
using System.Text.RegularExpressions;

namespace Guerdon.Unit.Architecture;

/// <summary>
/// Style is a test: a rule that neither the compiler, an analyser nor this file checks is only a wish.
/// </summary>
public sealed partial class TidyTests
{
    private const int MaxLines = 400;
    private const int MaxColumns = 120;

    // A project may reference only projects of a lower tier, so there are no cycles and no sideways calls.
    private static readonly Dictionary<string, int> Tier = new()
    {
        ["Kernel"] = 0, ["Sandbox"] = 0, ["Ledger"] = 1, ["Pricing"] = 1, ["People"] = 1, ["Metering"] = 2,
        ["Outcomes"] = 2, ["Gateway"] = 3, ["Compensation"] = 4, ["Scoring"] = 4, ["Learning"] = 4,
        ["Governance"] = 5, ["Insights"] = 6, ["Web"] = 7, ["Cli"] = 7, ["Host"] = 8,
    };

    private static readonly string[] AtTheRoot =
    [
        ".ci", ".editorconfig", ".github", ".gitignore", "bench", "CHANGELOG.md", "CONTRIBUTING.md", "db",
        "Directory.Build.props", "Directory.Packages.props", "docs", "eng", "examples", "global.json", "LICENSE",
        "README.md", "SECURITY.md", "src", "guerdon", "Guerdon.slnx", "test", "tests",
    ];

    private static readonly string[] NotOurs = [".git", "artifacts", ".guerdon", "node_modules", ".vs", ".idea"];

    [Fact]
    public void Projects_ReferenceOnlyLowerTiers() => Assert.Empty(
        from project in Repository.Files("src", ".csproj")
        from reference in ProjectReference().Matches(Repository.Read(project)).Select(m => m.Groups[1].Value)
        let owner = Path.GetFileNameWithoutExtension(project)
        where Tier[owner] <= Tier[reference]
        select $"{owner} must not reference {reference}");

    [Fact]
    public void Cli_KnowsOnlyTheKernel() => Assert.Equal(["Kernel"],
        ProjectReference().Matches(Repository.Read("src/Cli/Cli.csproj")).Select(m => m.Groups[1].Value));

    [Fact]
    public void Sql_WritesOnlyItsOwnSchema() => Assert.Empty(
        from file in Repository.Files("src", ".sql", ".cs", ".razor")
        from write in SqlWrite().Matches(Repository.Read(file)).Select(m => m.Groups[1].Value.ToLowerInvariant())
        where Tier.Keys.Contains(write, StringComparer.OrdinalIgnoreCase) && write != Module(file)
        select $"{file} writes schema {write}");

    [Fact]
    public void Files_FitTheEye() => Assert.Empty(
        from folder in (string[])["src", "tests"]
        from file in Repository.Files(folder, ".cs", ".razor", ".sql")
        let lines = Repository.Lines(file)
        from wrong in lines.Select((line, i) => (line, number: i + 1)).Where(l => IsTooWide(l.line))
            .Select(l => $"{file}:{l.number} has {l.line.Length} columns")
            .Concat(lines.Length > MaxLines ? [$"{file} has {lines.Length} lines"] : [])
        select wrong);

    [Fact]
    public void Kernel_StaysSmall() =>
        Assert.InRange(Repository.Files("src/Kernel", ".cs").Sum(file => Repository.Lines(file).Length), 1, 1_760);

    [Fact]
    public void Migrations_AreNumberedWithoutGaps()
    {
        var names = Repository.Files("db/migrations", "").Select(f => Path.GetFileName(f)!).Order().ToArray();
        Assert.All(names, name => Assert.Matches(@"^\d{4}_[a-z_]+\.sql$", name));
        Assert.Equal(Enumerable.Range(1, names.Length),
            names.Select(name => int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Modules_SayWhatTheyOwn() => Assert.Empty(
        from project in Repository.Files("src", ".csproj")
        let readme = Path.GetDirectoryName(project) + "/README.md"
        where !File.Exists(Path.Combine(Repository.Root, readme))
        select $"{readme} is missing");

    [Fact]
    public void Projects_AreAllInTheSolution()
    {
        var listed = SolutionProject().Matches(Repository.Read("Guerdon.slnx")).Select(m => m.Groups[1].Value);
        Assert.Equal(Repository.Files("", ".csproj").Order(), listed.Order());
    }

    [Fact]
    public void Links_LeadSomewhere() => Assert.Empty(
        from file in Repository.Files("", ".md")
        from target in MarkdownLink().Matches(Repository.Read(file)).Select(m => m.Groups[1].Value)
        where !target.Contains("://", StringComparison.Ordinal)
        let path = Path.Combine(Repository.Root, Path.GetDirectoryName(file)!, target)
        where !Path.Exists(path)
        select $"{file} links to {target}");

    /// <summary>Instants have one form, <c>Wording.Utc</c>'s, and not <c>2026-11-30 09:05:00Z</c>.</summary>
    [Fact]
    public void Instants_AreWrittenInOneForm() => Assert.Empty(
        from file in Repository.Files("src", ".cs", ".razor")
        where Repository.Read(file).Contains(":u}", StringComparison.Ordinal)
        select file);

    /// <summary>Sentences have dollars with two decimals, <c>Usd.Cents</c>; prices, which are exact, are Pricing's.
    /// </summary>
    [Fact]
    public void Money_InSentences_HasTwoDecimals() => Assert.Empty(
        from file in Repository.Files("src", ".cs", ".razor")
        where !file.StartsWith("src/Pricing/", StringComparison.Ordinal)
        from money in ExactMoney().Matches(Repository.Read(file))
        select $"{file}: {money.Value}");

    /// <summary>A decision's number moves when branches are merged; the text of a link moves with it.</summary>
    [Fact]
    public void LinksToDecisions_SayTheirNumber() => Assert.Empty(
        from file in Repository.Files("", ".md")
        from link in DecisionLink().Matches(Repository.Read(file))
        where link.Groups[1].Value != link.Groups[2].Value
        select $"{file}: {link.Value}");

    [Fact]
    public void Root_HoldsOnlyWhatBelongsThere() => Assert.Equal(
        AtTheRoot.Order(StringComparer.Ordinal),
        Directory.EnumerateFileSystemEntries(Repository.Root).Select(e => Path.GetFileName(e)!)
            .Except(NotOurs).Order(StringComparer.Ordinal));

    // A line of a recorded event stream is what the provider sent: wrapped, it would be another stream.
    private static bool IsTooWide(string line) =>
        line.Length > MaxColumns && !line.TrimStart().StartsWith("data: {", StringComparison.Ordinal);

    private static string Module(string file) => file.Split('/')[1].ToLowerInvariant();

    [GeneratedRegex(@"\{new (?:Kernel\.)?Usd\((?:[^()]|\([^()]*\))*\)\}")]
    private static partial Regex ExactMoney();

    [GeneratedRegex("""ProjectReference Include="[^"]*/(\w+)\.csproj""")]
    private static partial Regex ProjectReference();

    [GeneratedRegex("Project Path=\"([^\"]+)\"")]
    private static partial Regex SolutionProject();

    [GeneratedRegex(@"\b(?:insert\s+into|update|delete\s+from|truncate(?:\s+table)?|copy)\s+(\w+)\.\w+",
        RegexOptions.IgnoreCase)]
    private static partial Regex SqlWrite();

    [GeneratedRegex(@"\]\(([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex MarkdownLink();

    [GeneratedRegex(@"\[[^\]]*\b(\d{4})\]\([^)]*?(\d{4})-[^)/]*\.md\)")]
    private static partial Regex DecisionLink();
}
