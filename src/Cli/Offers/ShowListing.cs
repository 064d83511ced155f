using System.CommandLine;
using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Offers;

/// <summary><c>guerdon offer listing OFFER</c>: the offer as a job listing, without its candidate.</summary>
internal static class ShowListing
{
    internal sealed record Reply(string Text, string JsonLd, string Html);

    public static Verb Build()
    {
        var offer = OfferVerbs.Argument();
        var html = new Option<bool>("--html") { Description = "As a script element with schema.org's JobPosting." };
        return new Verb(
            "listing", "Write an offer as a job listing.", "guerdon offer listing ada-lovelace",
            "guerdon offer listing ada-lovelace --html > posting.html")
        {
            offer, html,
        }.Does(async (call, ct) =>
        {
            var answer = await call.GetAsync("Writing the listing", OfferVerbs.Path(call.Value(offer), "/listing"), ct);
            return call.Show(answer, OffersJson.Default.ShowListingReply, reply =>
            {
                var text = call.Value(html) ? reply.Html : reply.Text;
                foreach (var line in text.TrimEnd('\n').Split('\n')) call.Output.Line(line);
                return ExitCodes.Done;
            });
        });
    }
}
