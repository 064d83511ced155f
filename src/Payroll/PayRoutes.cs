using Guerdon.Kernel;
using Guerdon.Payroll.Claims;
using Guerdon.Payroll.Conversions;
using Guerdon.Payroll.PayProofs;
using Guerdon.Payroll.Terms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guerdon.Payroll;

/// <summary>The routes on which tokens and receipts become pay.</summary>
internal static class PayRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var own = routes.MapGroup("/api/v1/people/{personOrEmail}").RequireAuthorization(Access.SignedIn)
            .WithTags("Pay");
        own.MapPost("/conversions/quote", QuoteConversion.Handle);
        own.MapPost("/conversions", RequestConversion.Handle);
        own.MapGet("/conversions", ListConversions.Of);
        own.MapGet("/pay-lines", GetPayLines.Of);
        own.MapGet("/claims", ListClaims.Of);

        var one = routes.MapGroup("/api/v1").RequireAuthorization(Access.SignedIn).WithTags("Pay");
        one.MapGet("/conversions/{id}", ListConversions.One);
        one.MapPost("/conversions/{id}/withdraw", DecideConversion.Withdraw);
        one.MapGet("/pay-lines/{id}", ShowPayLine.Handle);
        one.MapPost("/claims", FileClaim.Handle).WithMetadata(new FileClaim.BodyLimit());
        one.MapGet("/claims/{id}/receipt", ListClaims.Receipt);

        var admin = routes.MapGroup("/api/v1").RequireAuthorization(Access.Admin).WithTags("Pay");
        admin.MapGet("/conversion-terms", ListConversionTerms.Handle);
        admin.MapPost("/conversion-terms", ApplyConversionTerms.Handle);
        admin.MapPost("/conversion-terms/check", CheckConversionTerms.Handle);
        admin.MapGet("/conversions", ListConversions.All);
        admin.MapPost("/conversions/{id}/approve", DecideConversion.Approve);
        admin.MapPost("/conversions/{id}/decline", DecideConversion.Decline);
        admin.MapPost("/conversions/{id}/reversal", DecideConversion.AskReversal);
        admin.MapPost("/conversions/{id}/reversal/approve", DecideConversion.ApproveReversal);
        admin.MapPost("/conversions/{id}/reversal/decline", DecideConversion.DeclineReversal);
        admin.MapGet("/pay-lines", GetPayLines.All);
        admin.MapGet("/claims", ListClaims.All);
        admin.MapPost("/claims/{id}/approve", DecideClaim.Approve);
        admin.MapPost("/claims/{id}/decline", DecideClaim.Decline);
    }
}
