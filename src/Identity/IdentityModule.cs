using Guerdon.Approvals;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Audit;
using Guerdon.Identity.External;
using Guerdon.Identity.Giving;
using Guerdon.Identity.Links;
using Guerdon.Identity.Logins;
using Guerdon.Identity.Protection;
using Guerdon.Identity.Sessions;
using Guerdon.Identity.SignIn;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Identity;

/// <summary>Registers who is calling, what they may do, and what is stored encrypted; maps
/// sign-in and tokens.</summary>
public static class IdentityModule
{
    /// <summary>How a program signs in: by a token, and not by the session of a browser.</summary>
    public const string TokenScheme = TokenHandler.SchemeName;

    private const string EitherScheme = "guerdon";

    /// <summary>Web registers <see cref="SignInPages"/>; Host sets <see cref="CookieRules"/>, since it knows how the
    /// server is reached.</summary>
    /// <exception cref="KeyFileException">The key file is no good; the message says what to do.</exception>
    public static void AddIdentity(this IHostApplicationBuilder builder)
    {
        builder.AddProtection();
        builder.AddApprovals();
        var services = builder.Services;
        services.AddSignInOptions().ValidateOnStart();
        services.AddActs();
        services.AddSingleton<ApiTokens>().AddSingleton<SignInLimits>()
            .AddSingleton<KnownDevices>().AddSingleton<HashTurns>().AddSingleton<PasswordSignIn>()
            .AddSingleton<OpenSessions>().AddSingleton<NewPasswords>().AddSingleton<LoginRequests>()
            .AddSingleton<OwnPassword>();
        services.AddHostedService<FlushActs>().AddHostedService<ChainActs>();
        services.AddSingleton<LookHistory>().AddSingleton(provider => new ActHistory(
            provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<ActLog>()));
        services.AddSingleton<IDeciders>(provider => provider.GetRequiredService<AccountDirectory>());
        services.AddSingleton<ExternalAccounts>().AddSingleton<ExternalRoles>().AddSingleton<ExternalSessions>();
        services.AddSingleton(provider => new ExternalTries(
            provider.GetRequiredService<SignInLimits>(), provider.GetRequiredService<KnownDevices>()));
        services.AddSingleton<OneTimeLinks>().AddSingleton(provider => new LinkForm(
            provider.GetRequiredService<OneTimeLinks>(), provider.GetRequiredService<SignInLimits>(),
            provider.GetRequiredService<HashTurns>()));
        services.AddSingleton<RoleRequests>().AddSingleton<AccountChanges>().AddSingleton<AccountLinks>()
            .AddSingleton<IPendingDecisions, PendingRoles>();
        services.AddAntiforgery();
        services.AddOptions<AntiforgeryOptions>().Configure<IOptions<CookieRules>>((options, cookies) =>
        {
            options.Cookie.Name = cookies.Value.NameOf("guerdon.form");
            options.Cookie.SecurePolicy = cookies.Value.Policy;
        });
        // Without the failures of tokens, since a flood of wrong ones would otherwise flood the log.
        builder.Logging.AddFilter(typeof(TokenHandler).FullName, LogLevel.Warning);
        builder.Logging.AddFilter(typeof(SessionHandler).FullName, LogLevel.Warning);

        services.AddAuthentication(EitherScheme)
            .AddPolicyScheme(EitherScheme, null, options => options.ForwardDefaultSelector = context =>
                SessionHandler.IsAddressed(context.Request) ? SessionHandler.SchemeName
                : TokenHandler.IsAddressed(context.Request) ? TokenHandler.SchemeName : SessionCookie.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, TokenHandler>(TokenHandler.SchemeName, null)
            .AddScheme<AuthenticationSchemeOptions, SessionHandler>(SessionHandler.SchemeName, null)
            .AddCookie(SessionCookie.SchemeName);
        services.AddSingleton<IConfigureOptions<CookieAuthenticationOptions>, SessionCookie>();

        // A route without a rule is closed, whoever comes.
        services.AddAuthorizationBuilder().AddPermissions().SetFallbackPolicy(
            new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireAssertion(_ => false).Build());
    }

    /// <summary>Where acts are counted, without what writes them.</summary>
    internal static void AddActs(this IServiceCollection services) => services
        .AddSingleton<AccountDirectory>().AddSingleton<ActLog>()
        .AddSingleton(all => new WrongKeys(
            all.GetRequiredService<ActLog>(), all.GetRequiredService<TimeProvider>()));

    /// <summary>What the database must hold before the first call: the key ring. Safe to repeat.</summary>
    /// <exception cref="KeyFileException">The ring needs another key file.</exception>
    public static Task PrepareIdentityAsync(this WebApplication app, CancellationToken ct) =>
        app.PrepareProtectionAsync(ct);

    /// <summary>Before any route is served; after exception handling and whatever refuses forms that nobody can read.
    /// </summary>
    public static void UseIdentity(this WebApplication app)
    {
        app.UseAuthentication();
        app.Use(ActWatch.Follow);
        app.Use(CrossSite.Refuse);
        app.UseAuthorization();
        app.Use(LastUse.Note);
        app.Use(StepUp.Refuse);
        app.UseAntiforgery();
        app.Use(SignInForm.AcceptOld);
    }

    /// <summary>The forms of the pages.</summary>
    public static void MapSignInForms(this IEndpointRouteBuilder routes)
    {
        var forms = routes.MapGroup("").AllowAnonymous().ExcludeFromDescription()
            .WithMetadata(new RequestSizeLimitAttribute(SignInForm.MostBodyBytes), new SignInFormMark(),
                Watched.Mark);
        // Ahead of the page of the same path, which must only answer GET.
        forms.MapPost(SignInForm.Path, SignInForm.Handle).WithOrder(-1);
        forms.MapPost(SignInForm.SignOutPath, SignInForm.SignOut);
        routes.MapPost(ConfirmForm.Path, ConfirmForm.Handle).WithOrder(-1).ExcludeFromDescription()
            .RequireAuthorization(Permissions.AccountUse)
            .WithMetadata(
                new RequestSizeLimitAttribute(SignInForm.MostBodyBytes), new SignInFormMark(ConfirmForm.Again));
        routes.MapPost(PasswordForm.Path, PasswordForm.Handle).WithOrder(-1).ExcludeFromDescription()
            .RequireAuthorization(Permissions.AccountUse)
            .WithMetadata(
                new RequestSizeLimitAttribute(SignInForm.MostBodyBytes), new SignInFormMark(PasswordForm.Again));
        routes.MapPost(LinkForm.Path + "/{secret}", LinkForm.Handle).WithOrder(-1).ExcludeFromDescription()
            .AllowAnonymous().WithMetadata(
                new RequestSizeLimitAttribute(SignInForm.MostBodyBytes), new SignInFormMark(LinkForm.Again),
                Watched.Mark);
    }

    /// <summary>The settings of sign-in, checked: of the server, and of verbs on its machine.</summary>
    public static OptionsBuilder<SignInOptions> AddSignInOptions(this IServiceCollection services) =>
        services.AddOptions<SignInOptions>()
            .BindConfiguration(SignInOptions.Section).ValidateDataAnnotations()
            .Validate(set => set.SessionFor <= set.SessionAtMost,
                "SignIn:SessionFor is longer than SignIn:SessionAtMost.");

    /// <summary>What programs ask of the caller's account.</summary>
    public static void MapIdentity(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").RequireAuthorization(Permissions.AccountUse).WithTags("Sign-in");
        var acts = routes.MapGroup("/api/v1/acts").RequireAuthorization(Permissions.AuditRead).WithTags("Audit");
        acts.MapGet("", ListActs.Handle);
        acts.MapGet("/page", PageActs.Handle);
        api.MapGet("/people/me/looks", ListLooks.Handle).WithTags("Audit");
        api.MapGet("/me", OwnTokens.Me);
        api.MapPut("/me/password", ChangePassword.Handle)
            .WithMetadata(new RequestSizeLimitAttribute(SignInForm.MostBodyBytes));
        api.MapGet("/tokens", OwnTokens.List);
        api.MapPost("/tokens", OwnTokens.Create).WithMetadata(new StepUpMark("This makes a token"));
        api.MapDelete("/tokens/{token}", OwnTokens.Revoke);
        api.MapGet("/sessions", OwnSessions.List);
        api.MapDelete("/sessions", OwnSessions.EndAll);
        api.MapDelete("/sessions/{session}", OwnSessions.End);
        routes.MapDelete("/api/v1/accounts/{emailOrAccount}/sessions", OwnSessions.EndAnothers)
            .AddEndpointFilter(AccountSubject.NoteAsync).RequireAuthorization(Permissions.AccountsWrite)
            .WithTags("Sign-in");

        var login = routes.MapGroup("/api/v1/login").AllowAnonymous().WithTags("Sign-in")
            .WithMetadata(new RequestSizeLimitAttribute(SignInForm.MostBodyBytes), Watched.Mark);
        login.MapPost("", CommandLineLogin.Begin);
        login.MapPost("/poll", CommandLineLogin.Poll);
        login.MapPost("/password", CommandLineLogin.ByPassword);
        MapAccounts(routes);
    }

    private static void MapAccounts(IEndpointRouteBuilder routes)
    {
        var accounts = routes.MapGroup("/api/v1/accounts").WithTags("Accounts")
            .AddEndpointFilter(AccountSubject.NoteAsync);
        accounts.MapGet("", ListAccounts.All).RequireAuthorization(Permissions.AccountsRead);
        var makesLink = new StepUpMark("This makes a link that sets a password");
        accounts.MapPost("", OpenAccount.Handle).RequireAuthorization(Permissions.AccountsWrite)
            .WithMetadata(makesLink);
        accounts.MapGet("/{account}", ListAccounts.One).RequireAuthorization(Permissions.AccountsRead);
        accounts.MapPost("/{account}/reset", ResetAccount.Handle).RequireAuthorization(Permissions.AccountsWrite)
            .WithMetadata(makesLink);
        accounts.MapPost("/{account}/vouch", VouchForAccount.Handle).RequireAuthorization(Permissions.RolesGive)
            .WithMetadata(new StepUpMark("This says whose an account is"));
        accounts.MapPost("/{account}/close", CloseAccount.Handle).RequireAuthorization(Permissions.AccountsWrite);
        accounts.MapPost("/{account}/roles", AskRole.Handle).RequireAuthorization(Permissions.RolesGive);
        accounts.MapPost("/{account}/roles/{role}/take", TakeRole.Handle).RequireAuthorization(Permissions.RolesGive);
        var requests = routes.MapGroup("/api/v1/role-requests").WithTags("Accounts");
        requests.MapGet("", ListRoleRequests.Handle).RequireAuthorization(Permissions.AccountsRead);
        requests.MapPost("/{id}/approve", DecideRole.Approve).RequireAuthorization(Permissions.RolesGive);
        requests.MapPost("/{id}/decline", DecideRole.Decline).RequireAuthorization(Permissions.RolesGive);
    }
}
