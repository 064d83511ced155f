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

    private enum Field { None, Prompt, Cached, Tools, Candidates, Thoughts, All }

    private static readonly (byte[] Name, Field Field)[] Counts =
    [
        ("promptTokenCount"u8.ToArray(), Field.Prompt), ("cachedContentTokenCount"u8.ToArray(), Field.Cached),
        ("toolUsePromptTokenCount"u8.ToArray(), Field.Tools), ("candidatesTokenCount"u8.ToArray(), Field.Candidates),
        ("thoughtsTokenCount"u8.ToArray(), Field.Thoughts), ("totalTokenCount"u8.ToArray(), Field.All),
    ];

    /// <summary>Reads the object that <paramref name="json"/> stands on, to its last token.</summary>
    public static void Read(ref Utf8JsonReader json, ref UsageReading reading)
    {
        long all = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var field = FieldAt(json);
            if (field == Field.None) ReadParts(ref json, ref reading);
            else if (!UsageJson.Count(ref json, out var count)) continue;
            else if (field == Field.All) all = count;
            else Set(field, count, ref reading);
        }

        reading.Output = reading.Candidates + reading.Reasoning;
        var known = reading.Input + reading.ToolInput + reading.Output;
        if (reading.HasInput && all > known) reading.Note(Doubts.UnknownUsage, "totalTokenCount", all - known);
    }

    private static Field FieldAt(in Utf8JsonReader json)
    {
        foreach (var (name, field) in Counts)
            if (json.ValueTextEquals(name)) return field;
        return Field.None;
    }

    private static void Set(Field field, long count, ref UsageReading reading)
    {
        switch (field)
        {
            case Field.Prompt: (reading.Input, reading.HasInput) = (count, true); break;
            case Field.Cached: reading.CacheRead = count; break;
            case Field.Tools: reading.ToolInput = count; break;
            case Field.Candidates: reading.Candidates = count; break;
            case Field.Thoughts: reading.Reasoning = count; break;
        }
    }

    private static void ReadParts(ref Utf8JsonReader json, ref UsageReading reading)
    {
        if (json.ValueTextEquals("promptTokensDetails"u8)) ReadDetails(ref json, ref reading, isOutput: false);
        else if (json.ValueTextEquals("candidatesTokensDetails"u8)) ReadDetails(ref json, ref reading, isOutput: true);
        else ReadOther(ref json, ref reading);
    }

    private static void ReadOther(ref Utf8JsonReader json, ref UsageReading reading)
    {
        // They are skipped, because they are parts by kind of what is counted already.
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

    // A list of modalities and their counts. Film and documents count as text, since no list prices them apart.
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
