using Guerdon.Approvals;
using Guerdon.Identity;
using Guerdon.Identity.External;
using Guerdon.Identity.Protection;
using Guerdon.Identity.SignIn;
using Guerdon.Kernel;
using Guerdon.OpenId.Arrivals;
using Guerdon.OpenId.Changes;
using Guerdon.OpenId.Logout;
using Guerdon.OpenId.Providers;
using Guerdon.OpenId.Wire;
using Guerdon.Outbound;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.OpenId;

/// <summary>Sign-in with a company's own providers: which there are, who somebody is whom one knows, and when it says
/// that a session is over.</summary>
public static class OpenIdModule
{
    /// <summary>After <see cref="IdentityModule.AddIdentity"/>.</summary>
    public static void AddOpenId(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<OpenIdOptions>()
            .BindConfiguration(OpenIdOptions.Section).ValidateDataAnnotations()
            .Validate(set => set.LocalProviders.All(InsideAddresses.IsEntry),
                "OpenId:LocalProviders names hosts, hosts with a port, or networks.")
            .ValidateOnStart();
        services.AddSingleton<ProviderConnections>().AddSingleton<ProviderSecrets>().AddSingleton<SignInStarts>();
        services.AddSingleton(all => new HandlerParts(
            all.GetRequiredService<IDataProtectionProvider>(), all.GetRequiredService<ProviderConnections>(),
            all.GetRequiredService<IOptions<CookieRules>>().Value, all.GetRequiredService<TimeProvider>(),
            all.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(all => new ProviderRequests(
            all.GetRequiredService<NpgsqlDataSource>(), all.GetRequiredService<FourEyes>(),
            all.GetRequiredService<ProviderSecrets>(), all.GetRequiredService<ExternalRoles>(),
            all.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IPendingDecisions, PendingProviders>();
        services.AddSingleton(all => new LiveProviders(
            all.GetRequiredService<NpgsqlDataSource>(), all.GetRequiredService<ProviderSecrets>(),
            all.GetRequiredService<HandlerParts>(), all.GetRequiredService<ILogger<LiveProviders>>()));
        services.AddHostedService(all => all.GetRequiredService<LiveProviders>());
        services.AddSingleton(all => all.GetRequiredService<LiveProviders>().Changes);
        services.AddSingleton<Admission>();
        services.AddSingleton(all => new BegunSessions(
            all.GetRequiredService<NpgsqlDataSource>(), all.GetRequiredService<SecretSafe>()));
        services.AddSingleton(all => new SessionEnds(
            all.GetRequiredService<NpgsqlDataSource>(), all.GetRequiredService<ExternalSessions>(),
            all.GetRequiredService<ExternalRoles>(), all.GetRequiredService<ProviderRequests>(),
            all.GetRequiredService<TimeProvider>()));
        services.AddSingleton<LeaveProvider>();
        services.AddSingleton<IAfterSignOut>(all => all.GetRequiredService<LeaveProvider>());
        // Its failures are logged once, by what they mean; it would log codes and addresses at lower levels.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Authentication.OpenIdConnect", LogLevel.None);
    }

    /// <summary>What administrators ask of providers.</summary>
    public static void MapOpenId(this IEndpointRouteBuilder routes)
    {
        var sso = routes.MapGroup("/api/v1/sso").WithTags("Sign-in providers");
        sso.MapGet("", ListSignInProviders.Handle).RequireAuthorization(Permissions.SsoRead);
        var recent = ExternalSessions.StepUp("Whoever runs a sign-in provider can say who anybody is");
        sso.MapPut("/{name}", SetSignInProvider.Handle).RequireAuthorization(Permissions.SsoWrite)
            .WithMetadata(recent);
        sso.MapDelete("/{name}", RemoveSignInProvider.Handle).RequireAuthorization(Permissions.SsoWrite);
        sso.MapPost("/{name}/test", TestSignInProvider.Handle).RequireAuthorization(Permissions.SsoWrite);
        sso.MapPost("/requests/{id}/approve", DecideSignInProvider.Approve)
            .RequireAuthorization(Permissions.SsoWrite).WithMetadata(recent);
        sso.MapPost("/requests/{id}/decline", DecideSignInProvider.Decline)
            .RequireAuthorization(Permissions.SsoWrite);
    }

    /// <summary>Where browsers leave for a provider and come back, and where it says that a session is over.</summary>
    public static void MapSignInWithProviders(this IEndpointRouteBuilder routes)
    {
        var with = routes.MapGroup(LiveProvider.Path + "/{provider}").AllowAnonymous().ExcludeFromDescription();
        with.MapGet("", StartSignIn.Handle);
        with.MapGet("/back", FinishSignIn.Handle).WithMetadata(ExternalSessions.ActMark);
        with.MapGet("/out", LeaveProvider.Handle);
        with.MapPost("/logout", BackChannelLogout.Handle).WithMetadata(
            ForPrograms.Mark, ExternalSessions.ActMark, new RequestSizeLimitAttribute(BackChannelLogout.MostBodyBytes));
    }
}
