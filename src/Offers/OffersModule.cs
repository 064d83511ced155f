using Guerdon.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Guerdon.Offers;

/// <summary>Registers the module's services and maps its routes.</summary>
public static class OffersModule
{
    public static void AddOffers(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<OfferLinks>();

    public static void MapOffers(this IEndpointRouteBuilder routes)
    {
        var offers = routes.MapGroup("/api/v1/offers").RequireAuthorization(Access.Admin).WithTags("Offers");
        offers.MapGet("", ListOffers.Handle);
        offers.MapPost("", CreateOffer.Handle);
        offers.MapPost("/check", CheckOffer.Handle);
        offers.MapPost("/compare", CompareOffers.Handle);
        offers.MapGet("/{offer}", GetOffer.Handle);
        offers.MapPost("/{offer}/links", ShareOffer.Handle);
        offers.MapDelete("/links/{link}", RevokeOfferLink.Handle);
        offers.MapGet("/{offer}/listing", GetListing.Handle);
        offers.MapGet("/{offer}/pdf", GetOfferPdf.Handle);
    }
}
