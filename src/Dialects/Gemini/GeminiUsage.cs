using System.Text.Json;
using Guerdon.Dialects.Readings;
using Guerdon.Metering.Requests;

namespace Guerdon.Dialects.Gemini;

/// <summary>Reads Gemini's <c>usageMetadata</c>: running totals, in which a count of zero is left out.</summary>
internal static class GeminiUsage
{
    /// <summary>Reads the account at the end of a whole answer.</summary>
    public static void ReadFinal(ref Utf8JsonReader json, ref UsageReading reading)
    {
        Read(ref json, ref reading);
        reading.CountsOutput = reading.HasInput;
    }

    /// <summary>Reads the object that <paramref name="json"/> stands on, to its last token.</summary>
    public static void Read(ref Utf8JsonReader json, ref UsageReading reading)
    {
        long all = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("promptTokenCount"u8))
            {
                if (!UsageJson.Count(ref json, out var prompt)) continue;
                reading.Input = prompt;
                reading.HasInput = true;
            }
            else if (json.ValueTextEquals("cachedContentTokenCount"u8))
            {
                if (UsageJson.Count(ref json, out var cached)) reading.CacheRead = cached;
            }
            else if (json.ValueTextEquals("toolUsePromptTokenCount"u8))
            {
                if (UsageJson.Count(ref json, out var tools)) reading.ToolInput = tools;
            }
            else if (json.ValueTextEquals("candidatesTokenCount"u8))
            {
                if (UsageJson.Count(ref json, out var candidates)) reading.Candidates = candidates;
            }
            else if (json.ValueTextEquals("thoughtsTokenCount"u8))
            {
                if (UsageJson.Count(ref json, out var thoughts)) reading.Reasoning = thoughts;
            }
            else if (json.ValueTextEquals("promptTokensDetails"u8)) ReadDetails(ref json, ref reading, isOutput: false);
            else if (json.ValueTextEquals("candidatesTokensDetails"u8))
            {
                ReadDetails(ref json, ref reading, isOutput: true);
            }
            else if (json.ValueTextEquals("totalTokenCount"u8))
            {
                if (UsageJson.Count(ref json, out var total)) all = total;
            }
            else ReadOther(ref json, ref reading);
        }

        reading.Output = reading.Candidates + reading.Reasoning;
        var known = reading.Input + reading.ToolInput + reading.Output;
        if (reading.HasInput && all > known) reading.Note(Doubts.UnknownUsage, "totalTokenCount", all - known);
    }

    private static void ReadOther(ref Utf8JsonReader json, ref UsageReading reading)
    {
        // Parts of what is counted already, by kind.
        var isPart = json.ValueTextEquals("cacheTokensDetails"u8)
            || json.ValueTextEquals("toolUsePromptTokensDetails"u8);
        var isTier = json.ValueTextEquals("trafficType"u8) || json.ValueTextEquals("serviceTier"u8);
        if (!isPart && !isTier)
        {
            UnknownNumbers.Note(ref json, Doubts.UnknownUsage, "usageMetadata.", ref reading);
            return;
        }

        json.Read();
        if (isTier) TierWords.Take(ref json, ref reading);
        json.Skip();
    }

    // A list of modalities and their counts. Film and documents are input like text: no list prices them apart.
    private static void ReadDetails(ref Utf8JsonReader json, ref UsageReading reading, bool isOutput)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }

        long audio = 0, image = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject)
            {
                json.Skip();
                continue;
            }

            var (kind, count) = ReadDetail(ref json);
            if (kind == Modality.Audio) audio = Math.Max(audio, count);
            if (kind == Modality.Image) image = Math.Max(image, count);
        }

        reading.SetMedia(isOutput, audio, image);
    }

    private static (Modality Kind, long Count) ReadDetail(ref Utf8JsonReader json)
    {
        var (kind, tokens) = (Modality.Other, 0L);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("tokenCount"u8))
            {
                if (UsageJson.Count(ref json, out var count)) tokens = count;
                continue;
            }

            var isModality = json.ValueTextEquals("modality"u8);
            json.Read();
            if (isModality && json.TokenType == JsonTokenType.String)
            {
                kind = json.ValueTextEquals("AUDIO"u8) ? Modality.Audio
                    : json.ValueTextEquals("IMAGE"u8) ? Modality.Image : Modality.Other;
            }

            json.Skip();
        }

        return (kind, tokens);
    }

    private enum Modality { Other, Audio, Image }
}
