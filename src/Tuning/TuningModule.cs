using Guerdon.Gateway;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Guerdon.Tuning;

/// <summary>The module's one door: everything it registers and every route it serves.</summary>
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
        services.AddSingleton<TuningDoor>().AddSingleton<ServeFiles>().AddSingleton<ServeJobs>()
            .AddSingleton<CreateJob>();
    }

    // A file may be far larger than Kestrel's limit; ServeFiles keeps one of ours.
    public static void MapTuning(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var gateway = routes.MapCallers();
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
}
