using Guerdon.Dialects;
using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Known;
using Guerdon.Gateway.Admission;
using Guerdon.Gateway.Forwarding;
using Guerdon.Gateway.Keys;
using Guerdon.Gateway.Stops;
using Guerdon.Kernel;
using Guerdon.Providers;
using Guerdon.Relay.Callers;
using Guerdon.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Guerdon.Gateway;

/// <summary>Registers the module's services and maps its routes.</summary>
public static class GatewayModule
{
    private static readonly string[] GetOrHead = [HttpMethods.Get, HttpMethods.Head];
    private static readonly string[] GetOrConnect = [HttpMethods.Get, HttpMethods.Connect];

    // Paths below the dialects' that are no calls must be refused here, or the pages' own answer would meet them.
    private static readonly string[] NotPassedOn = [.. KnownDialects.All.SelectMany(one => one.Roots).Distinct()];

    /// <summary>Name of the meter and of the activity source, for whoever exports them.</summary>
    public const string Telemetry = GatewayMeter.Name;

    public static void AddGateway(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<AdmissionOptions>()
            .BindConfiguration(AdmissionOptions.Section).ValidateDataAnnotations().ValidateOnStart();

        services.AddSingleton<GatewayStop>().AddSingleton<Surroundings>();
        services.AddHostedService(provider => provider.GetRequiredService<GatewayStop>());
        services.AddOptions<HostOptions>().Configure<IOptions<GatewayOptions>>((host, gateway) =>
            host.ShutdownTimeout = GatewayStop.StopWithin(gateway.Value.FinishWithin));

        services.AddSingleton<NodeLease>().AddSingleton<EscrowReader>().AddSingleton<EscrowDraws>()
            .AddSingleton<Reclaim>().AddSingleton<WalletHolds>();
        services.AddSingleton<BudgetStore>().AddSingleton<KeyBudgets>().AddSingleton<CallAdmission>();
        services.AddHostedService<AdmissionLoop>();
        services.AddSingleton<CreateKey.IssueKey>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton(provider => provider.GetRequiredService<KeyRing>().Revocations);
        services.AddSingleton<CallsUnderWay>().AddSingleton<Leavers>();
        services.AddHostedService<EndedCalls>();
        services.AddSingleton(provider => provider.GetRequiredService<Leavers>().Changes);
        services.AddSingleton(provider => Recall.To(provider.GetRequiredService<WalletHolds>()));
        services.AddSingleton(provider => provider.GetRequiredService<KeyBudgets>().Recalls);
        services.AddSingleton<WalletStops>();
        services.AddHostedService(provider => provider.GetRequiredService<WalletStops>());
        services.AddSingleton(provider => provider.GetRequiredService<WalletStops>().Changes);
        services.AddHostedService<Listener>();

        services.AddSingleton<CallShares>().AddSingleton<CallIntake>();
        services.AddSingleton<ForwardCall>().AddSingleton<ListModels>();
    }

    public static void MapGateway(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/api/v1/keys").WithTags("Keys");
        keys.MapPost("", CreateKey.Handle).RequireAuthorization(Permissions.KeysMake);
        keys.MapGet("", ListKeys.Handle).RequireAuthorization(Permissions.KeysRead);
        keys.MapDelete("/{id}", RevokeKey.Handle).RequireAuthorization(Permissions.KeysRevoke);
        MapStops(routes);
        MapCalls(routes);
    }

    private static void MapStops(IEndpointRouteBuilder routes)
    {
        var stops = routes.MapGroup("/api/v1/gateway-stops").WithTags("Policies");
        stops.MapGet("", ListStops.Handle).RequireAuthorization(Permissions.StopsRead);
        stops.MapPost("/{wallet}/clear", ClearStop.Handle).RequireAuthorization(Permissions.StopsClear);
    }

    /// <summary>A group of endpoints for tools and programs, which personal keys sign in: texts are looked at first,
    /// browsers get what origins may, and a node that stops finishes them.</summary>
    public static RouteGroupBuilder MapCallers(this IEndpointRouteBuilder routes)
    {
        var callers = routes.MapGroup("").AllowAnonymous().ExcludeFromDescription();
        CallerText.Guard(callers);
        callers.ShortCircuit(); // sign-in, antiforgery and error pages are for people
        BrowserAccess.Allow(callers, OriginsOf(routes));
        var stop = routes.ServiceProvider.GetRequiredService<GatewayStop>();
        ((IEndpointConventionBuilder)callers).Finally(endpoint =>
            endpoint.RequestDelegate = stop.Over(endpoint.RequestDelegate!));
        return callers;
    }

    private static string[] OriginsOf(IEndpointRouteBuilder routes) =>
        routes.ServiceProvider.GetRequiredService<IOptions<GatewayOptions>>().Value.AllowedOrigins;

    private static void MapCalls(IEndpointRouteBuilder routes)
    {
        var paths = CallPaths.Of(KnownDialects.All);
        var gateway = routes.MapCallers();
        var origins = OriginsOf(routes);
        var forward = routes.ServiceProvider.GetRequiredService<ForwardCall>();
        // Without Kestrel's own limit, because its answer is in no provider's format; CallerBody has a limit of ours.
        foreach (var api in paths.OfOnePath)
            gateway.MapPost(api.Path, forward.Serve(api)).WithMetadata(new DisableRequestSizeLimitAttribute());

        foreach (var (route, dialect) in paths.OfModels)
            gateway.MapPost(route, ServeByPath.With(forward, dialect))
                .WithMetadata(new DisableRequestSizeLimitAttribute());

        var models = routes.ServiceProvider.GetRequiredService<ListModels>();
        foreach (var route in KnownDialects.All.Select(dialect => dialect.ModelsRoute).Distinct())
            gateway.MapMethods(route, GetOrHead, models.AllAsync);
        foreach (var route in KnownDialects.All.Select(dialect => dialect.ModelRoute).Distinct())
            gateway.MapMethods(route, GetOrHead, models.OneAsync);
        gateway.MapMethods("/", [HttpMethods.Head], static http => Task.CompletedTask);
        foreach (var api in paths.OfOnePath.Where(api => api.IsTriedBySocket))
            gateway.MapMethods(api.Path, GetOrConnect, http => NotUpgradedAsync(http, api.Dialect));
        foreach (var root in NotPassedOn)
        {
            gateway.Map(root + "/{**path}", NotServedAsync);
            gateway.MapMethods(root + "/{**path}", [HttpMethods.Options], BrowserAccess.Preflight(
                origins, NotServedAsync));
        }

        // Tools whose base URL lacks the version ask for these: they are told so instead of getting a page.
        foreach (var path in paths.WithoutVersion) gateway.MapPost(path, NotServedAsync);
    }

    // Codex asks for a WebSocket first, and falls back to HTTP at once only where it is told 426.
    private static Task NotUpgradedAsync(HttpContext http, Dialect dialect)
    {
        var isUpgrade = HttpMethods.IsConnect(http.Request.Method)
            || http.Request.Headers.Upgrade.Any(protocol => protocol?.Contains("websocket",
                StringComparison.OrdinalIgnoreCase) == true);
        if (!isUpgrade) return NotServedAsync(http);
        http.Response.Headers.Upgrade = "HTTP/1.1"; // RFC 9110: a 426 says what is served instead
        return CallerShape.RefuseAsync(http, dialect,
            GatewayRefusals.UpgradeRequired.With("This address is not a WebSocket."));
    }

    // Refused rather than passed through: what is not understood cannot be metered.
    private static Task NotServedAsync(HttpContext http)
    {
        var path = http.Request.Path;
        var hint = path.StartsWithSegments("/v1/v1") || path.StartsWithSegments("/v1beta/v1beta")
            ? " It has the version twice: leave it out of the base URL that your tool is given."
            : NotPassedOn.Any(root => path.StartsWithSegments(root)) ? ""
            : " It lacks the version: put /v1 at the end of the base URL that your tool is given.";
        return CallerShape.RefuseAsync(http, KnownDialects.Of(http.Request),
            DialectRefusals.PathNotServed.With($"{http.Request.Method} {path} is not served.{hint}"));
    }
}
