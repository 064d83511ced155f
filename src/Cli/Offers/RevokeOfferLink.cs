using Guerdon.Client;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Offers;

/// <summary><c>guerdon offer revoke LINK</c>: at once, and for good.</summary>
internal static class RevokeOfferLink
{
    public static Verb Build()
    {
        var id = Values.Id("LINK", "lnk", "guerdon offer show");
        return new Verb(
            "revoke", "Close a candidate's link at once.",
            "guerdon offer revoke lnk_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b")
        {
            id,
        }.Does(async (call, ct) =>
        {
            var link = call.Value(id);
            var answer = await call.DeleteAsync(
                "Closing the link", $"api/v1/offers/links/{Uri.EscapeDataString(link)}", ct);
            if (answer.No is { } no) return call.Output.Refuse(no);
            return call.Output.Done(new { id = link, revoked = true }, _ => call.Output.Line($"{link} is closed."));
        });
    }
}
