using System.Reflection;
using Guerdon.Forms;
using Guerdon.Kernel;
using Guerdon.Web.Offers;
using Guerdon.Web.Shared;
using Guerdon.Web.SignIn;
using Guerdon.Web.Statements;
using Guerdon.Web.Wallets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Guerdon.Web;

/// <summary>Registers the pages, what they are made of, and what they read.</summary>
public static class WebModule
{
    public static void AddWeb(this IHostApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents();
        builder.Services.AddCascadingAuthenticationState();
        builder.Services.AddExceptionHandler<PageErrors>();
        builder.Services.AddForms().AddSingleton(new LiveStreams()).AddSingleton<AccessEnds>()
            .AddSingleton(services => services.GetRequiredService<AccessEnds>().Changes)
            .AddSingleton(SignInAnswers.Pages);
    }

    /// <summary>After sign-in and all other modules: an address that nobody serves gets the page for that.</summary>
    /// <param name="routes">Of the server.</param>
    /// <param name="pages">Other modules that have pages.</param>
    public static void MapWeb(this IEndpointRouteBuilder routes, params Assembly[] pages)
    {
        routes.MapRazorComponents<App>().AddAdditionalAssemblies(pages);
        routes.MapGet("/assets/{version}/{name}", AssetFiles.Serve).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/live/wallets/{wallet}", LiveWallet.Handle)
            .RequireAuthorization(Permissions.WalletsRead).ExcludeFromDescription();
        routes.MapGet("/statement.csv", StatementCsv.Handle)
            .RequireAuthorization(Permissions.WalletsRead).ExcludeFromDescription();
        routes.MapGet("/offer/{token}/offer.pdf", CandidateOffer.Pdf).AllowAnonymous().ExcludeFromDescription();
        routes.MapFallback("{*path}", NobodyServes).AllowAnonymous();
    }

    /// <summary>What programs ask for below <c>/api</c> and nobody serves.</summary>
    public static void MapNothingElse(this IEndpointRouteBuilder routes) =>
        routes.Map("/api/{**path}", NobodyServes).AllowAnonymous().WithOrder(int.MaxValue).ExcludeFromDescription();

    private static Results<RazorComponentResult<NotFoundPage>, ProblemHttpResult> NobodyServes(HttpContext context) =>
        PageErrors.WantsPage(context)
            ? new RazorComponentResult<NotFoundPage> { StatusCode = StatusCodes.Status404NotFound }
            : WebRefusals.NotFound.ToProblem($"Nothing is served at {context.Request.Path}.");
}
