using CsvHelper;
using Stipend.Kernel;

namespace Stipend.Pricing;

/// <summary>The dated price list that ships with Stipend: list prices in USD per million tokens, as facts.</summary>
internal static class PriceList
{
    /// <summary>The first instant at which the list's prices hold.</summary>
    public static readonly DateTimeOffset EffectiveFrom = new(2026, 9, 22, 0, 0, 0, TimeSpan.Zero);

    private const string Resource = "Pricing/Book/list-2026-09-22.csv";
    private const int NanoScale = 9;

    /// <summary>The shipped list; each row with a new id.</summary>
    public static IReadOnlyList<Price> ReadShipped(TimeProvider clock)
    {
        using var stream = typeof(PriceList).Assembly.GetManifestResourceStream(Resource)
            ?? throw new FileNotFoundException($"No embedded price list at {Resource}.");
        return Read(stream, EffectiveFrom, clock);
    }

    /// <summary>
    /// Reads a list. What it leaves blank is never free: cached input and cache writes cost as much as input (an hour's
    /// write as much as a five-minute one), and a model without an output cap may fill its window.
    /// </summary>
    /// <exception cref="InvalidDataException">A cell is no exact decimal; the message names line and
    /// column.</exception>
    public static IReadOnlyList<Price> Read(Stream text, DateTimeOffset effectiveFrom, TimeProvider clock)
    {
        using var csv = CsvReader.Create(text, new CsvReaderOptions
        {
            Separator = ',', TrackLineNumbers = true, MalformedData = CsvMalformedDataHandling.Throw,
        });
        var prices = new List<Price>();
        while (csv.Read()) prices.Add(Row(csv, effectiveFrom, clock));
        return prices;
    }

    private static Price Row(CsvReader csv, DateTimeOffset effectiveFrom, TimeProvider clock)
    {
        var input = Required(csv, "input", NanoScale);
        var write5m = Number(csv, "cache_write_5m", NanoScale) ?? input;
        var rates = new Rates(
            input,
            Number(csv, "cached_input", NanoScale) ?? input,
            write5m,
            Number(csv, "cache_write_1h", NanoScale) ?? write5m,
            Required(csv, "output", NanoScale));
        var tierOver = Number(csv, "tier_over", 0);
        var context = Required(csv, "context_tokens", 0);

        return new Price(
            Guid.CreateVersion7(clock.GetUtcNow()), csv.GetString("model"), csv.GetString("provider"), effectiveFrom,
            rates, tierOver, tierOver is null ? null : Tier(csv, rates), context,
            Number(csv, "max_output_tokens", 0) ?? context, new Usd(Number(csv, "per_request", NanoScale) ?? 0),
            csv.GetString("source"));
    }

    // Lists rarely price cache writes above the threshold. They rise there as input does, so a blank follows input.
    private static Rates Tier(CsvReader csv, Rates below)
    {
        var input = Required(csv, "tier_input", NanoScale);
        // Rounded up: a doubt is never to our cost.
        long Follow(long rate) => below.Input == 0
            ? Math.Max(rate, input)
            : checked((long)(((Int128)rate * input + below.Input - 1) / below.Input));

        return new Rates(
            input,
            Number(csv, "tier_cached_input", NanoScale) ?? input,
            Number(csv, "tier_cache_write_5m", NanoScale) ?? Follow(below.CacheWrite5m),
            Number(csv, "tier_cache_write_1h", NanoScale) ?? Follow(below.CacheWrite1h),
            Required(csv, "tier_output", NanoScale));
    }

    private static long Required(CsvReader csv, string column, int scale) =>
        Number(csv, column, scale) ?? throw Wrong(csv, column, "is blank");

    private static long? Number(CsvReader csv, string column, int scale)
    {
        var cell = csv.GetString(column);
        if (cell.Length == 0) return null;
        if (Decimals.TryParse(cell, scale, out var value) && value >= 0) return value;

        throw Wrong(csv, column, $"is '{cell}', not a decimal from 0 with at most {scale} decimals");
    }

    private static InvalidDataException Wrong(CsvReader csv, string column, string reason) =>
        new($"Price list, line {csv.LineNumber}: {column} {reason}.");
}
