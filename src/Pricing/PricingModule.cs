using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Proposals;
using Guerdon.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Guerdon.Pricing;

/// <summary>Registers the module's services and maps its routes. Host runs <see cref="SeedBook"/>, then loads the book,
/// after migrations.</summary>
public static class PricingModule
{
    public static void AddPricing(this IHostApplicationBuilder builder)
    {
        builder.AddApprovals();
        builder.Services.AddSingleton<IPendingDecisions, PendingProposals>();
        builder.Services.AddSingleton<PriceBook>().AddSingleton<PriceBookWatch>();
        builder.Services.AddHostedService(services => services.GetRequiredService<PriceBookWatch>());
        builder.Services.AddSingleton(services => services.GetRequiredService<PriceBookWatch>().Changes);
        builder.Services.AddHostedService<Listener>();
    }

    public static void MapPricing(this IEndpointRouteBuilder routes)
    {
        var prices = routes.MapGroup("/api/v1/prices").RequireAuthorization(Permissions.PricesRead).WithTags("Prices");
        prices.MapGet("", ListPrices.All);
        prices.MapGet("/{model}", ListPrices.One);

        var proposals = routes.MapGroup("/api/v1/prices/proposals").WithTags("Prices");
        proposals.MapPost("", ImportPrices.Handle).RequireAuthorization(Permissions.PricesPropose)
            .WithMetadata(new RequestSizeLimitAttribute(ImportPrices.MaxDrainedBytes));
        proposals.MapGet("", GetProposal.All).RequireAuthorization(Permissions.ProposalsRead);
        proposals.MapGet("/{id}", GetProposal.One).RequireAuthorization(Permissions.ProposalsRead);
        proposals.MapPost("/{id}/approve", ApproveProposal.Handle).RequireAuthorization(Permissions.PricesApprove);
        proposals.MapPost("/{id}/decline", DeclineProposal.Handle).RequireAuthorization(Permissions.PricesPropose);
    }
}
