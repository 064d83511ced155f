using System.Text.Encodings.Web;
using System.Text.Json;

namespace Guerdon.Dialects.Calls;

/// <summary>Small JSON of the gateway's own: errors, and the events that they are sent in.</summary>
internal static class WrittenJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Of(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream(512);
        using (var json = new Utf8JsonWriter(stream, Options)) write(json);
        return stream.ToArray();
    }

    public static byte[] Between(ReadOnlySpan<byte> before, ReadOnlySpan<byte> json, ReadOnlySpan<byte> after) =>
        [.. before, .. json, .. after];
}
