using Guerdon.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Guerdon.Gateway;

/// <summary>The module's one door: everything it registers and every route it serves.</summary>
public static class GatewayModule
{
    private static readonly string[] GetOrHead = [HttpMethods.Get, HttpMethods.Head];
    private static readonly string[] GetOrConnect = [HttpMethods.Get, HttpMethods.Connect];

    // Where providers' paths begin. Google's SDKs upload files beside the API, and try new methods in an alpha of it.
    private static readonly string[] NotPassedOn = ["/v1", "/v1beta", "/v1alpha", "/upload/v1beta"];

    /// <summary>Name of the meter and of the activity source, for whoever exports them.</summary>
    public const string Telemetry = GatewayMeter.Name;

    public static void AddGateway(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<GatewayOptions>()
            .BindConfiguration(GatewayOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<GatewayOptions>, ProviderRules>();
        services.AddSingleton<IValidateOptions<GatewayOptions>, UnreadProviders>();
        services.AddOptions<AdmissionOptions>()
            .BindConfiguration(AdmissionOptions.Section).ValidateDataAnnotations().ValidateOnStart();

        services.AddSingleton<GatewayStop>().AddSingleton<Surroundings>();
        services.AddHostedService(provider => provider.GetRequiredService<GatewayStop>());
        services.AddOptions<HostOptions>().Configure<IOptions<GatewayOptions>>((host, gateway) =>
            host.ShutdownTimeout = GatewayStop.StopWithin(gateway.Value.FinishWithin));

        services.AddSingleton<NodeLease>().AddSingleton<EscrowReader>().AddSingleton<EscrowDesk>()
            .AddSingleton<Reclaim>().AddSingleton<Admission>();
        services.AddSingleton<BudgetStore>().AddSingleton<KeyBudgets>().AddSingleton<CallAdmission>();
        services.AddHostedService<AdmissionLoop>();
        services.AddSingleton<CreateKey.IssueKey>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton(provider => provider.GetRequiredService<KeyRing>().Revocations);
        services.AddSingleton<Leavers>();
        services.AddSingleton(provider => provider.GetRequiredService<Leavers>().Changes);
        services.AddSingleton(provider => Recall.To(provider.GetRequiredService<Admission>()));
        services.AddSingleton(provider => provider.GetRequiredService<KeyBudgets>().Recalls);
        services.AddSingleton<PolicyBook>().AddSingleton<ApplyPolicy.Desk>().AddSingleton<PolicyWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<PolicyWatch>());
        services.AddSingleton(provider => provider.GetRequiredService<PolicyWatch>().Changes);
        services.AddSingleton<WalletStops>();
        services.AddHostedService(provider => provider.GetRequiredService<WalletStops>());
        services.AddSingleton(provider => provider.GetRequiredService<WalletStops>().Changes);
        services.AddSingleton<ProviderSet>().AddSingleton<ProviderBook>().AddSingleton<ProviderDesk>()
            .AddSingleton<ProviderWatch>();
        services.AddSingleton(provider => new GatewayAlarms(
            provider.GetRequiredService<ProviderDesk>(), provider.GetRequiredService<PolicyBook>()));
        services.AddHostedService(provider => provider.GetRequiredService<ProviderWatch>());
        services.AddSingleton(provider => provider.GetRequiredService<ProviderWatch>().Changes);
        services.AddHostedService<Listener>();

        services.AddOptions<TuningOptions>()
            .BindConfiguration(TuningOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TuningStore>().AddSingleton<TuningUpstream>().AddSingleton<TuningBooks>()
            .AddSingleton<TuningChecks>().AddSingleton<TuningPrices>();
        services.AddHostedService<TuningWatch>();
        services.AddSingleton<TuningDoor>().AddSingleton<ServeFiles>().AddSingleton<ServeJobs>()
            .AddSingleton<CreateJob>();

        services.AddSingleton<CallShares>().AddSingleton<CallIntake>();
        services.AddSingleton<ForwardCall>().AddSingleton<ListModels>();
    }

    public static void MapGateway(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/api/v1/keys").RequireAuthorization(Access.SignedIn).WithTags("Keys");
        keys.MapPost("", CreateKey.Handle);
        keys.MapGet("", ListKeys.Handle);
        keys.MapDelete("/{id}", RevokeKey.Handle);
        MapPolicies(routes);
        MapStops(routes);
        MapProviders(routes);
        MapCalls(routes);
    }

    // Whom the policy binds may read it.
    private static void MapPolicies(IEndpointRouteBuilder routes)
    {
        const string root = "/api/v1/gateway-policy";
        routes.MapGet(root, GetPolicy.InForce).RequireAuthorization(Access.SignedIn).WithTags("Policies");
        var policies = routes.MapGroup(root).RequireAuthorization(Access.Admin).WithTags("Policies");
        policies.MapPost("", ApplyPolicy.Handle);
        policies.MapPost("/check", CheckPolicy.Handle);
        policies.MapGet("/versions/{version:int}", GetPolicy.Version);
        policies.MapPost("/close", TurnSwitch.Close);
        policies.MapPost("/open", TurnSwitch.Open);
    }

    private static void MapStops(IEndpointRouteBuilder routes)
    {
        var stops = routes.MapGroup("/api/v1/gateway-stops").RequireAuthorization(Access.Admin).WithTags("Policies");
        stops.MapGet("", ListStops.Handle);
        stops.MapPost("/{wallet}/clear", ClearStop.Handle);
    }

    private static void MapProviders(IEndpointRouteBuilder routes)
    {
        var providers = routes.MapGroup("/api/v1/providers").RequireAuthorization(Access.Admin).WithTags("Providers");
        providers.MapGet("", ListProviders.Handle);
        providers.MapPut("/{name}", SetProvider.Handle);
        providers.MapPost("/{name}/rotate", RotateProvider.Handle);
        providers.MapPost("/{name}/retire", RotateProvider.Retire);
        providers.MapDelete("/{name}", RemoveProvider.Handle);
    }

    // Everything below /v1 and /v1beta, and the HEAD / that Claude Code begins with. Personal keys sign callers in.
    private static void MapCalls(IEndpointRouteBuilder routes)
    {
        var gateway = routes.MapGroup("").AllowAnonymous().ExcludeFromDescription();
        CallerText.Guard(gateway);
        gateway.ShortCircuit(); // sign-in, antiforgery and error pages are for people
        var origins = routes.ServiceProvider.GetRequiredService<IOptions<GatewayOptions>>().Value.AllowedOrigins;
        BrowserAccess.Allow(gateway, origins);
        var stop = routes.ServiceProvider.GetRequiredService<GatewayStop>();
        ((IEndpointConventionBuilder)gateway).Finally(endpoint =>
            endpoint.RequestDelegate = stop.Over(endpoint.RequestDelegate!));
        var forward = routes.ServiceProvider.GetRequiredService<ForwardCall>();
        // Kestrel's own limit answers in no provider's shape; CallerBody keeps ours.
        foreach (var api in Apis.OfOnePath)
            gateway.MapPost(api.Path, forward.Serve(api)).WithMetadata(new DisableRequestSizeLimitAttribute());

        foreach (var path in (string[])["/v1beta/models/{call}", "/v1/models/{call}"])
            gateway.MapPost(path, ServeGemini.With(forward)).WithMetadata(new DisableRequestSizeLimitAttribute());

        var models = routes.ServiceProvider.GetRequiredService<ListModels>();
        gateway.MapMethods("/v1/models", GetOrHead, models.AllAsync);
        gateway.MapMethods("/v1/models/{**id}", GetOrHead, models.OneAsync);
        gateway.MapMethods("/v1beta/models", GetOrHead, models.AllAsync);
        gateway.MapMethods("/v1beta/models/{id}", GetOrHead, models.OneAsync);
        MapTuning(gateway);
        gateway.MapMethods("/", [HttpMethods.Head], static http => Task.CompletedTask);
        gateway.MapMethods(Api.Responses.Path, GetOrConnect, NotUpgradedAsync);
        foreach (var root in NotPassedOn)
        {
            gateway.Map(root + "/{**path}", NotServedAsync);
            gateway.MapMethods(root + "/{**path}", [HttpMethods.Options], BrowserAccess.Preflight(
                origins, NotServedAsync));
        }

        // What tools ask for whose base URL lacks the version.
        foreach (var api in Apis.OfOnePath) gateway.MapPost(api.Path["/v1".Length..], NotServedAsync);
    }

    // A file may be far larger than Kestrel's limit; ServeFiles keeps one of ours.
    private static void MapTuning(RouteGroupBuilder gateway)
    {
        var services = ((IEndpointRouteBuilder)gateway).ServiceProvider;
        var door = services.GetRequiredService<TuningDoor>();
        var files = services.GetRequiredService<ServeFiles>();
        gateway.MapPost("/v1/files", door.To(files.UploadAsync))
            .WithMetadata(new DisableRequestSizeLimitAttribute());
        gateway.MapGet("/v1/files", door.To(files.ListAsync));
        gateway.MapGet("/v1/files/{id}", door.To(files.GetAsync));
        gateway.MapDelete("/v1/files/{id}", door.To(files.DeleteAsync));

        const string root = TuningJob.Root;
        var jobs = services.GetRequiredService<ServeJobs>();
        gateway.MapPost(root, door.To(services.GetRequiredService<CreateJob>().ServeAsync));
        gateway.MapGet(root, door.To(jobs.ListAsync));
        gateway.MapGet(root + "/{id}", door.To(jobs.GetAsync));
        gateway.MapPost(root + "/{id}/cancel", door.To(jobs.CancelAsync));
        gateway.MapGet(root + "/{id}/events", door.To(jobs.EventsAsync));
    }

    // Codex asks for a WebSocket first; told so, it goes on over HTTP at once.
    private static Task NotUpgradedAsync(HttpContext http)
    {
        var isUpgrade = HttpMethods.IsConnect(http.Request.Method)
            || http.Request.Headers.Upgrade.Any(protocol => protocol?.Contains("websocket",
                StringComparison.OrdinalIgnoreCase) == true);
        if (!isUpgrade) return NotServedAsync(http);
        http.Response.Headers.Upgrade = "HTTP/1.1"; // RFC 9110: a 426 says what is served instead
        return CallerShape.RefuseAsync(http, Dialect.OpenAi,
            GatewayRefusals.UpgradeRequired.With("This address is no WebSocket."));
    }

    // Refused rather than passed through: what is not understood cannot be metered.
    private static Task NotServedAsync(HttpContext http)
    {
        var path = http.Request.Path;
        var hint = path.StartsWithSegments("/v1/v1") || path.StartsWithSegments("/v1beta/v1beta")
            ? " It has the version twice: leave it out of the base URL that your tool is given."
            : NotPassedOn.Any(root => path.StartsWithSegments(root)) ? ""
            : " It lacks the version: put /v1 at the end of the base URL that your tool is given.";
        return CallerShape.RefuseAsync(http, CallerShape.DialectOf(http.Request),
            GatewayRefusals.PathNotServed.With($"{http.Request.Method} {path} is not served.{hint}"));
    }
}
