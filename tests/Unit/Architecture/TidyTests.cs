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
    private const int MaxModuleLines = 7_000;

    // A project may reference only projects of a lower tier, so there are no cycles and no sideways calls.
    private static readonly Dictionary<string, int> Tier = new()
    {
        ["Kernel"] = 0, ["Sandbox"] = 0, ["Storage"] = 1, ["Documents"] = 1, ["Approvals"] = 2, ["Outbound"] = 1,
        ["Terminal"] = 1, ["Ledger"] = 3, ["Pricing"] = 3, ["People"] = 3, ["Vesting"] = 3, ["Identity"] = 4,
        ["Metering"] = 4, ["Plans"] = 4, ["Scim"] = 5, ["OpenId"] = 5,
        ["Notices"] = 5, ["Forms"] = 5, ["Dialects"] = 5, ["Bounds"] = 6, ["Relay"] = 6, ["Policies"] = 7,
        ["Providers"] = 8,
        ["Gateway"] = 9, ["Grants"] = 9, ["Payroll"] = 9, ["Tuning"] = 10, ["Offers"] = 10, ["Statements"] = 10,
        ["Web"] = 11, ["Client"] = 2, ["Cli"] = 11, ["Simulation"] = 11, ["Admin"] = 12, ["Host"] = 13,
    };

    // The modules that write to a schema of another name: they were one module once, and their tables are there.
    private static readonly Dictionary<string, string> SchemaOf = new()
    {
        ["identity"] = "host", ["forms"] = "web",
        ["policies"] = "gateway", ["providers"] = "gateway", ["tuning"] = "gateway", ["grants"] = "compensation",
        ["payroll"] = "compensation", ["notices"] = "compensation", ["offers"] = "compensation",
    };

    private static readonly string[] Schemas =
    [
        "kernel", "host", "ledger", "pricing", "people", "metering", "gateway", "compensation", "web", "scim",
        "approvals", "openid",
    ];

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

    // Both are clients: what they need of a server they ask it for.
    [Theory]
    [InlineData("Cli", "Kernel", "Terminal", "Client")]
    [InlineData("Client", "Kernel", "Terminal")]
    [InlineData("Simulation", "Kernel")]
    [InlineData("Terminal", "Kernel")]
    public void Clients_KnowNoServer(string client, params string[] known) => Assert.Equal(known,
        ProjectReference().Matches(Repository.Read($"src/{client}/{client}.csproj")).Select(m => m.Groups[1].Value));

    [Fact]
    public void Sql_WritesOnlyItsOwnSchema() => Assert.Empty(
        from write in Writes()
        where write.Schema != SchemaOf.GetValueOrDefault(write.Module, write.Module)
        select $"{write.File} writes schema {write.Schema}");

    [Fact]
    public void Tables_AreWrittenByOneModule() => Assert.Empty(
        from write in Writes()
        group write by $"{write.Schema}.{write.Table}" into table
        let modules = table.Select(write => write.Module).Distinct().Order().ToArray()
        where modules.Length > 1
        select $"{table.Key} is written by {string.Join(" and ", modules)}");

    // A search that finds nothing would let everything pass.
    [Fact]
    public void Searches_FindSomething()
    {
        var sources = Repository.Files("src", ".cs").ToArray();
        Assert.True(Writes().Count() > 80);
        Assert.True(Repository.Files("src", ".csproj").Sum(p => ProjectReference().Count(Repository.Read(p))) > 80);
        Assert.Equal(["src/Host/Program.cs"], sources.Where(file => !Namespace().IsMatch(Repository.Read(file))));
    }

    private static IEnumerable<(string File, string Module, string Schema, string Table)> Writes() =>
        from file in Repository.Files("src", ".sql", ".cs", ".razor")
        from write in SqlWrite().Matches(Repository.Read(file))
        let schema = write.Groups[1].Value.ToLowerInvariant()
        where Schemas.Contains(schema)
        select (file, Module(file), schema, write.Groups[2].Value.ToLowerInvariant());

    // A namespace is where its file lies, so that internal means private to the module, and a name tells the folder.
    [Fact]
    public void Namespaces_AreFolders() => Assert.Empty(
        from folder in (string[])["src", "tests"]
        from file in Repository.Files(folder, ".cs", ".razor")
        let said = Namespace().Match(Repository.Read(file)) is { Success: true } found ? found.Groups[1].Value : null
        let place = string.Join('.', Path.GetDirectoryName(file)!.Split('/').Skip(1).Prepend("Guerdon"))
        where said is not null && said != place && !place.StartsWith("Guerdon.Support", StringComparison.Ordinal)
        select $"{file} has namespace {said}, not {place}");

    // Whoever knows a route's handler knows its file.
    [Fact]
    public void Endpoints_LieInFilesOfTheirNames()
    {
        var files = Repository.Files("src", ".cs").ToArray();
        var places = files.Select(file => $"{Module(file)} {Path.GetFileNameWithoutExtension(file)}").ToHashSet();
        string[] handlers =
        [
            .. from file in files
               from handler in MappedHandler().Matches(Repository.Read(file))
               let name = handler.Groups[1].Value
               where char.IsUpper(name[0])
               select $"{Module(file)} {name}",
        ];

        Assert.True(handlers.Length > 80, $"Only {handlers.Length} handlers were found.");
        Assert.Empty(handlers.Except(places));
    }

    [Fact]
    public void Files_FitTheLimits() => Assert.Empty(
        from folder in (string[])["src", "tests"]
        from file in Repository.Files(folder, ".cs", ".razor", ".sql")
        let lines = Repository.Lines(file)
        from wrong in lines.Select((line, i) => (line, number: i + 1)).Where(l => IsTooWide(l.line))
            .Select(l => $"{file}:{l.number} has {l.line.Length} columns")
            .Concat(lines.Length > MaxLines ? [$"{file} has {lines.Length} lines"] : [])
        select wrong);

    // A module that nears it is two: look where its folders name each other least.
    [Fact]
    public void Modules_CanBeReadWhole() => Assert.Empty(
        from project in Repository.Files("src", ".csproj")
        let module = Path.GetDirectoryName(project)!
        let lines = Repository.Files(module, ".cs", ".razor").Sum(file => Repository.Lines(file).Length)
        where lines is 0 or > MaxModuleLines
        select $"{module} has {lines} lines");

    [Fact]
    public void Kernel_StaysSmall()
    {
        // Who may do what is a table that grows with the endpoints, and has a limit of its own.
        string[] table = ["Access.cs", "PermissionLine.cs", "Permissions.cs", "Reach.cs", "Roles.cs"];
        var files = Repository.Files("src/Kernel", ".cs")
            .ToLookup(file => table.Contains(Path.GetFileName(file)), file => Repository.Lines(file).Length);
        Assert.InRange(files[false].Sum(), 1, 1_700);
        Assert.InRange(files[true].Sum(), 1, 500);
    }

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

    [GeneratedRegex(@"\b(?:insert\s+into|update|delete\s+from|truncate(?:\s+table)?|copy)\s+(\w+)\.(\w+)",
        RegexOptions.IgnoreCase)]
    private static partial Regex SqlWrite();

    // MapGet("…", ListKeys.Handle)
    [GeneratedRegex(@"\.Map(?:Get|Post|Put|Delete|Patch|Methods)\([^;]*?,\s*(\w+)\.\w+\)")]
    private static partial Regex MappedHandler();

    [GeneratedRegex(@"^@?namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\]\(([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex MarkdownLink();

    [GeneratedRegex(@"\[[^\]]*\b(\d{4})\]\([^)]*?(\d{4})-[^)/]*\.md\)")]
    private static partial Regex DecisionLink();
}
