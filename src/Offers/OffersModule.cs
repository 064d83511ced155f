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
        var offers = routes.MapGroup("/api/v1/offers").WithTags("Offers");
        offers.MapGet("", ListOffers.Handle).RequireAuthorization(Permissions.OffersRead);
        offers.MapPost("", CreateOffer.Handle).RequireAuthorization(Permissions.OffersWrite);
        offers.MapPost("/check", CheckOffer.Handle).RequireAuthorization(Permissions.OffersWrite);
        offers.MapPost("/compare", CompareOffers.Handle).RequireAuthorization(Permissions.OffersWrite);
        offers.MapGet("/{offer}", GetOffer.Handle).RequireAuthorization(Permissions.OffersRead);
        offers.MapPost("/{offer}/links", ShareOffer.Handle).RequireAuthorization(Permissions.OffersWrite);
        offers.MapDelete("/links/{link}", RevokeOfferLink.Handle).RequireAuthorization(Permissions.OffersWrite);
        offers.MapGet("/{offer}/listing", GetListing.Handle).RequireAuthorization(Permissions.OffersRead);
        offers.MapGet("/{offer}/pdf", GetOfferPdf.Handle).RequireAuthorization(Permissions.OffersRead);
    }
}
