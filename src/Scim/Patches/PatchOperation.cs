using System.Text.Json.Nodes;
using Guerdon.Kernel;
using Guerdon.Scim.Documents;
using Guerdon.Scim.Filters;
using Guerdon.Scim.Schemas;

namespace Guerdon.Scim.Patches;

internal enum PatchKind
{
    Add,
    Replace,
    Remove,
}

/// <summary>One operation of a PATCH (RFC 7644, 3.5.2).</summary>
/// <param name="Kind">Named in any case.</param>
/// <param name="Path">Null: the keys of the value say where.</param>
/// <param name="Value">Null: none.</param>
internal sealed record PatchOperation(PatchKind Kind, string? Path, JsonNode? Value)
{
    /// <summary>The most operations of one PATCH.</summary>
    public const int Most = 1_000;

    /// <summary>Whether it is about an attribute, by its path or by a key of its value.</summary>
    public bool Names(string attribute)
    {
        return Path is not null ? Is(Path) : Value is JsonObject value && value.Any(pair => Is(pair.Key));

        bool Is(string text) => text.Equals(attribute, StringComparison.OrdinalIgnoreCase)
            || text.EndsWith($":{attribute}", StringComparison.OrdinalIgnoreCase);
    }

    public static Result<PatchOperation[]> ReadAll(JsonObject body)
    {
        if (ValueReader.Named(body, "Operations") is not JsonArray { Count: > 0 } sent)
            return ScimRefusals.SyntaxInvalid.With("Operations is not a list of at least one operation.");
        if (sent.Count > Most)
            return ScimRefusals.TooMany.With($"The PATCH has {sent.Count:#,0} operations; {Most:#,0} are the most.");
        var read = new List<PatchOperation>(sent.Count);
        foreach (var each in sent)
        {
            if (each is not JsonObject operation)
                return ScimRefusals.SyntaxInvalid.With("An operation is not an object.");
            if (Of(operation) is not { } one)
                return ScimRefusals.SyntaxInvalid.With("An operation's op is none of add, replace and remove.");
            if (one is { Kind: PatchKind.Remove, Path: null })
                return ScimRefusals.NoTarget.With("An operation removes without a path.");
            read.Add(one);
        }

        return read.ToArray();
    }

    private static PatchOperation? Of(JsonObject operation)
    {
        PatchKind? kind = FilterMatch.TextOf(ValueReader.Named(operation, "op"))?.ToLowerInvariant() switch
        {
            "add" => PatchKind.Add,
            "replace" => PatchKind.Replace,
            "remove" => PatchKind.Remove,
            _ => null,
        };
        var path = FilterMatch.TextOf(ValueReader.Named(operation, "path"));
        return kind is null ? null : new(
            kind.Value, string.IsNullOrWhiteSpace(path) ? null : path.Trim(), ValueReader.Named(operation, "value"));
    }
}

/// <summary>Where an operation leads: an attribute or a part of it, and perhaps which of its values.</summary>
/// <param name="At">Its attribute is never null, but for a whole schema.</param>
/// <param name="Choice">About the values that are meant; null: all.</param>
internal sealed record PatchPath(AttributePath At, Filter? Choice)
{
    public static Result<PatchPath> Read(ResourceType type, string text)
    {
        if (text.Length > FilterParser.MostChars)
            return ScimRefusals.PathInvalid.With($"A path has {text.Length:#,0} characters.");
        var open = text.IndexOf('[', StringComparison.Ordinal);
        var close = text.LastIndexOf(']');
        if (open < 0)
            return type.Resolve(text) is { } plain ? new PatchPath(plain, null) : Unknown(text);
        if (close < open || (close + 1 < text.Length && text[close + 1] != '.')) return Unknown(text);
        if (type.Resolve(text[..open]) is not { Part: null, Attribute: { } attribute } at) return Unknown(text);
        if (attribute is not { IsMulti: true, Type: AttributeType.Complex })
            return ScimRefusals.PathInvalid.With($"'{at}' has no values to choose from.");

        var filter = FilterParser.ReadElement(text[(open + 1)..close], type, at);
        if (!filter.Is(out var choice, out var refused)) return refused;
        if (close + 1 == text.Length) return new PatchPath(at, choice);
        return attribute.Part(text[(close + 2)..]) is { } part
            ? new PatchPath(at with { Part = part }, choice)
            : Unknown(text);
    }

    private static Refused Unknown(string text) =>
        ScimRefusals.PathInvalid.With($"'{Wording.Shortened(text)}' is no attribute.");
}
