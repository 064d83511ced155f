using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Offers;

/// <summary><c>guerdon offer create FILE</c>: the offer's next version; the newest again adds none.</summary>
internal static class CreateOffer
{
    internal sealed record Reply(OfferVerbs.Stored Offer, bool Added, OfferVerbs.Value Value);

    public static Verb Build()
    {
        var file = Values.File("An offer in YAML");
        return new Verb(
            "create", "Save an offer file as the next version of the offer.", "guerdon offer create offer.yaml")
        {
            file,
        }.Does(async (call, ct) =>
        {
            var path = call.Value(file);
            var answer = await call.PostFileAsync($"Saving {path}", "api/v1/offers", path, "text/yaml", ct);
            return call.Show(answer, OffersJson.Default.CreateOfferReply, reply =>
            {
                var said = reply.Added ? "is saved" : "was saved before: nothing changed";
                call.Output.Line($"Offer {reply.Offer.Name}, version {reply.Offer.Version}, {said}.");
                call.Output.Line();
                OfferVerbs.Show(call.Output, reply.Value);
                return ExitCodes.Done;
            });
        });
    }
}
