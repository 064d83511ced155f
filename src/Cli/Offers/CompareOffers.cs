using System.CommandLine;
using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Offers;

/// <summary><c>guerdon offer compare OFFER…</c>: one to four, like for like.</summary>
internal static class CompareOffers
{
    internal sealed record Request(IReadOnlyList<string> Offers, int? HorizonYears);

    internal sealed record Reply(IReadOnlyList<OfferVerbs.Stored> Offers, Compared Comparison);

    internal sealed record Compared(
        string Currency, int HorizonYears, IReadOnlyList<OfferVerbs.Value> Offers, IReadOnlyList<Row> Components);

    internal sealed record Row(string Kind, string Name, IReadOnlyList<OfferVerbs.Part?> Offers);

    public static Verb Build()
    {
        var offers = new Argument<string[]>("OFFER")
        {
            Description = "One to four offers, by name or id.", Arity = new ArgumentArity(1, 4),
        };
        var years = Values.Whole(
            "--years", "Over how many years, 1 to 10 (default: the longest that an offer names).", 1, 10);
        return new Verb(
            "compare", "Compare offers like for like: a year of each, as promised and risk-adjusted.",
            "guerdon offer compare ada-lovelace other-firm --years 4")
        {
            offers, years,
        }.Does(async (call, ct) =>
        {
            var answer = await call.PostAsync(
                "Comparing", "api/v1/offers/compare", new Request(call.Value(offers), call.Value(years)),
                OffersJson.Default.CompareOffersRequest, ct);
            return call.Show(answer, OffersJson.Default.CompareOffersReply, reply => Show(call.Output, reply));
        });
    }

    private static int Show(Output output, Reply reply)
    {
        var compared = reply.Comparison;
        var table = new TextTable().Left($"A year, over {compared.HorizonYears}, {compared.Currency}");
        foreach (var offer in reply.Offers) table.Right($"{offer.Name}, promised").Right("risk-adjusted");
        foreach (var row in compared.Components)
            table.Row([row.Name, .. row.Offers.SelectMany(part => Cells(part?.AYear, compared.Currency))]);
        table.Row(["In all", .. compared.Offers.SelectMany(o => Cells(o.AYear, compared.Currency))]);
        output.Table(table);
        output.Line();
        output.Line("Risk-adjusted counts what vests, as likely and as usable as it is; 'offer show' says how.");
        return ExitCodes.Done;
    }

    private static string[] Cells(OfferVerbs.Stages? stages, string currency) =>
        stages is null ? ["", ""] : [
            OfferVerbs.Money(stages.FaceCents, currency), OfferVerbs.Money(stages.RiskAdjustedCents, currency),
        ];
}
