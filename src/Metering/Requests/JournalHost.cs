using Microsoft.Extensions.Hosting;

namespace Stipend.Metering.Requests;

/// <summary>
/// Starts the journal before the services that hand it requests, and stops it after all of them: in the same step as
/// the ledger's writer, which it books through and which, registered before it, stops after it.
/// </summary>
internal sealed class JournalHost(RequestJournal journal) : IHostedLifecycleService
{
    // All that matters is booked by now; the rest waits for a database that is away, and is found by the next run.
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(5);

    public Task StartingAsync(CancellationToken cancellationToken) => journal.StartAsync(cancellationToken);
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StopWithin);
        await journal.StopAsync(limit.Token);
    }
}
