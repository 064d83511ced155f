using System.Text.Json;

namespace Stipend.Gateway;

/// <summary>Reads Gemini's <c>usageMetadata</c>: running totals, in which a count of zero is left out.</summary>
internal static class GeminiUsage
{
    /// <summary>Reads the account at the end of a whole answer.</summary>
    public static void ReadFinal(ref Utf8JsonReader json, ref UsageReading reading)
    {
        Read(ref json, ref reading);
        reading.HasOutput = reading.HasInput;
    }

    /// <summary>Reads the object that <paramref name="json"/> stands on, to its last token.</summary>
    public static void Read(ref Utf8JsonReader json, ref UsageReading reading)
    {
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
            else
            {
                json.Read();
                json.Skip();
            }
        }

        reading.Output = reading.Candidates + reading.Reasoning;
    }
}
