using Microsoft.Extensions.Hosting;

namespace Stipend.Ledger.Transfers;

/// <summary>
/// Starts the ledger's writer before any other service and stops it after every other has stopped, in whatever order
/// they were registered: whoever still has something to post can do so until their own stop is over.
/// </summary>
internal sealed class LedgerHost(LedgerWriter ledger) : IHostedLifecycleService
{
    // All that matters is written by now; the rest waits for a database that is away, and is found by the next run.
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(5);

    public Task StartingAsync(CancellationToken cancellationToken) => ledger.StartAsync(cancellationToken);
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StopWithin);
        await ledger.StopAsync(limit.Token);
    }
}
