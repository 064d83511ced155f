using System.Text.Json;
using System.Text.Unicode;
using Guerdon.Kernel;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Guerdon.Vesting;

/// <summary>
/// Reads vesting terms in the format's JSON. Its tokens go the way of a YAML file's, so that both are checked by one
/// reader; what JSON tells apart and YAML does not, numbers from texts, is checked here.
/// </summary>
internal static class VestingJson
{
    private const int MaxDepth = 10;

    private static readonly AnchorName NoAnchor = AnchorName.Empty;
    private static readonly TagName NoTag = TagName.Empty;

    /// <summary>The terms, or every error by line and column.</summary>
    public static (VestingTerms? Terms, IReadOnlyList<YamlError> Errors) Read(ReadOnlySpan<byte> json)
    {
        if (json.StartsWith("\uFEFF"u8)) json = json[3..];
        if (!Utf8.IsValid(json)) return (null, [new YamlError(1, 1, "", "The file must be text in UTF-8.")]);

        var kinds = new List<YamlError>();
        if (Events(json, kinds, out var events) is { } broken) return (null, [broken]);
        var (terms, errors) = YamlFile.Read(
            new Replay(events), "vesting terms", (map, found) => VestingYaml.Full(map, found, isFormat: true));
        return kinds.Count == 0
            ? (terms, errors)
            : (null, [.. kinds.UnionBy(errors, e => (e.Line, e.Column)).OrderBy(e => e.Line).ThenBy(e => e.Column)]);
    }

    private static YamlError? Events(ReadOnlySpan<byte> json, List<YamlError> kinds, out List<ParsingEvent> events)
    {
        events = [new StreamStart(), new DocumentStart()];
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        var place = new Place();
        var names = new Stack<string>();
        var name = "";
        try
        {
            while (reader.Read())
            {
                var mark = place.MoveTo(json, (int)reader.TokenStartIndex);
                if (Border(reader.TokenType, mark) is { } border)
                {
                    events.Add(border);
                    name = border.NestingIncrease > 0 ? Into(name) : names.Pop();
                    continue;
                }

                var isName = reader.TokenType == JsonTokenType.PropertyName;
                var text = TextOf(ref reader);
                if (text is null) return At(mark, "This text has half a character (a lone surrogate).");
                if (isName) name = text;
                else if (Wanted(name, reader.TokenType) is { } wanted)
                    kinds.Add(At(mark, $"{name} must be {wanted}.", name));
                events.Add(new Scalar(NoAnchor, NoTag, text, ScalarStyle.DoubleQuoted, true, true, mark, mark, isName));
            }
        }
        catch (JsonException e)
        {
            var reason = e.Message.Split(" LineNumber:")[0];
            return new YamlError((int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1, "",
                $"This is not JSON: {reason}");
        }

        events.Add(new DocumentEnd(true));
        events.Add(new StreamEnd());
        return null;

        string Into(string outer)
        {
            names.Push(outer);
            return outer;
        }
    }

    private static ParsingEvent? Border(JsonTokenType token, Mark mark) => token switch
    {
        JsonTokenType.StartObject => new MappingStart(NoAnchor, NoTag, true, MappingStyle.Flow, mark, mark),
        JsonTokenType.StartArray => new SequenceStart(NoAnchor, NoTag, true, SequenceStyle.Flow, mark, mark),
        JsonTokenType.EndObject => new MappingEnd(mark, mark),
        JsonTokenType.EndArray => new SequenceEnd(mark, mark),
        _ => null,
    };

    private static string? TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName
                ? reader.GetString()!
                : System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    // As the format's schema has it, since texts and numbers must not be mixed up; null where the
    // token is what it must be.
    private static string? Wanted(string name, JsonTokenType token) => name switch
    {
        "length" or "occurrences" or "cliff_installment" =>
            token == JsonTokenType.Number ? null : "a number, without quotes",
        "remainder" => token is JsonTokenType.True or JsonTokenType.False ? null : "true or false, without quotes",
        "numerator" or "denominator" => token == JsonTokenType.String ? null : "a number in quotes, as \"12\"",
        "quantity" => token == JsonTokenType.String ? null : "a number in quotes, as \"1000\"",
        _ => token == JsonTokenType.String ? null : "a text in quotes",
    };

    private static YamlError At(Mark mark, string reason, string key = "") =>
        new((int)mark.Line, (int)mark.Column, key, reason);

    private struct Place()
    {
        private int _at;
        private int _line = 1;
        private int _column = 1;

        public Mark MoveTo(ReadOnlySpan<byte> text, int index)
        {
            for (; _at < index; _at++)
            {
                if (text[_at] == '\n') (_line, _column) = (_line + 1, 1);
                else if ((text[_at] & 0xC0) != 0x80) _column++;
            }

            return new Mark(index, _line, _column);
        }
    }

    private sealed class Replay(List<ParsingEvent> events) : IParser
    {
        private int _at = -1;

        public ParsingEvent? Current => _at >= 0 && _at < events.Count ? events[_at] : null;

        public bool MoveNext() => ++_at < events.Count;
    }
}
