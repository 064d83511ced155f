using System.Text.Json;
using Guerdon.Sandbox.Prompts;
using Guerdon.Sandbox.Replies;
using Guerdon.Sandbox.Wire;

namespace Guerdon.Sandbox.Answers;

/// <summary>A small value that fits a JSON schema, for tool arguments.</summary>
internal static class SchemaSample
{
    private const int MaxDepth = 8;
    private static readonly string[] Words = ["alpha", "north", "report", "sample", "draft", "seven", "harbour"];

    public static byte[] Of(JsonElement schema, ulong seed)
    {
        using var bytes = new PooledBytes(256);
        using var json = new Utf8JsonWriter(bytes, JsonReply.WriterOptions);
        var draw = new Draw(seed);
        if (schema.ValueKind is JsonValueKind.Object) Write(json, schema, ref draw, 0);
        else json.WriteRawValue("{}"u8);
        json.Flush();
        return bytes.Span.ToArray();
    }

    private static void Write(Utf8JsonWriter json, JsonElement schema, ref Draw draw, int depth)
    {
        var fixedValue = FirstSet(schema.Get("const"), First(schema.Get("enum")));
        var branch = FirstSet(First(schema.Get("anyOf")), First(schema.Get("oneOf")));
        if (fixedValue.IsSet()) fixedValue.WriteTo(json);
        else if (branch.ValueKind is JsonValueKind.Object && depth < MaxDepth) Write(json, branch, ref draw, depth + 1);
        else WriteTyped(json, schema, ref draw, depth);
    }

    private static void WriteTyped(Utf8JsonWriter json, JsonElement schema, ref Draw draw, int depth)
    {
        var type = schema.Get("type");
        if (type.ValueKind is JsonValueKind.Array) type = First(type);
        var name = type.ValueKind is JsonValueKind.String ? type.GetString() : "object";
        if (depth >= MaxDepth) json.WriteNullValue();
        else if (name is "object" or "OBJECT") WriteObject(json, schema, ref draw, depth); // Gemini's are in capitals
        else if (name is "array" or "ARRAY") WriteArray(json, schema, ref draw, depth);
        else if (name is "integer" or "number" or "INTEGER" or "NUMBER") WriteNumber(json, schema);
        else if (name is "boolean" or "BOOLEAN") json.WriteBooleanValue(true);
        else if (name is "null" or "NULL") json.WriteNullValue();
        else json.WriteStringValue(Words[draw.Below(Words.Length)]);
    }

    private static void WriteObject(Utf8JsonWriter json, JsonElement schema, ref Draw draw, int depth)
    {
        json.WriteStartObject();
        var properties = schema.Get("properties");
        foreach (var required in schema.Get("required").Items())
        {
            if (required.ValueKind is not JsonValueKind.String) continue;
            var name = required.GetString()!;
            json.WritePropertyName(name);
            Write(json, properties.Get(name), ref draw, depth + 1);
        }
        json.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter json, JsonElement schema, ref Draw draw, int depth)
    {
        json.WriteStartArray();
        if (schema.Get("items") is { ValueKind: JsonValueKind.Object } items) Write(json, items, ref draw, depth + 1);
        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, JsonElement schema)
    {
        if (schema.Get("minimum") is { ValueKind: JsonValueKind.Number } minimum) minimum.WriteTo(json);
        else json.WriteNumberValue(1);
    }

    private static JsonElement FirstSet(JsonElement one, JsonElement other) => one.IsSet() ? one : other;

    private static JsonElement First(JsonElement array)
    {
        foreach (var item in array.Items()) return item;
        return default;
    }
}
