using Guerdon.Grants.Expiry;
using Guerdon.Payroll.Conversions;
using Guerdon.Storage;

namespace Guerdon.Host.Demo;

/// <summary>What the module does in the background, at once: for whoever turns a clock and cannot wait an
/// hour.</summary>
internal static class BackgroundJobs
{
    /// <summary>One pass of each, in an order in which none waits for another. Safe to repeat.</summary>
    public static async Task RunAsync(IServiceProvider services, CancellationToken ct)
    {
        var hosted = services.GetServices<IHostedService>().ToArray();
        foreach (var job in hosted.OfType<HourlyJob>().OrderBy(job => job is ExpireLots)) await job.RunAsync(ct);
        foreach (var job in hosted.OfType<FinishConversions>()) await job.RunAsync(ct);
    }
}
