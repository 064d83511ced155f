using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Guerdon.Kernel;

/// <summary>An id that people see as <c>prefix_32hex</c> and PostgreSQL sees as <c>uuid</c>.</summary>
public interface IId<TSelf> where TSelf : struct, IId<TSelf>
{
    static abstract string Prefix { get; }
    static abstract TSelf From(Guid value);
    Guid Value { get; }
}

/// <summary>Making, writing and reading ids: <c>wal_</c> and the like before 32 hexadecimal digits.</summary>
public static class Id
{
    /// <summary>A new id whose first 48 bits are the clock's milliseconds.</summary>
    // Version 7 sorts by time, so that new rows fill an index from the right.
    public static T New<T>(TimeProvider clock) where T : struct, IId<T> =>
        T.From(Guid.CreateVersion7(clock.GetUtcNow()));

    public static string Format<T>(T id) where T : struct, IId<T> => $"{T.Prefix}_{id.Value:N}";

    public static bool TryParse<T>([NotNullWhen(true)] string? text, out T id) where T : struct, IId<T>
    {
        id = default;
        if (text is null || !text.StartsWith(T.Prefix + "_", StringComparison.Ordinal)) return false;
        if (!Guid.TryParseExact(text.AsSpan(T.Prefix.Length + 1), "N", out var value)) return false;

        id = T.From(value);
        return true;
    }
}

/// <summary>Writes an id as <c>prefix_32hex</c> in JSON, and reads nothing else.</summary>
public sealed class IdConverter<T> : JsonConverter<T> where T : struct, IId<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Id.TryParse<T>(reader.GetString(), out var id)
            ? id
            : throw new JsonException($"Expected {T.Prefix}_ and 32 hex digits.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Id.Format(value));
}
