using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;
using static Microsoft.CodeAnalysis.CSharp.SyntaxKind;

namespace Guerdon.eng.Mutate;

/// <summary>Finds what can be changed in a file, by syntax alone; a change that does not compile is not a mutant.
/// </summary>
internal static class Mutations
{
    // From each operator to the one that it is most easily confused with.
    private static readonly Dictionary<SyntaxKind, (SyntaxKind Expression, SyntaxKind Token)> Swaps = new()
    {
        [LessThanExpression] = (LessThanOrEqualExpression, LessThanEqualsToken),
        [LessThanOrEqualExpression] = (LessThanExpression, LessThanToken),
        [GreaterThanExpression] = (GreaterThanOrEqualExpression, GreaterThanEqualsToken),
        [GreaterThanOrEqualExpression] = (GreaterThanExpression, GreaterThanToken),
        [EqualsExpression] = (NotEqualsExpression, ExclamationEqualsToken),
        [NotEqualsExpression] = (EqualsExpression, EqualsEqualsToken),
        [AddExpression] = (SubtractExpression, MinusToken),
        [SubtractExpression] = (AddExpression, PlusToken),
        [MultiplyExpression] = (DivideExpression, SlashToken),
        [DivideExpression] = (MultiplyExpression, AsteriskToken),
        [ModuloExpression] = (MultiplyExpression, AsteriskToken),
        [LogicalAndExpression] = (LogicalOrExpression, BarBarToken),
        [LogicalOrExpression] = (LogicalAndExpression, AmpersandAmpersandToken),
        [BitwiseAndExpression] = (BitwiseOrExpression, BarToken),
        [BitwiseOrExpression] = (BitwiseAndExpression, AmpersandToken),
        [LeftShiftExpression] = (RightShiftExpression, GreaterThanGreaterThanToken),
        [RightShiftExpression] = (LeftShiftExpression, LessThanLessThanToken),
        [AddAssignmentExpression] = (SubtractAssignmentExpression, MinusEqualsToken),
        [SubtractAssignmentExpression] = (AddAssignmentExpression, PlusEqualsToken),
        [OrAssignmentExpression] = (AndAssignmentExpression, AmpersandEqualsToken),
        [AndAssignmentExpression] = (OrAssignmentExpression, BarEqualsToken),
        [PreIncrementExpression] = (PreDecrementExpression, MinusMinusToken),
        [PreDecrementExpression] = (PreIncrementExpression, PlusPlusToken),
        [PostIncrementExpression] = (PostDecrementExpression, MinusMinusToken),
        [PostDecrementExpression] = (PostIncrementExpression, PlusPlusToken),
        [AndPattern] = (OrPattern, OrKeyword),
        [OrPattern] = (AndPattern, AndKeyword),
    };

    private static readonly Dictionary<SyntaxKind, SyntaxKind> PatternSwaps = new()
    {
        [LessThanToken] = LessThanEqualsToken, [LessThanEqualsToken] = LessThanToken,
        [GreaterThanToken] = GreaterThanEqualsToken, [GreaterThanEqualsToken] = GreaterThanToken,
    };

    private static readonly Dictionary<string, string> NameSwaps = new()
    {
        ["Min"] = "Max", ["Max"] = "Min", ["Any"] = "All", ["All"] = "Any", ["First"] = "Last", ["Last"] = "First",
        ["TakeWhile"] = "SkipWhile", ["OrderBy"] = "OrderByDescending", ["MinBy"] = "MaxBy", ["MaxBy"] = "MinBy",
    };

    public static IEnumerable<Mutant> Of(Source source) =>
        from node in source.Root.DescendantNodes(node => !IsLeftAlone(node))
        where !IsLeftAlone(node)
        from changed in Changes(node)
        select new Mutant(source, node, changed.WithTriviaFrom(node));

    // Messages, page layout and initial capacities decide nothing. Numbers of enums and defaults of settings are
    // tables: a copy of them in a test would repeat their mistakes. So are refusals, and a test already compares them
    // with docs/errors.md.
    private static bool IsLeftAlone(SyntaxNode node) => node switch
    {
        AttributeListSyntax or InterpolationSyntax or ThrowExpressionSyntax or ThrowStatementSyntax => true,
        EnumMemberDeclarationSyntax => true,
        // How a line of a PDF looks.
        ArgumentSyntax { NameColon.Name.Identifier.ValueText: "isSoft" or "IsTotal" } => true,
        FieldDeclarationSyntax { Declaration.Type: IdentifierNameSyntax { Identifier.ValueText: "Refusal" } } => true,
        ImplicitObjectCreationExpressionSyntax { Parent: ExpressionElementSyntax { Parent: var list } } =>
            IsColumns(list),
        EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax } => true,
        MethodDeclarationSyntax { Identifier.ValueText: "ToString" or "GetHashCode" } => true,
        ArgumentListSyntax { Parent: ObjectCreationExpressionSyntax { Type: var type } } => IsRoom(type),
        ArrayRankSpecifierSyntax => true,
        InvocationExpressionSyntax { Expression: var called } => called.ToString() is "nameof" or "Debug.Assert",
        ClassDeclarationSyntax { Identifier.ValueText: "Log" } => true,
        _ => false,
    };

    // The columns of a table in a PDF and their widths.
    private static bool IsColumns(SyntaxNode? list) => list is CollectionExpressionSyntax
    {
        Parent: ArgumentSyntax
        {
            Parent.Parent: InvocationExpressionSyntax
            {
                Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Table" },
                ArgumentList.Arguments: [var first, ..],
            }
        } argument,
    } && first == argument;

    private static bool IsRoom(TypeSyntax type) =>
        type is GenericNameSyntax { Identifier.ValueText: "List" or "Dictionary" or "HashSet" or "ArrayBufferWriter" }
            or IdentifierNameSyntax { Identifier.ValueText: "StringBuilder" or "MemoryStream" };

    private static IEnumerable<SyntaxNode> Changes(SyntaxNode node)
    {
        if (Swapped(node) is { } swapped) yield return swapped;
        switch (node)
        {
            case LiteralExpressionSyntax literal when Next(literal) is { } next:
                yield return next;
                break;
            case PrefixUnaryExpressionSyntax not when not.IsKind(LogicalNotExpression):
                yield return not.Operand;
                break;
            case UnaryPatternSyntax { Pattern: var pattern }:
                yield return pattern;
                break;
            case RelationalPatternSyntax { OperatorToken: var sign } relational:
                yield return relational.WithOperatorToken(In(sign, Token(PatternSwaps[sign.Kind()])));
                break;
            case ConditionalExpressionSyntax choice:
                yield return choice.WithWhenTrue(choice.WhenFalse.WithTriviaFrom(choice.WhenTrue))
                    .WithWhenFalse(choice.WhenTrue.WithTriviaFrom(choice.WhenFalse));
                break;
            case BinaryExpressionSyntax either when either.IsKind(CoalesceExpression):
                yield return either.Right;
                break;
            case IfStatementSyntax guard:
                yield return guard.WithCondition(
                    PrefixUnaryExpression(LogicalNotExpression, ParenthesizedExpression(guard.Condition)));
                if (guard.Else is null) yield return EmptyStatement();
                break;
            case ExpressionStatementSyntax
            {
                Parent: GlobalStatementSyntax or StatementSyntax or SwitchSectionSyntax or ElseClauseSyntax,
            }:
                yield return EmptyStatement();
                break;
            case IdentifierNameSyntax name when IsCalled(name)
                && NameSwaps.TryGetValue(name.Identifier.Text, out var other):
                yield return IdentifierName(other);
                break;
        }
    }

    private static SyntaxNode? Swapped(SyntaxNode node)
    {
        if (!Swaps.TryGetValue(node.Kind(), out var to) || IsChoiceOfOne(node)) return null;
        return node switch
        {
            BinaryExpressionSyntax b =>
                BinaryExpression(to.Expression, b.Left, In(b.OperatorToken, Token(to.Token)), b.Right),
            AssignmentExpressionSyntax a =>
                AssignmentExpression(to.Expression, a.Left, In(a.OperatorToken, Token(to.Token)), a.Right),
            PrefixUnaryExpressionSyntax u => PrefixUnaryExpression(to.Expression, Token(to.Token), u.Operand),
            PostfixUnaryExpressionSyntax u => PostfixUnaryExpression(to.Expression, u.Operand, Token(to.Token)),
            BinaryPatternSyntax p =>
                BinaryPattern(to.Expression, p.Left, In(p.OperatorToken, Token(to.Token)), p.Right),
            _ => null,
        };
    }

    // The larger or smaller of two, as in a > b ? a : b: where they are equal, either is the same.
    private static bool IsChoiceOfOne(SyntaxNode node) =>
        node is BinaryExpressionSyntax { RawKind: var kind, Left: var left, Right: var right }
        && (SyntaxKind)kind is LessThanExpression or LessThanOrEqualExpression
            or GreaterThanExpression or GreaterThanOrEqualExpression
        && node.Parent is ConditionalExpressionSyntax { WhenTrue: var one, WhenFalse: var other } choice
        && choice.Condition == node
        && ((AreEquivalent(one, left) && AreEquivalent(other, right))
            || (AreEquivalent(one, right) && AreEquivalent(other, left)));

    // The next higher number, with the same suffix.
    private static LiteralExpressionSyntax? Next(LiteralExpressionSyntax literal) => literal.Kind() switch
    {
        TrueLiteralExpression => LiteralExpression(FalseLiteralExpression),
        FalseLiteralExpression => LiteralExpression(TrueLiteralExpression),
        NumericLiteralExpression when IsCounted(literal) =>
            LiteralExpression(NumericLiteralExpression, ParseToken(
                (Convert.ToDecimal(literal.Token.Value, CultureInfo.InvariantCulture) + 1)
                    .ToString(CultureInfo.InvariantCulture) + Suffix(literal.Token.Text))),
        _ => null,
    };

    // A constant of 1,000 or more is a limit that somebody chose: raising it by one does not change the rule.
    private static bool IsCounted(LiteralExpressionSyntax literal)
    {
        if (literal.Token.Value is not (int or long or uint or ulong)) return false;
        var isBound = Convert.ToDecimal(literal.Token.Value, CultureInfo.InvariantCulture) >= 1_000;
        var isConstant = literal.Ancestors().OfType<BaseFieldDeclarationSyntax>()
            .Any(field => field.Modifiers.Any(ConstKeyword));
        return !isBound || !isConstant;
    }

    private static string Suffix(string text) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? string.Concat(text.Where(c => c is 'L' or 'l' or 'U' or 'u'))
        : string.Concat(text.Where(char.IsLetter));

    private static bool IsCalled(IdentifierNameSyntax name) =>
        name.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax } member
        && member.Name == name;

    private static SyntaxToken In(SyntaxToken old, SyntaxToken token) => token.WithTriviaFrom(old);
}
