using System.Text.Json;
using System.Xml.Linq;

namespace Guerdon.Unit.Architecture;

/// <summary>
/// Guerdon is Apache 2.0, and what it brings along must be under a permissive licence. Licences change between versions
/// (PDFsharp's after 6.2), so each is read in the package that was restored.
/// </summary>
public sealed class LicenceTests
{
    // As SPDX names them. All allow use in a program under any licence, as long as their notices stay. There is no
    // exception today; one would stand here with its package and its reason.
    private static readonly string[] Allowed = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "PostgreSQL"];

    [Fact]
    public void Packages_Restored_HavePermissiveLicences()
    {
        var packages = Restored().ToList();

        Assert.True(packages.Count > 30, $"Only {packages.Count} packages were found.");
        Assert.Empty(
            from package in packages
            let licence = LicenceOf(package.Folder)
            where !IsAllowed(licence)
            select $"{package.Name} {package.Version}: {licence}");
    }

    [Fact]
    public void PdfSharp_IsTheLastVersionUnderMit()
    {
        Assert.Contains("Include=\"PDFsharp\" Version=\"[6.2.4]\"", Repository.Read("Directory.Packages.props"),
            StringComparison.Ordinal);
        var found = Assert.Single(Restored(), package => package.Name == "PDFsharp");
        Assert.Equal(("6.2.4", "MIT"), (found.Version, LicenceOf(found.Folder)));
    }

    [Theory]
    [InlineData("MIT", true)]
    [InlineData("MS-PL OR Apache-2.0", true)]
    [InlineData("MIT AND BSD-3-Clause", true)]
    [InlineData("MIT AND AGPL-3.0-only", false)]
    [InlineData("AGPL-3.0-only", false)]
    [InlineData("GPL-2.0-only WITH Classpath-exception-2.0", false)]
    [InlineData("(MIT OR GPL-2.0-only) AND AGPL-3.0-only", false)]
    [InlineData("none", false)]
    public void IsAllowed_Expression_IsReadAsSpdxMeansIt(string licence, bool isAllowed) =>
        Assert.Equal(isAllowed, IsAllowed(licence));

    // One of several will do where there is a choice, each must do where there is none. Brackets are refused: none of
    // our packages has any.
    private static bool IsAllowed(string licence) =>
        licence.Split(" OR ").Any(choice => choice.Split(" AND ").All(Allowed.Contains)) && !licence.Contains('(');

    private static string LicenceOf(string folder)
    {
        var metadata = XDocument.Load(Directory.GetFiles(folder, "*.nuspec").Single()).Root!.Elements().First();
        var licence = metadata.Elements().FirstOrDefault(e => e.Name.LocalName == "license");
        return licence?.Attribute("type")?.Value == "expression" ? licence.Value : "none";
    }

    // Of every project that was restored here; ./test restores all of them.
    private static IEnumerable<(string Name, string Version, string Folder)> Restored() =>
        (from file in Directory.GetFiles(Path.Combine(Repository.Root, "artifacts/obj"), "project.assets.json",
            SearchOption.AllDirectories)
         let assets = JsonDocument.Parse(File.ReadAllText(file)).RootElement
         where File.Exists(assets.GetProperty("project").GetProperty("restore").GetProperty("projectPath").GetString())
         from library in assets.GetProperty("libraries").EnumerateObject()
         where library.Value.GetProperty("type").GetString() == "package"
         let path = library.Value.GetProperty("path").GetString()!
         let folder = assets.GetProperty("packageFolders").EnumerateObject().Select(f => Path.Combine(f.Name, path))
            .First(Directory.Exists)
         let words = library.Name.Split('/')
         select (words[0], words[1], folder)).Distinct();
}
