using System.Text.Json;

namespace Guerdon.Sandbox.Wire;

/// <summary>Lenient reading: a property that is absent or of another kind reads as nothing.</summary>
internal static class JsonRead
{
    public static JsonElement Get(this JsonElement parent, string name) =>
        parent.ValueKind is JsonValueKind.Object && parent.TryGetProperty(name, out var value) ? value : default;

    public static string? Text(this JsonElement parent, string name) =>
        parent.Get(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static bool Is(this JsonElement parent, string name, ReadOnlySpan<byte> text) =>
        parent.Get(name) is { ValueKind: JsonValueKind.String } value && value.ValueEquals(text);

    public static bool Flag(this JsonElement parent, string name) => parent.Get(name).ValueKind is JsonValueKind.True;

    public static bool IsSet(this JsonElement value) =>
        value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    public static JsonElement.ArrayEnumerator Items(this JsonElement value) =>
        value.ValueKind is JsonValueKind.Array ? value.EnumerateArray() : default;
}
