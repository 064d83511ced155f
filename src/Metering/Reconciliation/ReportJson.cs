using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Guerdon.Metering.Reconciliation;

/// <summary>A value of a JSON file that knows where it stands, so that what is wrong with it can be said.</summary>
internal sealed class ReportJson
{
    private const int MaxDepth = 20;

    private ReportJson(JsonTokenType kind, string path, int line, string text)
    {
        (Kind, Path, Line, Text) = (kind, path, line, text);
    }

    public JsonTokenType Kind { get; }

    /// <summary>As <c>data[0].results[2].model</c>; empty for the whole document.</summary>
    public string Path { get; }

    /// <summary>1-based.</summary>
    public int Line { get; }

    /// <summary>Of a string what it says, of a number its digits as they stand; else empty.</summary>
    public string Text { get; }

    public Dictionary<string, ReportJson> Members { get; } = new(StringComparer.Ordinal);

    public List<ReportJson> Items { get; } = [];

    public bool IsNull => Kind == JsonTokenType.Null;

    public bool Has(string name, [NotNullWhen(true)] out ReportJson? member) =>
        Members.TryGetValue(name, out member) && !member.IsNull;

    /// <summary>All documents of a text: pages of a report may follow one another.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static IReadOnlyList<ReportJson> Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
        var reader = new Utf8JsonReader(
            utf8, new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = MaxDepth });
        var lines = new Lines();
        var documents = new List<ReportJson>();
        while (reader.Read()) documents.Add(Value(ref reader, utf8, "", ref lines));
        return documents;
    }

    private static ReportJson Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, string path, ref Lines lines)
    {
        var text = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            _ => "",
        };
        var value = new ReportJson(reader.TokenType, path, lines.At(utf8, (int)reader.TokenStartIndex), text);
        if (value.Kind == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                var name = reader.GetString()!;
                reader.Read();
                value.Members[name] = Value(ref reader, utf8, path.Length == 0 ? name : $"{path}.{name}", ref lines);
            }
        }
        else if (value.Kind == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                value.Items.Add(Value(ref reader, utf8, $"{path}[{value.Items.Count}]", ref lines));
        }

        return value;
    }

    private struct Lines
    {
        private int _passed;
        private int _breaks;

        public int At(ReadOnlySpan<byte> utf8, int index)
        {
            _breaks += utf8[_passed..index].Count((byte)'\n');
            _passed = index;
            return _breaks + 1;
        }
    }
}
