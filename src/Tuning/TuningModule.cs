using Guerdon.Gateway;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Guerdon.Tuning;

/// <summary>Registers the module's services and maps its routes.</summary>
public static class TuningModule
{
    public static void AddTuning(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<TuningOptions>()
            .BindConfiguration(TuningOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TuningStore>().AddSingleton<TuningUpstream>().AddSingleton<TuningEscrow>()
            .AddSingleton<TuningChecks>().AddSingleton<TuningPrices>();
        services.AddHostedService<TuningWatch>();
        services.AddSingleton<TuningAccess>().AddSingleton<ServeFiles>().AddSingleton<ServeJobs>()
            .AddSingleton<CreateJob>();
    }

    // A file may be far larger than Kestrel's limit allows, so that is off; ServeFiles has a limit of ours.
    public static void MapTuning(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var gateway = routes.MapCallers();
        var access = services.GetRequiredService<TuningAccess>();
        var files = services.GetRequiredService<ServeFiles>();
        gateway.MapPost("/v1/files", access.To(files.UploadAsync))
            .WithMetadata(new DisableRequestSizeLimitAttribute());
        gateway.MapGet("/v1/files", access.To(files.ListAsync));
        gateway.MapGet("/v1/files/{id}", access.To(files.GetAsync));
        gateway.MapDelete("/v1/files/{id}", access.To(files.DeleteAsync));

        const string root = TuningJob.Root;
        var jobs = services.GetRequiredService<ServeJobs>();
        gateway.MapPost(root, access.To(services.GetRequiredService<CreateJob>().ServeAsync));
        gateway.MapGet(root, access.To(jobs.ListAsync));
        gateway.MapGet(root + "/{id}", access.To(jobs.GetAsync));
        gateway.MapPost(root + "/{id}/cancel", access.To(jobs.CancelAsync));
        gateway.MapGet(root + "/{id}/events", access.To(jobs.EventsAsync));
    }
}
