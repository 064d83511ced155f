using System.Text.Json;
using Guerdon.Dialects.Readings;
using Guerdon.Metering.Requests;

namespace Guerdon.Dialects.OpenAi;

/// <summary>
/// Reads OpenAI's <c>usage</c>: chat and embeddings say prompt and completion, responses input and output.
/// </summary>
internal static class OpenAiUsage
{
    /// <summary>Reads the object that <paramref name="json"/> stands on, to its last token. Counts replace those read
    /// before; zeros do not: some servers end a stream with an account of nothing.</summary>
    public static void Read(ref Utf8JsonReader json, ref UsageReading reading)
    {
        long all = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (IsEither(ref json, "prompt_tokens"u8, "input_tokens"u8))
            {
                ReadInput(ref json, ref reading);
            }
            else if (IsEither(ref json, "completion_tokens"u8, "output_tokens"u8))
            {
                ReadOutput(ref json, ref reading);
            }
            else if (IsEither(ref json, "prompt_tokens_details"u8, "input_tokens_details"u8))
            {
                ReadDetails(ref json, ref reading, isOutput: false);
            }
            else if (IsEither(ref json, "completion_tokens_details"u8, "output_tokens_details"u8))
            {
                ReadDetails(ref json, ref reading, isOutput: true);
            }
            else if (json.ValueTextEquals("total_tokens"u8))
            {
                if (UsageJson.Count(ref json, out var total)) all = total;
            }
            else if (json.ValueTextEquals("prompt_cache_hit_tokens"u8)) // DeepSeek's word for cached
            {
                if (UsageJson.Count(ref json, out var hit)) reading.CacheRead = hit;
            }
            else
            {
                ReadOther(ref json, "usage.", ref reading);
            }
        }

        CompareWith(all, ref reading);
    }

    private static bool IsEither(ref Utf8JsonReader json, ReadOnlySpan<byte> ofChat, ReadOnlySpan<byte> ofResponses) =>
        json.ValueTextEquals(ofChat) || json.ValueTextEquals(ofResponses);

    private static void ReadInput(ref Utf8JsonReader json, ref UsageReading reading)
    {
        if (!UsageJson.Count(ref json, out var input)) return;
        if (input > 0 || !reading.HasInput) reading.Input = input;
        reading.HasInput = true;
    }

    private static void ReadOutput(ref Utf8JsonReader json, ref UsageReading reading)
    {
        if (!UsageJson.Count(ref json, out var output)) return;
        if (output > 0 || !reading.CountsOutput) reading.Output = output;
        reading.CountsOutput = true;
    }

    // The total is compared because some servers, xAI's among them, leave reasoning out of the
    // output and put it only there.
    private static void CompareWith(long all, ref UsageReading reading)
    {
        if (reading is not { HasInput: true, CountsOutput: true } || all <= reading.Input + reading.Output) return;
        var beside = all - reading.Input - reading.Output;
        if (beside == reading.Reasoning) reading.Output += beside;
        else reading.Note(Doubts.UnknownUsage, "usage.total_tokens", beside);
    }

    // Not noted, because they are parts of what is counted already, times, or what another
    // gateway says that it charges.
    private static readonly byte[][] Uncharged =
    [
        .. new[]
        {
            "prompt_cache_miss_tokens", "text_tokens", "accepted_prediction_tokens", "rejected_prediction_tokens",
            "queue_time", "prompt_time", "completion_time", "total_time", "cost", "cost_details",
        }.Select(System.Text.Encoding.UTF8.GetBytes),
    ];

    private static void ReadOther(ref Utf8JsonReader json, string path, ref UsageReading reading)
    {
        foreach (var name in Uncharged)
        {
            if (!json.ValueTextEquals(name)) continue;
            json.Read();
            json.Skip();
            return;
        }

        UnknownNumbers.Note(ref json, Doubts.UnknownUsage, path, ref reading);
    }

    private static void ReadDetails(ref Utf8JsonReader json, ref UsageReading reading, bool isOutput)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject) return;
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
                ReadOther(ref json, isOutput ? "usage.output." : "usage.input.", ref reading);
            }
        }
    }
}
