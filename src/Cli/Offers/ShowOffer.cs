using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Offers;

/// <summary><c>guerdon offer show OFFER</c>: what it is worth, how that came about, and its links.</summary>
internal static class ShowOffer
{
    internal sealed record Reply(OfferVerbs.Stored Offer, OfferVerbs.Value Value, IReadOnlyList<OfferVerbs.Link> Links);

    public static Verb Build()
    {
        var offer = OfferVerbs.Argument();
        return new Verb("show", "Show what an offer is worth, and its links.", "guerdon offer show ada-lovelace")
        {
            offer,
        }.Does(async (call, ct) =>
        {
            var answer = await call.GetAsync("Reading the offer", OfferVerbs.Path(call.Value(offer)), ct);
            return call.Show(answer, OffersJson.Default.ShowOfferReply, reply => Show(call.Output, reply));
        });
    }

    private static int Show(Output output, Reply reply)
    {
        var o = reply.Offer;
        output.Line($"{o.Name}, version {o.Version} ({o.Id}): {o.Role} for {o.Candidate}, {o.Employer}; valid until"
            + $" {Call.Iso(o.ValidUntil)}.");
        output.Line();
        OfferVerbs.Show(output, reply.Value);
        if (reply.Links.Count == 0) return ExitCodes.Done;
        var table = new TextTable().Left("Link").Left("Made by").Left("Until").Left("State");
        foreach (var link in reply.Links)
            table.Row(link.Id, link.MadeBy, Shown.Time(link.ExpiresAt),
                link.RevokedAt is { } at ? $"revoked {Shown.Time(at)}" : "");
        output.Line();
        output.Table(table);
        return ExitCodes.Done;
    }
}
