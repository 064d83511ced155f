using System.Text.Json;

namespace Stipend.Gateway;

/// <summary>
/// Reads OpenAI's <c>usage</c>: chat and embeddings say prompt and completion, responses input and output.
/// </summary>
internal static class OpenAiUsage
{
    /// <summary>Reads the object that <paramref name="json"/> stands on, to its last token.</summary>
    public static void Read(ref Utf8JsonReader json, ref UsageReading reading)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("prompt_tokens"u8) || json.ValueTextEquals("input_tokens"u8))
            {
                if (!UsageJson.Count(ref json, out var input)) continue;
                reading.Input = input;
                reading.HasInput = true;
            }
            else if (json.ValueTextEquals("completion_tokens"u8) || json.ValueTextEquals("output_tokens"u8))
            {
                if (!UsageJson.Count(ref json, out var output)) continue;
                reading.Output = output;
                reading.HasOutput = true;
            }
            else if (json.ValueTextEquals("prompt_tokens_details"u8) || json.ValueTextEquals("input_tokens_details"u8))
            {
                json.Read();
                if (json.TokenType == JsonTokenType.StartObject) ReadDetails(ref json, ref reading, isOutput: false);
            }
            else if (json.ValueTextEquals("completion_tokens_details"u8)
                || json.ValueTextEquals("output_tokens_details"u8))
            {
                json.Read();
                if (json.TokenType == JsonTokenType.StartObject) ReadDetails(ref json, ref reading, isOutput: true);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }

    private static void ReadDetails(ref Utf8JsonReader json, ref UsageReading reading, bool isOutput)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("cached_tokens"u8))
            {
                if (UsageJson.Count(ref json, out var cached)) reading.CacheRead = cached;
            }
            else if (json.ValueTextEquals("cache_write_tokens"u8))
            {
                if (UsageJson.Count(ref json, out var written)) reading.CacheWrite = written;
            }
            else if (json.ValueTextEquals("reasoning_tokens"u8))
            {
                if (UsageJson.Count(ref json, out var reasoning)) reading.Reasoning = reasoning;
            }
            else if (json.ValueTextEquals("audio_tokens"u8))
            {
                if (UsageJson.Count(ref json, out var audio)) reading.SetMedia(isOutput, audio: audio);
            }
            else if (json.ValueTextEquals("image_tokens"u8))
            {
                if (UsageJson.Count(ref json, out var image)) reading.SetMedia(isOutput, image: image);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }
}
