using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;

namespace Guerdon.Cli.Offers;

/// <summary><c>guerdon offer list</c>: the newest version of each.</summary>
internal static class ListOffers
{
    internal sealed record Reply(IReadOnlyList<OfferVerbs.Stored> Offers);

    public static Verb Build() =>
        new Verb("list", "List offers, the newest version of each.", "guerdon offer list").Does(async (call, ct) =>
        {
            var answer = await call.GetAsync("Listing offers", "api/v1/offers", ct);
            return call.Show(answer, OffersJson.Default.ListOffersReply, reply =>
            {
                if (reply.Offers.Count == 0) call.Output.Note("There are no offers: make one with 'offer create'.");
                else call.Output.Table(Table(reply.Offers));
                return ExitCodes.Done;
            });
        });

    private static TextTable Table(IReadOnlyList<OfferVerbs.Stored> offers)
    {
        var table = new TextTable().Left("Name").Right("Version").Left("Candidate").Left("Role").Left("Employer")
            .Left("Valid until");
        foreach (var o in offers)
            table.Row(
                o.Name, $"{o.Version}", o.Candidate, o.Role, o.Employer + (o.IsCompetitors ? " (competitor)" : ""),
                Call.Iso(o.ValidUntil));
        return table;
    }
}
