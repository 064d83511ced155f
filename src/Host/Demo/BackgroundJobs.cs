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
        var forAll = services.GetServices<IHostedService>().OfType<Job>().Where(job => job.Timing.OneNode is not null);
        foreach (var job in forAll.OrderBy(job => job is FinishConversions ? 2 : job is ExpireLots ? 1 : 0))
            await job.RunAsync(ct);
    }
}
