namespace Stipend.Pricing;

/// <summary>What a list would change in the book.</summary>
/// <param name="Lines">New and changed prices, by model.</param>
/// <param name="Unchanged">Models that the book prices so already.</param>
internal sealed record PriceDiff(IReadOnlyList<PriceDiff.Line> Lines, int Unchanged)
{
    /// <param name="Was">The book's row; null for a model that has none.</param>
    /// <param name="Becomes">As the list has it, without id and date.</param>
    /// <param name="Outliers">Why to look again.</param>
    public sealed record Line(Price? Was, Price Becomes, IReadOnlyList<string> Outliers);

    /// <param name="listed">The list's prices, each model once.</param>
    /// <param name="book">The book's current prices, each model once.</param>
    public static PriceDiff Of(IReadOnlyList<Price> listed, IReadOnlyList<Price> book)
    {
        var current = book.ToDictionary(p => p.Model, StringComparer.Ordinal);
        var coming = listed.ToDictionary(p => p.Model, StringComparer.Ordinal);
        var lines = new List<Line>();
        foreach (var price in listed)
        {
            var was = current.GetValueOrDefault(price.Model);
            if (IsSaid(price, was ?? Undated(price.Model, coming, current))) continue;
            lines.Add(new Line(was, price, OutlierRules.Check(price, was, book)));
        }

        return new PriceDiff(lines, listed.Count - lines.Count);
    }

    // A dated name without a row finds the undated one: it needs a row only where its price is another.
    private static Price? Undated(string model, Dictionary<string, Price> coming, Dictionary<string, Price> current)
    {
        var name = PriceSnapshot.Undated(model).ToString();
        return name == model ? null : coming.GetValueOrDefault(name) ?? current.GetValueOrDefault(name);
    }

    private static bool IsSaid(Price price, Price? by) => by is not null && PriceChanges.AreSame(price, by);
}
