using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Guerdon.eng.Mutate;

/// <summary>
/// Marks methods, constructors and accessors, so that a first run shows which test classes reach which of them. Each
/// mutant is then tested only by the classes that reach it; one that no class reaches survives without a run.
/// </summary>
internal sealed class Probes
{
    /// <summary>The name of the <see cref="AppContext"/> data that holds the marks, a <c>bool[]</c>.</summary>
    public const string Marks = "guerdon.marks";

    /// <summary>Compiled into each marked assembly.</summary>
    public const string Source = $$"""
        internal static class MutateProbe
        {
            private static readonly bool[] Marks = (bool[])System.AppContext.GetData("{{Marks}}")!;
            public static void Reach(int number) => Marks[number] = true;
        }
        """;

    private readonly Dictionary<(string Path, int Start), int> _numbers = [];

    public int Count => _numbers.Count;

    /// <summary>The number of the member that contains a node; null for code that runs when a type is first used.
    /// </summary>
    public int? Of(Source source, SyntaxNode node)
    {
        var body = node.AncestorsAndSelf().LastOrDefault(IsBody);
        return body is not null && _numbers.TryGetValue((source.Path, body.SpanStart), out var number) ? number : null;
    }

    /// <summary>A file with its members marked.</summary>
    public CompilationUnitSyntax In(Source source)
    {
        var bodies = source.Root.DescendantNodes(node => !IsBody(node)).Where(IsBody).ToArray();
        foreach (var body in bodies) _numbers[(source.Path, body.SpanStart)] = _numbers.Count;
        return source.Root.ReplaceNodes(
            bodies.Select(body => body.Parent!),
            (old, _) => Marked(old, _numbers[(source.Path, old.ChildNodes().Last(IsBody).SpanStart)]));
    }

    private static bool IsBody(SyntaxNode node) => node switch
    {
        BlockSyntax => node.Parent is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax
            && !IsOnceOnly(node.Parent),
        ArrowExpressionClauseSyntax { Expression: not ThrowExpressionSyntax } =>
            node.Parent is MethodDeclarationSyntax or PropertyDeclarationSyntax or ConversionOperatorDeclarationSyntax
                or OperatorDeclarationSyntax && !IsRef(node),
        _ => false,
    };

    private static bool IsOnceOnly(SyntaxNode member) =>
        member is ConstructorDeclarationSyntax { Modifiers: var modifiers } && modifiers.Any(SyntaxKind.StaticKeyword);

    private static bool IsRef(SyntaxNode node) =>
        node is ArrowExpressionClauseSyntax { Expression: RefExpressionSyntax };

    private static SyntaxNode Marked(SyntaxNode member, int number)
    {
        var mark = ParseStatement($"global::MutateProbe.Reach({number});");
        return member switch
        {
            BaseMethodDeclarationSyntax { Body: { } body } method => method.WithBody(First(mark, body)),
            AccessorDeclarationSyntax { Body: { } body } accessor => accessor.WithBody(First(mark, body)),
            BaseMethodDeclarationSyntax { ExpressionBody.Expression: var value } method =>
                method.WithExpressionBody(null).WithSemicolonToken(default)
                    .WithBody(Block(mark, Last(value, IsVoid(method)))),
            PropertyDeclarationSyntax { ExpressionBody.Expression: var value } property =>
                property.WithExpressionBody(null).WithSemicolonToken(default).WithAccessorList(AccessorList([
                    AccessorDeclaration(SyntaxKind.GetAccessorDeclaration, Block(mark, Last(value, isVoid: false)))])),
            _ => throw new InvalidOperationException($"{member.Kind()}"),
        };
    }

    private static BlockSyntax First(StatementSyntax mark, BlockSyntax body) =>
        body.WithStatements(body.Statements.Insert(0, mark));

    private static StatementSyntax Last(ExpressionSyntax value, bool isVoid) => isVoid
        ? ExpressionStatement(value.WithoutLeadingTrivia())
        : ReturnStatement(Token(SyntaxKind.ReturnKeyword).WithTrailingTrivia(Space), value,
            Token(SyntaxKind.SemicolonToken));

    private static bool IsVoid(BaseMethodDeclarationSyntax method) => method is MethodDeclarationSyntax m
        && (m.ReturnType.ToString() == "void"
            || (m.Modifiers.Any(SyntaxKind.AsyncKeyword) && m.ReturnType.ToString() is "Task" or "ValueTask"));
}
