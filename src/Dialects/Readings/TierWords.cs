using System.Text.Json;
using Guerdon.Pricing.Costing;

namespace Guerdon.Dialects.Readings;

/// <summary>Providers' words for how they served a call.</summary>
internal static class TierWords
{
    private static readonly (byte[] Word, ServiceTier Tier)[] Known =
    [
        ("default"u8.ToArray(), ServiceTier.Standard), ("standard"u8.ToArray(), ServiceTier.Standard),
        ("ON_DEMAND"u8.ToArray(), ServiceTier.Standard), // Gemini's traffic type
        ("flex"u8.ToArray(), ServiceTier.Flex), ("ON_DEMAND_FLEX"u8.ToArray(), ServiceTier.Flex),
        ("priority"u8.ToArray(), ServiceTier.Priority), ("ON_DEMAND_PRIORITY"u8.ToArray(), ServiceTier.Priority),
        ("batch"u8.ToArray(), ServiceTier.Batch), ("fast"u8.ToArray(), ServiceTier.Fast),
    ];

    /// <summary>Takes the word that the reader stands on: a tier, or a mark where it is none that is known.</summary>
    public static void Take(ref Utf8JsonReader json, ref UsageReading reading)
    {
        if (json.TokenType != JsonTokenType.String) return;
        foreach (var (word, tier) in Known)
        {
            if (!json.ValueTextEquals(word)) continue;
            if (reading.Tier != ServiceTier.Fast || tier != ServiceTier.Standard) reading.Tier = tier;
            return;
        }

        // It says nothing, since it is echoed before it is decided, or left blank.
        if (json.ValueTextEquals("auto"u8) || json.ValueTextEquals(""u8)) return;
        reading.NoteTier(AnswerNotes.TextOf(ref json));
    }
}
