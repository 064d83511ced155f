using System.Text.RegularExpressions;

namespace Guerdon.Unit.Architecture;

/// <summary>
/// What documents name is there: headings that links lead to, files and folders in <c>code</c>, and test classes in
/// commands. That links themselves lead somewhere is held by <see cref="TidyTests"/>. CHANGELOG.md tells of what was.
/// </summary>
public sealed partial class DocumentTests
{
    private static readonly string[] Documents =
        [.. Repository.Files("", ".md").Where(file => file != "CHANGELOG.md")];

    // Everything that is there, folders too, as paths from the root.
    private static readonly HashSet<string> Paths =
        [.. Repository.Files("", "").SelectMany(file => Enumerable.Range(1, file.Count(c => c == '/') + 1)
            .Select(depth => string.Join('/', file.Split('/').Take(depth))))];

    private static readonly HashSet<string> Names = [.. Paths.Select(path => Path.GetFileName(path)!)];

    private static readonly string[] Roots =
        ["src", "db", "docs", "tests", "bench", "eng", "examples", ".github", ".ci"];

    private static readonly string[] Endings = [".cs", ".razor", ".sql"];

    private static readonly string[] Modules =
        [.. Paths.Where(path => path.StartsWith("src/", StringComparison.Ordinal)).Select(path => path.Split('/')[1])
            .Distinct()];

    [Fact]
    public void Anchors_AreHeadings() => Assert.Empty(
        from file in Documents
        from link in AnchorLink().Matches(Repository.Read(file))
        let target = Path.GetRelativePath(Repository.Root, Path.GetFullPath(link.Groups[1].Value is { Length: > 0 } to
            ? Path.Combine(Repository.Root, Path.GetDirectoryName(file)!, to) : Path.Combine(Repository.Root, file)))
        where target.EndsWith(".md", StringComparison.Ordinal) && Paths.Contains(target)
            && !Anchors(target).Contains(link.Groups[2].Value)
        select $"{file} links to {target}#{link.Groups[2].Value}");

    /// <summary>
    /// <c>src/Ledger/README.md</c> is a path from the root, <c>Ledger/Audit</c> one below <c>src/</c> whose ending may
    /// be left out, and <c>Hold.cs</c> a file anywhere: the last stays true when a file moves.
    /// </summary>
    [Fact]
    public void PathsInCode_AreThere()
    {
        var named = (
            from file in Documents
            from Match code in Code().Matches(Fence().Replace(Repository.Read(file), ""))
            let text = code.Groups[1].Value.TrimEnd('/')
            where NamesAFile(text)
            select (file, text)).ToArray();

        Assert.True(named.Length > 100, $"only {named.Length}");
        Assert.Empty(named.Where(n => !IsThere(n.file, n.text)).Select(n => $"{n.file} names {n.text}"));
    }

    /// <summary>The README of a module names its folders as <c>Keys/</c>.</summary>
    [Fact]
    public void FoldersOfModules_AreThere() => Assert.Empty(
        from file in Documents
        where file.StartsWith("src/", StringComparison.Ordinal)
        from Match code in Code().Matches(Repository.Read(file))
        let text = code.Groups[1].Value
        where text.EndsWith('/') && FolderName().IsMatch(text)
            && !Paths.Contains($"{Path.GetDirectoryName(file)!.Replace('\\', '/')}/{text[..^1]}")
        select $"{file} names {text}");

    [Fact]
    public void TestClasses_InCommands_AreThere() => Assert.Empty(
        from file in Documents
        from Match test in TestClass().Matches(Repository.Read(file))
        let name = test.Value.Split('.')[^1]
        where !Paths.Where(path => path.EndsWith($"/{name}.cs", StringComparison.Ordinal))
            .Any(path => Repository.Read(path).Contains($"namespace {test.Value[..^(name.Length + 1)]};",
                StringComparison.Ordinal))
        select $"{file} names {test.Value}");

    // A search that finds nothing would let everything pass.
    [Fact]
    public void Searches_FindSomething()
    {
        var all = string.Join('\n', Documents.Select(file => Repository.Read(file)));

        Assert.True(AnchorLink().Count(all) > 100);
        Assert.True(TestClass().Count(all) > 5);
        Assert.True(Code().Matches(all).Count(code => FolderName().IsMatch(code.Groups[1].Value)) > 20);
    }

    private static bool NamesAFile(string text) =>
        PathLike().IsMatch(text) && (text.Contains('/', StringComparison.Ordinal)
            ? Roots.Contains(text.Split('/')[0]) || Modules.Contains(text.Split('/')[0])
            : SourceName().IsMatch(text));

    private static bool IsThere(string file, string text) =>
        !text.Contains('/', StringComparison.Ordinal)
            ? Names.Contains(text)
            : ((string[])[text, "src/" + text, Path.GetDirectoryName(file)!.Replace('\\', '/') + "/" + text])
                .Any(path => Paths.Contains(path) || Endings.Any(ending => Paths.Contains(path + ending)));

    // As GitHub makes them: lower case, no signs, a dash for each blank; and ids that a table's rows are given.
    private static HashSet<string> Anchors(string file)
    {
        var text = Fence().Replace(Repository.Read(file), "");
        return [
            .. Heading().Matches(text).Select(m => Sign().Replace(m.Groups[1].Value.ToLowerInvariant(), "")
                .Trim().Replace(' ', '-')),
            .. Id().Matches(text).Select(m => m.Groups[1].Value)];
    }

    [GeneratedRegex(@"\]\(([^)#\s:]*)#([^)\s]+)\)")]
    private static partial Regex AnchorLink();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^[ ]*```.*?^[ ]*```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex("^[A-Z][A-Za-z]*/$")]
    private static partial Regex FolderName();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("<a id=\"([^\"]+)\">")]
    private static partial Regex Id();

    // No blank, no placeholder, no pattern.
    [GeneratedRegex(@"^[\w.-]+(?:/[\w.-]+)*$")]
    private static partial Regex PathLike();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Sign();

    [GeneratedRegex(@"^[A-Z][\w.]*\.(?:cs|csproj|props|razor|slnx|sql)$")]
    private static partial Regex SourceName();

    [GeneratedRegex(@"\bGuerdon\.(?:Unit|Database|Browser|Chaos)\.[\w.]*Tests\b")]
    private static partial Regex TestClass();
}
