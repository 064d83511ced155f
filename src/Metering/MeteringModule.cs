using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Stipend.Metering.Requests;

namespace Stipend.Metering;

/// <summary>The module's one door: everything it registers and every route it serves.</summary>
public static class MeteringModule
{
    public static void AddMetering(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<MeteringOptions>()
            .BindConfiguration(MeteringOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<RequestJournal>()
            .AddHostedService(services => services.GetRequiredService<RequestJournal>());
        builder.Services.AddHostedService<MonthPartitions>();
    }
}
