using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Guerdon.eng.Mutate;

/// <summary>One change of one operator.</summary>
/// <param name="Source">The file it is in.</param>
/// <param name="Old">The node that is replaced.</param>
/// <param name="New">What replaces it.</param>
internal sealed record Mutant(Source Source, SyntaxNode Old, SyntaxNode New)
{
    public int Line => Old.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    public CompilationUnitSyntax Root => Source.Root.ReplaceNode(Old, New);

    public string Before => OneLine(Old);

    public string After => OneLine(New);

    public override string ToString() => $"{Source.Path}:{Line}: {Before}  ->  {After}";

    private static string OneLine(SyntaxNode node)
    {
        var text = string.Join(' ', node.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length > 150 ? text[..150] + "…" : text;
    }
}
