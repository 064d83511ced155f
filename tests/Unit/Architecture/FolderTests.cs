using System.Text.RegularExpressions;

namespace Guerdon.Unit.Architecture;

/// <summary>
/// Folders of a module name each other in one direction only, so that each can be read after those below it. What
/// lies at a module's root is above or below all of them: its door, its refusals, its lists.
/// </summary>
public sealed partial class FolderTests
{
    // Modules whose folders still name each other in circles. The list may only become shorter.
    private static readonly string[] InCircles =
        ["Cli", "Grants", "Host", "Ledger", "Metering", "Payroll", "People", "Sandbox"];

    public static TheoryData<string> Modules =>
    [
        .. Repository.Files("src", ".csproj").Select(file => Path.GetFileNameWithoutExtension(file))
            .Where(module => !InCircles.Contains(module)),
    ];

    [Theory, MemberData(nameof(Modules))]
    public void Folders_OfAModule_FormNoCircle(string module) => Assert.Empty(CirclesOf(Named(
        Repository.Files("src/" + module, ".cs").Select(Repository.Read), module)));

    [Fact]
    public void Folders_ThatNameEachOther_AreFound()
    {
        string[] sources =
        [
            "using Guerdon.M.B;\n\nnamespace Guerdon.M.A;", "using Guerdon.M.C;\n\nnamespace Guerdon.M.B;",
            "using Guerdon.M.A;\nusing Guerdon.M.D;\n\nnamespace Guerdon.M.C;", "namespace Guerdon.M.D;",
        ];
        Assert.Equal(["A", "B", "C"], CirclesOf(Named(sources, "M")).Order());
        Assert.Empty(CirclesOf(Named(sources[..2], "M")));
    }

    // Unused usings are errors, and a folder's types cannot be named without one.
    private static ILookup<string, string> Named(IEnumerable<string> sources, string module) => (
        from source in sources
        let own = Namespace().Match(source).Groups[1].Value
        from named in Using().Matches(source).Select(match => match.Groups[1].Value)
        let prefix = $"Guerdon.{module}."
        where own.StartsWith(prefix, StringComparison.Ordinal) && named.StartsWith(prefix, StringComparison.Ordinal)
        select (From: own[prefix.Length..], To: named[prefix.Length..])).Distinct().ToLookup(e => e.From, e => e.To);

    // Takes away folder by folder what names nothing that is left; what then remains is in a circle or above one.
    private static HashSet<string> CirclesOf(ILookup<string, string> named)
    {
        var left = named.Select(folder => folder.Key).ToHashSet(StringComparer.Ordinal);
        while (left.RemoveWhere(folder => !named[folder].Any(left.Contains)) > 0)
        {
        }

        return left;
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^using (?:static )?(Guerdon\.[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();
}
