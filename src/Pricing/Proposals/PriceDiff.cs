using Guerdon.Pricing.Costing;

namespace Guerdon.Pricing.Proposals;

/// <summary>What a list would change in the book.</summary>
/// <param name="Lines">New and changed prices, by model.</param>
/// <param name="Unchanged">Models that the book prices so already.</param>
internal sealed record PriceDiff(IReadOnlyList<PriceDiff.Line> Lines, int Unchanged)
{
    /// <param name="Was">The book's row; null for a model that has none.</param>
    /// <param name="Becomes">As the list has it, without id and date.</param>
    /// <param name="Outliers">Why to look again.</param>
    public sealed record Line(Price? Was, Price Becomes, IReadOnlyList<string> Outliers);

    /// <param name="listed">The list's prices, each model and tier once.</param>
    /// <param name="book">The book's current prices, each model and tier once.</param>
    public static PriceDiff Of(IReadOnlyList<Price> listed, IReadOnlyList<Price> book)
    {
        var current = book.ToDictionary(KeyOf);
        var coming = listed.ToDictionary(KeyOf);
        var usual = book.Where(price => price.ServiceTier == ServiceTier.Standard).ToList();
        var lines = new List<Line>();
        foreach (var price in listed)
        {
            var was = current.GetValueOrDefault(KeyOf(price));
            // A dated name needs a row of its own even at the undated price, since without one
            // its calls are provisional.
            if (was is not null && PriceChanges.AreSame(price, was)) continue;

            var standard = (price.Model, ServiceTier.Standard);
            var beside = price.ServiceTier == ServiceTier.Standard ? null
                : coming.GetValueOrDefault(standard) ?? current.GetValueOrDefault(standard);
            lines.Add(new Line(was, price, OutlierRules.Check(price, was, usual, beside)));
        }

        return new PriceDiff(lines, listed.Count - lines.Count);
    }

    private static (string, ServiceTier) KeyOf(Price price) => (price.Model, price.ServiceTier);
}
