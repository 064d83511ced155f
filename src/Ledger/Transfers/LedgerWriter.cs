using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Ledger.Transfers;

/// <summary>
/// The one way to post. Callers await a result; meanwhile a few lanes write many callers' transfers in one round trip
/// and one commit. When a call returns, what it says is durable.
/// </summary>
public sealed class LedgerWriter : IHostedService, IAsyncDisposable
{
    private readonly Lane[] _lanes;
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;
    private int _disposed;

    public LedgerWriter(
        NpgsqlDataSource db, IOptions<LedgerOptions> options, TimeProvider clock, ILogger<LedgerWriter> log) =>
        _lanes = [.. Enumerable.Range(0, options.Value.Lanes).Select(_ => new Lane(db, options.Value, clock, log))];

    /// <summary>Posts one transfer. Repeating it is safe.</summary>
    /// <exception cref="NpgsqlException">The database stayed away; whether it was posted, a repeat will
    /// tell.</exception>
    /// <exception cref="OperationCanceledException">The writer has stopped, and nothing was posted.</exception>
    public async Task<Posted> PostAsync(Transfer transfer, CancellationToken ct) =>
        (await PostAsync([transfer], with: null, ct))[0];

    /// <summary>
    /// Posts several transfers all-or-nothing, and writes other things in the same commit. Repeating it is safe.
    /// </summary>
    /// <param name="linked">In the order they apply. May be empty where only <paramref name="with"/> is to run.</param>
    /// <param name="with">It runs only if the transfers post and are not repeats.</param>
    /// <param name="ct">Stops waiting; what is already on its way may still be posted.</param>
    /// <returns>One result a transfer. Either all are done or all are refused.</returns>
    /// <exception cref="NpgsqlException">The database stayed away; whether it was posted, a repeat will
    /// tell.</exception>
    /// <exception cref="OperationCanceledException">The writer has stopped, and nothing was posted.</exception>
    public async Task<IReadOnlyList<Posted>> PostAsync(
        IReadOnlyList<Transfer> linked, InSameCommit? with, CancellationToken ct)
    {
        var unit = new Unit(linked, with);
        await LaneOf(linked).EnqueueAsync(unit, ct);
        return await unit.Done.Task.WaitAsync(ct);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running =
            Task.WhenAll(_lanes.Select(lane => Task.Run(() => lane.RunAsync(_stopping.Token), CancellationToken.None)));
        return Task.CompletedTask;
    }

    /// <summary>Writes what is queued, then stops.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var lane in _lanes) lane.Complete();
        await _running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stopping.CancelAsync();
    }

    /// <summary>Safe to repeat.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var lane in _lanes) await lane.DisposeAsync();
        _stopping.Dispose();
    }

    // By the paying wallet, so that its transfers keep their order and two lanes seldom meet in one chain.
    private Lane LaneOf(IReadOnlyList<Transfer> linked) => linked.Count == 0
        ? _lanes[0]
        : _lanes[(int)((uint)linked[0].Wallet.Value.GetHashCode() % (uint)_lanes.Length)];
}
