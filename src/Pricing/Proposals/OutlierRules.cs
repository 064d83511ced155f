using Guerdon.Kernel;
using Guerdon.Pricing.Costing;

namespace Guerdon.Pricing.Proposals;

/// <summary>
/// What makes a price doubtful. Lists are typed by people: a price per million entered as one per token is a million
/// times too much, and everybody who calls the model runs dry at once.
/// </summary>
internal static class OutlierRules
{
    /// <summary>A price may go to this many times, or to one such part, of what it was.</summary>
    private const int MostTimesBefore = 10;

    /// <summary>A new model may cost this many times, or one such part, of the middle of its kind. Wider than for a
    /// known one: a provider's smallest and largest models are 30 times apart, and the mistakes that it is for (cents
    /// for dollars, thousands for millions) are a hundred times and more.</summary>
    private const int MostTimesMedian = 50;

    private const long PerTokenSuspected = 1_000_000_000_000; // 1,000 USD per million; the costliest models take 600
    private const long PerThousandSuspected = 1_000_000_000; // 1 USD a use; the costliest tools take a twentieth
    private const long PerMillionSuspected = 100_000; // 0.0001 USD per million; the cheapest take 20 times that

    /// <summary>Every reason to look again; none where the price is as one would expect.</summary>
    /// <param name="price">As the list has it.</param>
    /// <param name="was">The book's price of this model; null for a new one.</param>
    /// <param name="book">All current prices of standard service, for comparison.</param>
    /// <param name="standard">The model's price for standard service, where this one is for another tier.</param>
    public static IReadOnlyList<string> Check(
        Price price, Price? was, IReadOnlyList<Price> book, Price? standard = null)
    {
        var reasons = new List<string>();
        reasons.AddRange(Units(price));
        reasons.AddRange(FeeUnits(price));
        if (standard is not null) reasons.AddRange(AgainstStandard(price, standard));
        reasons.AddRange(Order(price.Base, "", IsEmbedding(price)));
        if (price.Tier is { } tier)
        {
            reasons.AddRange(Order(tier, "above the threshold ", IsEmbedding(price)));
            if (tier.Input < price.Base.Input || tier.Output < price.Base.Output)
                reasons.Add("a long call is cheaper a token than a short one");
        }

        if (book.Count > 0 && book.All(p => p.Provider != price.Provider))
            reasons.Add($"the book has no other model of the provider '{price.Provider}'");
        if (was is not null && was.Provider != price.Provider)
            reasons.Add($"its provider was '{was.Provider}' and becomes '{price.Provider}'");
        reasons.AddRange(was is null ? Zeros(price).Concat(AgainstMedian(price, book)) : AgainstBefore(price, was));
        return reasons;
    }

    /// <summary>Models that answer with vectors have no output to pay for.</summary>
    private static bool IsEmbedding(Price price) => price.Model.Contains("embed", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Zeros(Price price)
    {
        if (price.Base.Input == 0) yield return "input is free";
        if (price.Base.Output == 0 && !IsEmbedding(price)) yield return "output is free";
        if (price.Base.CachedInput == 0 && price.Base.Input > 0) yield return "cached input is free";
        if (price.Base.CacheWrite5m == 0 && price.Base.Input > 0) yield return "cache writes are free";
        foreach (var (figure, rate) in Media(price))
            if (rate == 0) yield return $"{figure} is free";
    }

    private static IEnumerable<(string Figure, long Rate)> Media(Price price) =>
        from kind in Enum.GetValues<Media>()
        where (kind & price.Base.Priced) != 0
        select (PriceChanges.NameOf(kind), price.Base.Of(kind)!.Value);

    private static IEnumerable<string> Units(Price price)
    {
        foreach (var (figure, rate) in (ReadOnlySpan<(string, long)>)[
            ("input", price.Base.Input), ("output", price.Base.Output), ("training", price.Training ?? 0),
            .. Media(price)])
            if (Unit(figure, rate) is { } reason) return [reason];

        return [];
    }

    private static IEnumerable<string> FeeUnits(Price price) =>
        from fee in PriceChanges.FeesOf(price)
        where fee.Value >= PerThousandSuspected
        select $"{fee.Figure} at {new Usd(fee.Value!.Value)} USD a use looks like a fee per thousand entered as one";

    // Tiers of a model differ by a few times only, so tens of times is most likely a mistake.
    private static IEnumerable<string> AgainstStandard(Price price, Price standard)
    {
        foreach (var (figure, own, usual) in (IEnumerable<(string, long, long)>)[
            ("input", price.Base.Input, standard.Base.Input), ("output", price.Base.Output, standard.Base.Output)])
            if (own > 0 && usual > 0 && IsApart(own, usual, MostTimesBefore))
                yield return $"{figure} at {new Usd(own)} USD is more than {MostTimesBefore} times "
                    + $"{(own > usual ? "above" : "below")} the standard tier, {new Usd(usual)} USD";
    }

    private static string? Unit(string figure, long rate) => rate switch
    {
        >= PerTokenSuspected =>
            $"{figure} at {new Usd(rate)} USD per million looks like a price per million entered as one per token",
        > 0 and < PerMillionSuspected =>
            $"{figure} at {new Usd(rate)} USD per million looks like a price per token entered as one per million",
        _ => null,
    };

    private static IEnumerable<string> Order(Rates rates, string where, bool isEmbedding)
    {
        if (!isEmbedding && rates.Output > 0 && rates.Output < rates.Input)
            yield return $"{where}output is cheaper than input";
        if (rates.CachedInput > rates.Input) yield return $"{where}cached input costs more than input";
    }

    private static IEnumerable<string> AgainstBefore(Price price, Price was)
    {
        var before = PriceChanges.Figures(was).ToDictionary(f => f.Figure, f => f.Value);
        foreach (var (figure, unit, value) in PriceChanges.Figures(price))
        {
            if (unit == PriceChanges.Count || before[figure] is not (> 0 and var old) || value is null) continue;
            if (value == 0) yield return $"{figure} goes from {new Usd(old)} USD to nothing";
            else if (IsApart(value.Value, old, MostTimesBefore))
                yield return $"{figure} goes from {new Usd(old)} to {new Usd(value.Value)} USD, more than "
                    + $"{MostTimesBefore} times {(value > old ? "up" : "down")}";
        }
    }

    private static IEnumerable<string> AgainstMedian(Price price, IReadOnlyList<Price> book)
    {
        var alike = book.Where(p => IsEmbedding(p) == IsEmbedding(price)).ToList();
        var own = alike.Where(p => p.Provider == price.Provider).ToList();
        var (peers, whose) = own.Count >= 3 ? (own, $"{price.Provider}'s models") : (alike, "the book's models");
        foreach (var (figure, of) in (IEnumerable<(string, Func<Price, long>)>)[
            ("input", p => p.Base.Input), ("output", p => p.Base.Output)])
        {
            var rates = peers.Select(of).Where(r => r > 0).Order().ToList();
            if (rates.Count == 0 || of(price) == 0) continue;
            var median = rates[rates.Count / 2];
            if (IsApart(of(price), median, MostTimesMedian))
                yield return $"{figure} at {new Usd(of(price))} USD is more than {MostTimesMedian} times "
                    + $"{(of(price) > median ? "above" : "below")} the middle of {whose}, {new Usd(median)} USD";
        }
    }

    private static bool IsApart(long a, long b, int times) => (Int128)Math.Max(a, b) > (Int128)Math.Min(a, b) * times;
}
