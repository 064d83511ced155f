namespace Guerdon.Offers;

/// <summary>A part as each offer has it; null where one has none.</summary>
/// <param name="Kind">Which part.</param>
/// <param name="Name">As the offers call it.</param>
/// <param name="Offers">In the order of the offers.</param>
public sealed record ComparedComponent(ComponentKind Kind, string Name, IReadOnlyList<ValuedComponent?> Offers);

/// <summary>Offers side by side, over one horizon and in one currency.</summary>
/// <param name="Offers">In the order asked for.</param>
/// <param name="Components">Pay first, benefits by name last.</param>
public sealed record Compared(
    string Currency, int HorizonYears, IReadOnlyList<ValuedOffer> Offers,
    IReadOnlyList<ComparedComponent> Components);

/// <summary>Compares offers like for like. Each is valued by itself, so that none depends on its neighbours.</summary>
internal static class OfferComparison
{
    public const int Most = 4;

    /// <param name="offers">One to four, of one currency.</param>
    /// <param name="years">The horizon of all of them; null: the longest that one of them names.</param>
    public static Compared Of(IReadOnlyList<Offer> offers, int? years = null)
    {
        var horizon = years ?? offers.Max(o => o.HorizonYears);
        ValuedOffer[] valued = [.. offers.Select(offer => OfferValue.Of(offer, horizon))];
        var rows = valued.SelectMany(v => v.Components).Select(c => (c.Kind, c.Name)).Distinct()
            .OrderBy(row => row.Kind).ThenBy(row => row.Name, StringComparer.Ordinal);
        return new Compared(offers[0].Currency, horizon, valued, [.. rows.Select(row => new ComparedComponent(
            row.Kind, row.Name, [.. valued.Select(v =>
                v.Components.FirstOrDefault(c => c.Kind == row.Kind && c.Name == row.Name))]))]);
    }
}
