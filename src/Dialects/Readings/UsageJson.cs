using System.Text.Json;

namespace Guerdon.Dialects.Readings;

internal static class UsageJson
{
    private const long MostTokens = 1_000_000_000_000; // beyond any model, and far from overflow when summed and priced

    /// <summary>Moves to the value and reads a count. False where it is null, negative, absurd or no number.</summary>
    public static bool Count(ref Utf8JsonReader json, out long count)
    {
        count = 0;
        json.Read();
        if (json.TokenType != JsonTokenType.Number)
        {
            json.Skip();
            return false;
        }

        // Between two counts it is the larger one, because some servers write 12.0.
        if (!json.TryGetInt64(out count))
        {
            if (!json.TryGetDecimal(out var number) || Math.Abs(number) > MostTokens) return false;
            count = (long)Math.Ceiling(number);
        }

        return count is >= 0 and <= MostTokens;
    }
}
