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
        var own = routes.MapGroup("/api/v1/people/{personOrEmail}").WithTags("Pay");
        own.MapPost("/conversions/quote", QuoteConversion.Handle).RequireAuthorization(Permissions.ConversionsRequest);
        own.MapPost("/conversions", RequestConversion.Handle).RequireAuthorization(Permissions.ConversionsRequest);
        own.MapGet("/conversions", ListConversions.Of).RequireAuthorization(Permissions.ConversionsRead);
        own.MapGet("/pay-lines", GetPayLines.Of).RequireAuthorization(Permissions.PayRead);
        own.MapGet("/claims", ListClaims.Of).RequireAuthorization(Permissions.ClaimsRead);

        var one = routes.MapGroup("/api/v1").WithTags("Pay");
        one.MapGet("/conversions/{id}", ListConversions.One).RequireAuthorization(Permissions.ConversionsRead);
        one.MapPost("/conversions/{id}/withdraw", DecideConversion.Withdraw)
            .RequireAuthorization(Permissions.ConversionsRequest);
        one.MapGet("/pay-lines/{id}", ShowPayLine.Handle).RequireAuthorization(Permissions.PayRead);
        one.MapPost("/claims", FileClaim.Handle)
            .RequireAuthorization(Permissions.ClaimsFile).WithMetadata(new FileClaim.BodyLimit());
        one.MapGet("/claims/{id}/receipt", ListClaims.Receipt).RequireAuthorization(Permissions.ClaimsRead);

        var admin = routes.MapGroup("/api/v1").WithTags("Pay");
        admin.MapGet("/conversion-terms", ListConversionTerms.Handle).RequireAuthorization(Permissions.TermsRead);
        admin.MapPost("/conversion-terms", ApplyConversionTerms.Handle).RequireAuthorization(Permissions.TermsWrite);
        admin.MapPost("/conversion-terms/check", CheckConversionTerms.Handle)
            .RequireAuthorization(Permissions.TermsWrite);
        admin.MapGet("/conversions", ListConversions.All)
            .RequireAuthorization(Permissions.ConversionsRead + Access.OfAll);
        admin.MapPost("/conversions/{id}/approve", DecideConversion.Approve)
            .RequireAuthorization(Permissions.ConversionsApprove);
        admin.MapPost("/conversions/{id}/decline", DecideConversion.Decline)
            .RequireAuthorization(Permissions.ConversionsDecline);
        admin.MapPost("/conversions/{id}/reversal", DecideConversion.AskReversal)
            .RequireAuthorization(Permissions.ConversionsDecline);
        admin.MapPost("/conversions/{id}/reversal/approve", DecideConversion.ApproveReversal)
            .RequireAuthorization(Permissions.ConversionsApprove);
        admin.MapPost("/conversions/{id}/reversal/decline", DecideConversion.DeclineReversal)
            .RequireAuthorization(Permissions.ConversionsDecline);
        admin.MapGet("/pay-lines", GetPayLines.All).RequireAuthorization(Permissions.PayRead + Access.OfAll);
        admin.MapGet("/claims", ListClaims.All).RequireAuthorization(Permissions.ClaimsRead + Access.OfAll);
        admin.MapPost("/claims/{id}/approve", DecideClaim.Approve).RequireAuthorization(Permissions.ClaimsDecide);
        admin.MapPost("/claims/{id}/decline", DecideClaim.Decline).RequireAuthorization(Permissions.ClaimsDecide);
    }
}
