using System.Runtime.InteropServices;
using System.Text.Json;
using Guerdon.Sandbox.Answers;
using Guerdon.Sandbox.Prompts;
using Guerdon.Sandbox.Replies;
using Guerdon.Sandbox.State;
using Guerdon.Sandbox.Wire;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Sandbox.OpenAi;

/// <summary>POST /v1/embeddings: unit vectors of hashed words, so texts that share words are near each other.</summary>
internal static class Embeddings
{
    private const int MaxInputs = 2_048;
    private const int MaxDimensions = 3_072;
    private const int SmallDimensions = 1_536;
    private const int PlacesPerWord = 8;

    public static Fault? Read(Ask ask)
    {
        var input = ask.Root.Get("input");
        if (input.ValueKind is not (JsonValueKind.String or JsonValueKind.Array))
            return Fault.Invalid("Missing required parameter: 'input'.", "input");
        if (input.ValueKind is JsonValueKind.Array && input.GetArrayLength() is < 1 or > MaxInputs)
            return Fault.Invalid($"Invalid 'input': expected 1 to {MaxInputs} items.", "input");
        if (Dimensions(ask) is < 1 or > MaxDimensions)
            return Fault.Invalid($"Invalid 'dimensions': expected 1 to {MaxDimensions}.", "dimensions");
        foreach (var text in Inputs(input))
        {
            if (text.ValueKind is JsonValueKind.Array) ask.Prompt.AddTokenIds(text);
            else ask.Prompt.AddText(text);
        }
        ask.Prompt.MarkUser(0);
        return null;
    }

    public static Task Answer(HttpContext http, SandboxState state, Ask ask) =>
        JsonReply.Send(http, 200, ask.Directives, ask, Write);

    private static void Write(Utf8JsonWriter json, Ask ask)
    {
        var base64 = ask.Root.Is("encoding_format", "base64"u8);
        var vector = new float[Dimensions(ask)];
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        var index = 0;
        foreach (var text in Inputs(ask.Root.Get("input")))
        {
            Embed(JsonMarshal.GetRawUtf8Value(text), vector);
            json.WriteStartObject();
            json.WriteString("object"u8, "embedding"u8);
            json.WriteNumber("index"u8, index++);
            WriteVector(json, vector, base64);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("model"u8, ask.Model);
        WriteUsage(json, ask);
        json.WriteEndObject();
    }

    private static void WriteVector(Utf8JsonWriter json, float[] vector, bool base64)
    {
        if (base64)
        {
            // Little-endian floats, as the API has them. They are not converted, since every machine that .NET 10 runs
            // on is little-endian.
            json.WriteBase64String("embedding"u8, MemoryMarshal.AsBytes(vector.AsSpan()));
            return;
        }
        json.WriteStartArray("embedding"u8);
        foreach (var value in vector) json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static void WriteUsage(Utf8JsonWriter json, Ask ask)
    {
        if (ask.Directives.NoUsage) return;
        if (ask.Directives.NullUsage)
        {
            json.WriteNull("usage"u8);
            return;
        }
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, ask.Prompt.Tokens);
        json.WriteNumber("total_tokens"u8, ask.Prompt.Tokens);
        json.WriteEndObject();
    }

    /// <summary>Fills a unit vector: each word adds or takes away one at a few places that its hash picks.</summary>
    private static void Embed(ReadOnlySpan<byte> text, float[] vector)
    {
        Array.Clear(vector);
        foreach (var range in text.SplitAny(" \"\t,.;:!?[]\\"u8))
        {
            var word = text[range];
            if (word.IsEmpty) continue;
            var draw = new Draw(Seed.Of(word, Seed.Start));
            for (var i = 0; i < PlacesPerWord; i++)
                vector[draw.Below(vector.Length)] += (draw.Next() & 1) == 0 ? 1 : -1;
        }
        var length = MathF.Sqrt(vector.Sum(value => value * value));
        if (length == 0) (vector[0], length) = (1, 1);
        for (var i = 0; i < vector.Length; i++) vector[i] /= length;
    }

    private static int Dimensions(Ask ask)
    {
        if (ask.Root.Get("dimensions") is { ValueKind: JsonValueKind.Number } wanted)
            return wanted.TryGetInt32(out var dimensions) ? dimensions : 0;
        return ask.Model == "text-embedding-3-large" ? MaxDimensions : SmallDimensions;
    }

    /// <summary>One text, many texts, or the tokens of one text: always as a run of inputs.</summary>
    private static JsonElement[] Inputs(JsonElement input)
    {
        var isOne = input.ValueKind is JsonValueKind.String || input[0].ValueKind is JsonValueKind.Number;
        return isOne ? [input] : [.. input.EnumerateArray()];
    }
}
