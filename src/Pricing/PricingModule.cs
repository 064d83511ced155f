using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Stipend.Kernel;

namespace Stipend.Pricing;

/// <summary>The module's one door. Host runs <see cref="SeedBook"/>, then loads the book, after migrations.</summary>
public static class PricingModule
{
    public static void AddPricing(this IHostApplicationBuilder builder) =>
        builder.Services.AddSingleton<PriceBook>();

    public static void MapPricing(this IEndpointRouteBuilder routes)
    {
        var prices = routes.MapGroup("/api/v1/prices").RequireAuthorization(Access.SignedIn).WithTags("Prices");
        prices.MapGet("", ListPrices.All);
        prices.MapGet("/{model}", ListPrices.One);
    }
}
