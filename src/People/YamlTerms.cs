using Guerdon.Kernel;

namespace Guerdon.People;

/// <summary>What several of a company's files state alike.</summary>
public static class YamlTerms
{
    /// <summary>The zone that <c>time_zone</c> names; UTC where it names none or a wrong one, which is noted.</summary>
    public static TimeZoneInfo ZoneOf(YamlMap map)
    {
        var text = map.Text("time_zone", required: false);
        if (text is null) return TimeZoneInfo.Utc;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(text, out var zone) && (text == "UTC" || text.Contains('/')))
            return zone;

        map.WrongAt("time_zone", $"is '{text}', not a name of the IANA list, such as Europe/Berlin.");
        return TimeZoneInfo.Utc;
    }

    /// <summary>Nano-USD of one unit, by currency. What is wrong is noted.</summary>
    public static Dictionary<string, long> RatesOf(YamlMap map)
    {
        var rates = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var currency in map.Keys)
        {
            var rate = map.Value(currency, "what one unit is worth in USD, such as 1.08, with at most nine decimals",
                text => Amount(text, 1_000_000));
            if (!Codes.IsCurrency(currency)) map.WrongAt(currency, "is not a currency of ISO 4217, such as EUR.");
            else if (currency == "USD") map.WrongAt(currency, "needs no rate.");
            else if (rate is { } nanos) rates[currency] = nanos;
        }

        return rates;
    }

    /// <summary>One of a few words; null: another.</summary>
    public static T? Choice<T>(string text, params ReadOnlySpan<(string Name, T Value)> choices) where T : struct
    {
        foreach (var (name, value) in choices)
            if (name == text) return value;

        return null;
    }

    /// <summary>Nano-USD, above 0; null: it is not such an amount.</summary>
    /// <param name="text">With at most nine decimals.</param>
    /// <param name="mostUsd">The most, in dollars.</param>
    public static long? Amount(string text, long mostUsd) =>
        Decimals.TryParse(text, 9, out var nanos) && nanos > 0 && nanos <= mostUsd * Usd.Dollar ? nanos : null;
}
