using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Offers;

/// <summary><c>guerdon offer link OFFER</c>: the address alone on standard output, this once.</summary>
internal static class LinkOffer
{
    internal sealed record Request(int? Days);

    internal sealed record Reply(OfferVerbs.Link Link, string Url);

    public static Verb Build()
    {
        var offer = OfferVerbs.Argument();
        var days = Values.Whole("--days", "For how many days the link works, 1 to 90 (default: 14).", 1, 90);
        return new Verb(
            "link", "Make a link for the candidate; it is shown only once.", "guerdon offer link ada-lovelace --days 7")
        {
            offer, days,
        }.Does(async (call, ct) =>
        {
            var answer = await call.PostAsync(
                "Making the link", OfferVerbs.Path(call.Value(offer), "/links"), new Request(call.Value(days)),
                OffersJson.Default.LinkOfferRequest, ct);
            return call.Show(answer, OffersJson.Default.LinkOfferReply, reply =>
            {
                call.Output.Line(reply.Url);
                call.Output.Note(
                    $"Whoever has it can read the offer until {Shown.Time(reply.Link.ExpiresAt)}. It is not shown"
                    + " again.");
                call.Output.Note($"To close it: guerdon offer revoke {reply.Link.Id}");
                return ExitCodes.Done;
            });
        });
    }
}
