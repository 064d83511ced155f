using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Guerdon.eng.Mutate;

/// <summary>
/// Which test classes can reach a source file: those that name one of its types, or a type of a file that does, and so
/// on. The nearest come first, since they are the most likely to kill. Names are compared without namespaces, so the
/// list may have a class too many, but never one too few.
/// </summary>
internal sealed class Reach
{
    private readonly Dictionary<string, List<Source>> _namers = [];
    private readonly Dictionary<string, string[]> _declared = [];
    private readonly Dictionary<string, List<string>> _tests = [];

    public Reach(IEnumerable<Source> sources)
    {
        foreach (var source in sources)
        {
            _declared[source.Path] = [.. Declared(source)];
            foreach (var name in source.Names)
            {
                if (!_namers.TryGetValue(name, out var list)) _namers[name] = list = [];
                list.Add(source);
            }
        }
    }

    /// <summary>Full names of test classes, nearest first.</summary>
    public List<string> TestsOf(string path)
    {
        if (!_tests.TryGetValue(path, out var found)) _tests[path] = found = Find(path);
        return found;
    }

    private List<string> Find(string path)
    {
        var (found, seen, waiting) = (new List<string>(), new HashSet<string> { path }, new Queue<string>([path]));
        while (waiting.TryDequeue(out var at))
        {
            foreach (var namer in _declared[at].SelectMany(name => _namers.GetValueOrDefault(name) ?? []))
            {
                if (!seen.Add(namer.Path)) continue;
                waiting.Enqueue(namer.Path);
                found.AddRange(TestClasses(namer));
            }
        }

        return found;
    }

    private static IEnumerable<string> Declared(Source source)
    {
        foreach (var node in source.Root.DescendantNodes())
        {
            if (node is BaseTypeDeclarationSyntax type) yield return type.Identifier.ValueText;
            if (node is DelegateDeclarationSyntax action) yield return action.Identifier.ValueText;
            // An extension is called without naming its class.
            if (node is MethodDeclarationSyntax { ParameterList.Parameters: [{ Modifiers: var modifiers }, ..] } method
                && modifiers.Any(SyntaxKind.ThisKeyword))
                yield return method.Identifier.ValueText;
            if (node is ExtensionBlockDeclarationSyntax block)
                foreach (var member in block.Members.OfType<MethodDeclarationSyntax>())
                    yield return member.Identifier.ValueText;
        }
    }

    /// <summary>Full names of the test classes in a file, without those about architecture: they read the working tree,
    /// which a mutant does not change.</summary>
    public static IEnumerable<string> TestClasses(Source source) =>
        from type in source.Root.DescendantNodes().OfType<ClassDeclarationSyntax>()
        where source.Path.StartsWith("tests/", StringComparison.Ordinal)
            && !source.Path.Contains("/Architecture/", StringComparison.Ordinal)
            && type.Identifier.ValueText.EndsWith("Tests", StringComparison.Ordinal)
        let space = source.Root.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().First().Name
        select $"{space}.{type.Identifier.ValueText}";
}
