using Guerdon.Client;
using Guerdon.Kernel;

namespace Guerdon.Unit.Architecture;

/// <summary>The program has one name, and the former one stands in CHANGELOG.md alone. Ids of each kind begin in their
/// own way.</summary>
public sealed class NameTests
{
    [Fact]
    public void FormerName_OutsideTheChangelog_IsNowhere()
    {
        string[] texts = [.. Repository.Files(".", "").Where(path => path != "CHANGELOG.md")];

        Assert.True(texts.Length > 1_000);
        Assert.Empty(
            from path in texts
            where HasIt(path) || HasIt(Repository.Read(path))
            select path);
    }

    // An id that is handed on says of what it is.
    [Fact]
    public void Prefixes_OfIds_AreOfOneKindEach()
    {
        var prefixes = Modules.Assemblies.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsValueType && type.GetInterfaces().Any(
                of => of.IsGenericType && of.GetGenericTypeDefinition() == typeof(IId<>)))
            .ToLookup(type => (string)type.GetProperty("Prefix")!.GetValue(null)!, type => type.FullName);
        Assert.True(prefixes.Count > 20);
        Assert.Empty(
            from kinds in prefixes where kinds.Count() > 1 select $"{kinds.Key}: {string.Join(", ", kinds)}");
    }

    private static bool HasIt(string text) => text.Contains(FormerName.Word, StringComparison.OrdinalIgnoreCase);
}
