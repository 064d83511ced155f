using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Offers;

/// <summary>Closes a link at once and for good. Repeating it changes nothing.</summary>
internal static class RevokeOfferLink
{
    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        string link, ClaimsPrincipal caller, OfferLinks links, CancellationToken ct) =>
        OfferLinkId.TryParse(link, out var id) && await links.RevokeAsync(id, Access.NameOf(caller), ct)
            ? TypedResults.NoContent()
            : OfferRefusals.OfferLinkNotFound.ToProblem($"There is no link '{link}'.");
}
