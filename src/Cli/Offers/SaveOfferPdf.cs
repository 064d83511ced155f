using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Offers;

/// <summary><c>guerdon offer pdf OFFER --to FILE</c>: as the candidate gets it.</summary>
internal static class SaveOfferPdf
{
    public static Verb Build()
    {
        var offer = OfferVerbs.Argument();
        var to = SavedFile.Option();
        return new Verb("pdf", "Write an offer as a PDF.", "guerdon offer pdf ada-lovelace --to offer.pdf")
        {
            offer, to,
        }.Does(async (call, ct) =>
        {
            if (SavedFile.Wrong(call.Value(to)!) is { } wrong) return call.Misuse(wrong);
            var answer = await call.GetAsync("Writing the PDF", OfferVerbs.Path(call.Value(offer), "/pdf"), ct);
            return await SavedFile.WriteAsync(call, answer, call.Value(to)!, ct);
        });
    }
}
