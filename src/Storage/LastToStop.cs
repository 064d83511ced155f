using Microsoft.Extensions.Hosting;

namespace Guerdon.Storage;

/// <summary>
/// Starts a service before all others and stops it after all others have stopped, in whatever order they were
/// registered: whoever still has something to hand it can do so until their own stop is over. Of several such services
/// the one that was registered first stops last.
/// </summary>
/// <param name="service">A singleton that is registered by itself too.</param>
public sealed class LastToStop<T>(T service) : IHostedLifecycleService
    where T : IHostedService
{
    // Not longer: all that matters is written by now. The rest waits for a database that is away,
    // so the next run finds it.
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(5);

    public Task StartingAsync(CancellationToken cancellationToken) => service.StartAsync(cancellationToken);
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StopWithin);
        await service.StopAsync(limit.Token);
    }
}
