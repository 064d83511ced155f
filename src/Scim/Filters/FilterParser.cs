using System.Globalization;
using Guerdon.Kernel;
using Guerdon.Scim.Schemas;

namespace Guerdon.Scim.Filters;

/// <summary>
/// Reads a filter. Operators and names are taken in any case. A value may stand without quotation marks, as Entra ID's
/// documents have it, and a boolean with them.
/// </summary>
internal sealed class FilterParser
{
    /// <summary>The longest filter, in characters.</summary>
    public const int MostChars = 4_096;

    /// <summary>How deep brackets and negations may go.</summary>
    public const int MostDepth = 20;

    private static readonly string[] InstantForms =
        ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd"];

    private static readonly AttributePath Unknown = new(null, null, null);

    private readonly ResourceType _type;
    private readonly bool _isLenient;
    private readonly IReadOnlyList<FilterToken> _tokens;
    private int _next;
    private string? _fault;
    private AttributePath? _element; // inside a[…]: whose parts names are

    private FilterParser(ResourceType type, IReadOnlyList<FilterToken> tokens, bool isLenient) =>
        (_type, _tokens, _isLenient) = (type, tokens, isLenient);

    /// <summary>Reads a filter on resources of a type.</summary>
    /// <param name="text">As it was sent.</param>
    /// <param name="type">Whose attributes it is about.</param>
    /// <param name="isLenient">Whether an attribute that the type does not have has no value: where several types are
    /// searched at once. Elsewhere it is refused, since a directory that finds nobody makes somebody new.</param>
    public static Result<Filter> Read(string text, ResourceType type, bool isLenient = false)
    {
        if (text.Length > MostChars)
            return ScimRefusals.FilterInvalid.With(
                $"The filter has {text.Length:#,0} characters; {MostChars:#,0} are the most.");
        var tokens = FilterToken.Of(text, out var fault);
        if (fault is not null) return ScimRefusals.FilterInvalid.With($"The filter {fault}");
        var parser = new FilterParser(type, tokens, isLenient);
        var filter = parser.Any(0);
        if (parser._fault is null && parser.Current.Kind != TokenKind.End) parser.Unexpected("the end");
        return filter is null || parser._fault is not null
            ? ScimRefusals.FilterInvalid.With($"The filter {parser._fault ?? "is empty."}")
            : filter;
    }

    /// <summary>Reads what stands in the brackets of a PATCH path: a filter on the parts of an attribute.</summary>
    public static Result<Filter> ReadElement(string text, ResourceType type, AttributePath attribute)
    {
        var tokens = FilterToken.Of(text, out var fault);
        if (fault is not null) return ScimRefusals.FilterInvalid.With($"The filter {fault}");
        var parser = new FilterParser(type, tokens, isLenient: false) { _element = attribute };
        var filter = parser.Any(0);
        if (parser._fault is null && parser.Current.Kind != TokenKind.End) parser.Unexpected("the end");
        return filter is null || parser._fault is not null
            ? ScimRefusals.FilterInvalid.With($"The filter {parser._fault ?? "is empty."}")
            : filter;
    }

    private FilterToken Current => _tokens[_next];

    private Filter? Any(int depth)
    {
        var left = All(depth);
        while (left is not null && TakeWord("or"))
            left = All(depth) is { } right ? new Filter.Or(left, right) : null;
        return left;
    }

    private Filter? All(int depth)
    {
        var left = One(depth);
        while (left is not null && TakeWord("and"))
            left = One(depth) is { } right ? new Filter.And(left, right) : null;
        return left;
    }

    private Filter? One(int depth)
    {
        if (depth > MostDepth) return Wrong($"is nested more than {MostDepth} deep.");
        if (TakeWord("not")) return One(depth + 1) is { } inner ? new Filter.Not(inner) : null;
        if (Take(TokenKind.Open))
        {
            var inner = Any(depth + 1);
            if (inner is null) return null;
            return Take(TokenKind.Close) ? inner : Unexpected("a closing parenthesis");
        }

        return Current.Kind == TokenKind.Word ? Term(depth) : Unexpected("the name of an attribute");
    }

    private Filter? Term(int depth)
    {
        var name = Current.Text;
        _next++;
        var path = _element is null ? _type.Resolve(name) : InElement(_element, name);
        if (path?.Attribute is null) path = null;
        if (path is null && !_isLenient) return Wrong($"names '{Wording.Shortened(name)}', which is no attribute.");
        if (Take(TokenKind.OpenElement)) return Element(path, depth);
        if (TakeWord("pr")) return path is null ? new Filter.Nothing() : new Filter.Present(path);
        if (TakeOperator() is not { } op) return Unexpected($"an operator after '{Wording.Shortened(name)}'");
        if (Current.Kind is not (TokenKind.Word or TokenKind.Quoted)) return Unexpected("a value");
        var value = Current;
        _next++;
        return path is null ? new Filter.Nothing() : Comparison(path, op, value);
    }

    private Filter? Element(AttributePath? path, int depth)
    {
        if (_element is not null) return Wrong("has brackets within brackets.");
        if (path is null && !_isLenient) return Wrong("has brackets after an attribute that this type does not have.");
        if (path is not (null or { Part: null, Attribute: { IsMulti: true, Type: AttributeType.Complex } }))
            return Wrong($"has brackets after '{path}', which has no parts to choose by.");
        _element = path ?? Unknown; // what it has inside is read all the same
        var inner = Any(depth + 1);
        _element = null;
        if (inner is null) return null;
        if (!Take(TokenKind.CloseElement)) return Unexpected("a closing bracket");

        if (path is null) return UnknownElement();

        // emails[type eq "work"].value eq "x" is about the same element.
        if (Current is { Kind: TokenKind.Word, Text: ['.', .. var part] })
        {
            _next++;
            if (path.Attribute.Part(part) is not { } leaf)
                return Wrong($"names '{path}.{Wording.Shortened(part)}', which is no attribute.");
            if (TakeWord("pr"))
                return new Filter.Element(path, new Filter.And(inner, new Filter.Present(path with { Part = leaf })));
            if (TakeOperator() is not { } op) return Unexpected("an operator");
            if (Current.Kind is not (TokenKind.Word or TokenKind.Quoted)) return Unexpected("a value");
            var value = Current;
            _next++;
            if (Comparison(path with { Part = leaf }, op, value) is not { } more) return null;
            inner = new Filter.And(inner, more);
        }

        return new Filter.Element(path, inner);
    }

    // Of an attribute that this type does not have: read to its end, and no value fits it.
    private Filter? UnknownElement()
    {
        if (Current is not { Kind: TokenKind.Word, Text: ['.', _, ..] }) return new Filter.Nothing();
        _next++;
        if (TakeWord("pr")) return new Filter.Nothing();
        if (TakeOperator() is null) return Unexpected("an operator");
        if (Current.Kind is not (TokenKind.Word or TokenKind.Quoted)) return Unexpected("a value");
        _next++;
        return new Filter.Nothing();
    }

    private static AttributePath? InElement(AttributePath element, string name) =>
        element.Attribute?.Part(name) is { } part ? element with { Part = part } : null;

    // An attribute with parts is compared by its value.
    private Filter? Comparison(AttributePath path, FilterOperator op, FilterToken value)
    {
        if (path.Leaf!.Type == AttributeType.Complex)
        {
            if (path.Attribute!.Part("value") is not { } own) return Wrong($"compares '{path}', which has parts.");
            path = path with { Part = own };
        }

        var leaf = path.Leaf!;
        if (value is { Kind: TokenKind.Word } && Is(value.Text, "null")) return WithNull(path, op);
        if (leaf.Type == AttributeType.Boolean)
        {
            if (op is not (FilterOperator.Equal or FilterOperator.NotEqual) || !bool.TryParse(value.Text, out var flag))
                return Wrong($"compares '{path}' otherwise than by eq or ne with true or false.");
            return new Filter.Compare(path, op, flag ? "true" : "false", value.Text);
        }

        if (leaf.Type != AttributeType.DateTime)
            return new Filter.Compare(path, op, leaf.Fold(value.Text), value.Text);
        if (op is FilterOperator.Contains or FilterOperator.StartsWith or FilterOperator.EndsWith)
            return Wrong($"looks for a part of '{path}', which is a time.");
        return DateTimeOffset.TryParseExact(value.Text, InstantForms, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal, out var at) && Days.Has(at)
            ? new Filter.Compare(path, op, value.Text, value.Text) { Instant = at.ToMicros() }
            : Wrong($"compares '{path}' with '{Wording.Shortened(value.Text)}', not {Days.WantedInstant}.");
    }

    private Filter? WithNull(AttributePath path, FilterOperator op) => op switch
    {
        FilterOperator.Equal => new Filter.Not(new Filter.Present(path)),
        FilterOperator.NotEqual => new Filter.Present(path),
        _ => Wrong($"compares '{path}' with null otherwise than by eq or ne."),
    };

    private FilterOperator? TakeOperator()
    {
        if (Current.Kind != TokenKind.Word) return null;
        FilterOperator? found = Current.Text.ToLowerInvariant() switch
        {
            "eq" => FilterOperator.Equal,
            "ne" => FilterOperator.NotEqual,
            "co" => FilterOperator.Contains,
            "sw" => FilterOperator.StartsWith,
            "ew" => FilterOperator.EndsWith,
            "gt" => FilterOperator.Greater,
            "ge" => FilterOperator.GreaterOrEqual,
            "lt" => FilterOperator.Less,
            "le" => FilterOperator.LessOrEqual,
            _ => null,
        };
        if (found is not null) _next++;
        return found;
    }

    private bool Take(TokenKind kind)
    {
        if (Current.Kind != kind) return false;
        _next++;
        return true;
    }

    private bool TakeWord(string word)
    {
        if (Current.Kind != TokenKind.Word || !Is(Current.Text, word)) return false;
        _next++;
        return true;
    }

    private Filter? Unexpected(string wanted) => Wrong(Current.Kind == TokenKind.End
        ? $"ends where {wanted} is expected."
        : $"has '{Wording.Shortened(Current.Text)}' at {Current.At}, where {wanted} is expected.");

    private Filter? Wrong(string fault)
    {
        _fault ??= fault;
        return null;
    }

    private static bool Is(string text, string word) => text.Equals(word, StringComparison.OrdinalIgnoreCase);
}
