using Guerdon.Pricing.Costing;
using Guerdon.Pricing.PriceImports;

namespace Guerdon.Pricing.Book;

/// <summary>The dated price list that ships with Guerdon: list prices in USD per million tokens, as facts.</summary>
internal static class PriceList
{
    /// <summary>The first instant at which the list's prices hold.</summary>
    public static readonly DateTimeOffset EffectiveFrom = new(2026, 9, 22, 0, 0, 0, TimeSpan.Zero);

    private const string Resource = "Pricing/Book/list-2026-09-22.csv";

    /// <summary>The shipped list; each row with a new id.</summary>
    /// <exception cref="InvalidDataException">The list has an error: a build mistake.</exception>
    public static async Task<IReadOnlyList<Price>> ReadShippedAsync(TimeProvider clock, CancellationToken ct)
    {
        await using var stream = typeof(PriceList).Assembly.GetManifestResourceStream(Resource)
            ?? throw new FileNotFoundException($"No embedded price list at {Resource}.");
        var list = await CsvPrices.ReadAsync(stream, Resource, current: null, ct);
        if (list.Errors is [var first, ..])
            throw new InvalidDataException($"Price list, line {first.Line}: {first.Column} {first.Reason}");

        var now = clock.GetUtcNow();
        return [.. list.Prices.Select(p => p with { Id = Guid.CreateVersion7(now), EffectiveFrom = EffectiveFrom })];
    }
}
