using System.Text.RegularExpressions;

namespace Guerdon.Unit.Architecture;

/// <summary>
/// Folders of a module form no circle, so that each can be read after those below it. A namespace is a folder, and an
/// unneeded using fails the build; so what a folder needs stands at the head of its files.
/// </summary>
/// <remarks>
/// What lies at a module's root is shared by its folders, and names none of them, but for its doors: the module, and
/// the routes that it maps.
/// </remarks>
public sealed partial class FolderTests
{
    [Fact]
    public void Folders_FormNoCircle()
    {
        var modules = Repository.Files("src", ".csproj").Select(file => Path.GetDirectoryName(file)!).ToArray();
        Assert.Empty(modules.SelectMany(CirclesOf));
        Assert.True(modules.Sum(module => NeedsOf(module).Count()) > 60, "The walk finds hardly anything.");
    }

    [Theory]
    [InlineData("a b;b c;c a", "a b", "b c", "c a")]
    [InlineData("a b;b c;a c")]
    [InlineData("a b;b a;c a", "a b", "b a")]
    public void Circles_OfSomeNeeds(string needs, params string[] circles) => Assert.Equal(
        circles, InCircles([.. needs.Split(';').Select(need => (need.Split(' ')[0], need.Split(' ')[1], ""))])
            .Select(need => $"{need.From} {need.To}"));

    private static IEnumerable<string> CirclesOf(string module) =>
        from need in InCircles([.. NeedsOf(module)])
        select $"{module}: {need.From} needs {need.To} ({need.File}), and is needed by it";

    // The folders that a module's files name, once for each pair; the root is a dot.
    private static IEnumerable<(string From, string To, string File)> NeedsOf(string module) => (
        from file in Repository.Files(module, ".cs")
        let folder = Path.GetRelativePath(module, Path.GetDirectoryName(file)!)
        where folder != "." || !IsDoor(file)
        from named in Named().Matches(Repository.Read(file)).Select(match => FolderOf(module, match.Groups[1].Value))
        where named is not null && named != folder
        select (folder, named, Path.GetFileName(file))).DistinctBy(need => (need.folder, need.named));

    private static bool IsDoor(string file) =>
        file.EndsWith("Module.cs", StringComparison.Ordinal) || file.EndsWith("Routes.cs", StringComparison.Ordinal)
        || Path.GetFileName(file) == "Program.cs";

    // The deepest folder of the module that a name such as Guerdon.Grants.Plans.Plan goes through.
    private static string? FolderOf(string module, string name)
    {
        var parts = name.Split('.');
        if (parts[0] != Path.GetFileName(module)) return null;
        var folder = "";
        foreach (var part in parts.Skip(1))
        {
            var next = folder.Length == 0 ? part : $"{folder}/{part}";
            if (!Directory.Exists(Path.Combine(Repository.Root, module, next))) break;
            folder = next;
        }

        return folder.Length == 0 ? null : folder;
    }

    // A root that names a folder is a circle too, since folders name what lies at the root without saying so.
    private static IEnumerable<(string From, string To, string File)> InCircles(
        (string From, string To, string File)[] needs) =>
        needs.Where(need => need.From == "." || Reaches(need.To, need.From, needs, [need.To]));

    private static bool Reaches(
        string from, string to, (string From, string To, string File)[] needs, HashSet<string> seen) =>
        from == to || needs.Any(need =>
            need.From == from && seen.Add(need.To) && Reaches(need.To, to, needs, seen));

    [GeneratedRegex(@"\bGuerdon\.((?:\w+\.)*\w+)")]
    private static partial Regex Named();
}
