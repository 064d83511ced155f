using System.Globalization;
using Guerdon.Documents;
using Guerdon.Kernel;

namespace Guerdon.Offers;

/// <summary>An offer on paper: what it is, what it is worth, and how each figure came about.</summary>
internal static class OfferPdf
{
    public static byte[] Write(StoredOffer kept)
    {
        var offer = kept.Read();
        var value = OfferValue.Of(offer, offer.HorizonYears);
        var pages = new PdfPages(
            $"Offer: {offer.Post.Role}, {offer.Employer}", "en",
            $"{offer.Employer} · offer {kept.Name}, version {kept.Version}", kept.MadeAt);
        pages.Title($"Offer to {offer.Candidate}");
        pages.Paragraph($"{offer.Post.Role}, {offer.Employer}");
        pages.Rows(Facts(offer));
        pages.Heading($"What it is worth, a year over {value.HorizonYears} years, in {offer.Currency}");
        pages.Table(
            [new("Part", 30), new("As promised", 18, true), new("Vested", 18, true), new("Likely", 18, true),
                new("Risk-adjusted", 18, true)],
            [
                .. value.Components.Select(c => Row(c.Name, c.AYear, offer.Currency)),
                Row("In all, a year", value.AYear, offer.Currency, isTotal: true),
            ]);
        pages.Paragraph(OfferWords.Columns, isSoft: true);
        pages.Heading($"Year by year, in {offer.Currency}");
        pages.Table(
            [new("Year of work", 40), new("Arrives", 30, true), new("Risk-adjusted", 30, true)],
            [
                .. value.Years.Select(year => Row(year, offer.Currency)),
                Sum($"In {value.HorizonYears} years", value.InAll, offer.Currency),
            ]);
        pages.Heading("How each figure came about");
        foreach (var component in value.Components) pages.Paragraph($"{component.Name}: {component.Explanation}");
        pages.Paragraph(OfferWords.Caution, isSoft: true);
        return pages.ToArray();
    }

    private static List<(string Key, string Value)> Facts(Offer offer) =>
    [
        ("Level", offer.Post.Level ?? "—"),
        ("Place", OfferWords.Place(offer.Post)),
        ("Starts", Day(offer.Start)),
        ("Valid until", Day(offer.ValidUntil)),
    ];

    private static PdfRow Row(string name, Stages stages, string currency, bool isTotal = false) => new(
        [
            name, Figure(stages.FaceCents, currency), Figure(stages.VestedCents, currency),
            Figure(stages.ProbableCents, currency), Figure(stages.RiskAdjustedCents, currency),
        ], isTotal);

    private static PdfRow Row(OfferYear year, string currency) => new(
        [$"Year {year.Year}", Figure(year.ArrivesCents, currency), Figure(year.RiskAdjustedCents, currency)]);

    private static PdfRow Sum(string name, Stages all, string currency) => new(
        [name, Figure(all.VestedCents, currency), Figure(all.RiskAdjustedCents, currency)], IsTotal: true);

    private static string Figure(long minor, string currency) => Currencies.FormatMinor(minor, currency);

    private static string Day(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
