using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Stipend.Kernel;

namespace Stipend.Gateway;

/// <summary>The module's one door: everything it registers and every route it serves.</summary>
public static class GatewayModule
{
    private static readonly string[] GetOrHead = [HttpMethods.Get, HttpMethods.Head];

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
        services.AddOptions<AdmissionOptions>()
            .BindConfiguration(AdmissionOptions.Section).ValidateDataAnnotations().ValidateOnStart();

        services.AddSingleton<NodeLease>().AddSingleton<EscrowReader>().AddSingleton<EscrowDesk>()
            .AddSingleton<Reclaim>().AddSingleton<Admission>();
        services.AddHostedService<AdmissionLoop>();
        services.AddSingleton<CreateKey.IssueKey>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton(provider => provider.GetRequiredService<KeyRing>().Revocations);
        services.AddSingleton(provider => Recall.To(provider.GetRequiredService<Admission>()));
        services.AddSingleton<PolicyBook>().AddSingleton<ApplyPolicy.Desk>().AddSingleton<PolicyWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<PolicyWatch>());
        services.AddSingleton(provider => provider.GetRequiredService<PolicyWatch>().Changes);
        services.AddSingleton<ProviderSet>().AddSingleton<ProviderBook>().AddSingleton<ProviderDesk>()
            .AddSingleton<ProviderWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<ProviderWatch>());
        services.AddSingleton(provider => provider.GetRequiredService<ProviderWatch>().Changes);
        services.AddHostedService<Listener>();

        services.AddOptions<TuningOptions>()
            .BindConfiguration(TuningOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TuningStore>().AddSingleton<TuningUpstream>().AddSingleton<TuningBooks>()
            .AddSingleton<TuningChecks>().AddSingleton<TuningPrices>()
            .AddSingleton<TuningBudgets>();
        services.AddHostedService<TuningWatch>();
        services.AddSingleton<TuningDoor>().AddSingleton<ServeFiles>().AddSingleton<ServeJobs>()
            .AddSingleton<CreateJob>();

        services.AddSingleton<CallIntake>();
        services.AddSingleton<ForwardCall>().AddSingleton<ListModels>();
    }

    public static void MapGateway(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/api/v1/keys").RequireAuthorization(Access.SignedIn).WithTags("Keys");
        keys.MapPost("", CreateKey.Handle);
        keys.MapGet("", ListKeys.Handle);
        keys.MapDelete("/{id}", RevokeKey.Handle);
        MapPolicies(routes);
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
        foreach (var root in NotPassedOn) gateway.Map(root + "/{**path}", NotServedAsync);
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

    // Refused rather than passed through: what is not understood cannot be metered.
    private static Task NotServedAsync(HttpContext http) => CallerShape.RefuseAsync(
        http, CallerShape.DialectOf(http.Request),
        GatewayRefusals.PathNotServed.With($"{http.Request.Method} {http.Request.Path} is not served."));
}
