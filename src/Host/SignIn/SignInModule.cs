using Guerdon.Approvals;
using Guerdon.Host.Inputs;
using Guerdon.Host.Running;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Guerdon.Host.SignIn;

/// <summary>Who is calling, and what they may do: registrations, middleware and routes.</summary>
internal static class SignInModule
{
    private const string EitherScheme = "guerdon";

    public static void AddSignIn(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<SignInOptions>()
            .BindConfiguration(SignInOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Accounts>().AddSingleton<SignInLimits>().AddSingleton<KnownDevices>()
            .AddSingleton<HashTurns>().AddSingleton<PasswordSignIn>();
        services.AddSingleton<IAdministrators>(provider => provider.GetRequiredService<Accounts>());
        services.AddAntiforgery();
        services.AddOptions<AntiforgeryOptions>().Configure<IOptions<PublicOptions>>((options, reached) =>
        {
            options.Cookie.Name = Sessions.NameOf("guerdon.form", reached.Value);
            options.Cookie.SecurePolicy = Sessions.PolicyOf(reached.Value);
        });

        services.AddAuthentication(EitherScheme)
            .AddPolicyScheme(EitherScheme, null, options => options.ForwardDefaultSelector = context =>
                TokenHandler.IsAddressed(context.Request) ? TokenHandler.SchemeName : Sessions.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, TokenHandler>(TokenHandler.SchemeName, null)
            .AddCookie(Sessions.SchemeName);
        services.AddSingleton<IConfigureOptions<CookieAuthenticationOptions>, Sessions>();

        var signedIn = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
        services.AddAuthorizationBuilder()
            .AddPolicy(Access.SignedIn, signedIn)
            .AddPolicy(Access.Admin, policy => policy.RequireAuthenticatedUser().RequireRole(Access.Admin))
            .SetFallbackPolicy(signedIn); // a route without a rule is closed, not open
    }

    /// <summary>Before any route is served; behind exception handling.</summary>
    public static void UseSignIn(this WebApplication app)
    {
        app.Use(SecurityHeaders.Write);
        app.Use(InputGuard.RefuseUnreadable);
        app.UseAuthentication();
        app.Use(CrossSite.Refuse);
        app.UseAuthorization();
        app.UseAntiforgery();
        app.Use(SignInForm.AcceptOld);
    }

    /// <summary>The forms of the pages.</summary>
    public static void MapSignInForms(this IEndpointRouteBuilder routes)
    {
        var forms = routes.MapGroup("").AllowAnonymous().ExcludeFromDescription()
            .WithMetadata(new RequestSizeLimitAttribute(SignInForm.MostBodyBytes), new SignInFormMark());
        // Ahead of the page of the same path, which answers GET.
        forms.MapPost(SignInForm.Path, SignInForm.Handle).WithOrder(-1);
        forms.MapPost(SignInForm.SignOutPath, SignInForm.SignOut);
    }

    /// <summary>What programs ask of the caller's account.</summary>
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").RequireAuthorization(Access.SignedIn).WithTags("Sign-in");
        api.MapGet("/me", OwnTokens.Me);
        api.MapGet("/tokens", OwnTokens.List);
        api.MapPost("/tokens", OwnTokens.Create);
        api.MapDelete("/tokens/{token}", OwnTokens.Revoke);
    }
}
