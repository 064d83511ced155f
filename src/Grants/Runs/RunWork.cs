using System.Collections.Concurrent;
using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Grants.Runs;

/// <summary>
/// Does what runs need done once they are decided: posts what is approved, applies the rollover cap, reverses what is
/// to be reversed. Begun by whoever decides, and at start and every hour for what was cut off.
/// </summary>
internal sealed class RunWork(
    NpgsqlDataSource db, GrantPosting posting, Rollover rollover, GrantReversal reversal, TimeProvider clock,
    ILogger<RunWork> log)
    : Job(JobTiming.Hourly("compensation.RunWork"), db, clock, log)
{
    // A request never waits longer: it is answered, and the work goes on.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<RunId, Task<Refused?>> _running = new();

    /// <summary>Works on a run, and waits for it a while; the work goes on without whoever waits.</summary>
    /// <returns>Why it went no further, or null.</returns>
    public async Task<Refused?> BeginAsync(RunId run, CancellationToken ct)
    {
        var work = _running.GetOrAdd(run, of => Task.Run(() => WorkOnAsync(of), CancellationToken.None));
        await Task.WhenAny(work, Task.Delay(Patience, ct));
        return work.IsCompleted ? await work : null; // what failed is the caller's to know
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_running.Values.Cast<Task>()).WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _stopping.Dispose();
        base.Dispose();
    }

    protected override async Task<int> WorkAsync(CancellationToken ct)
    {
        await posting.FinishAsync(ct);
        await rollover.FinishAsync(ct);
        await reversal.FinishAsync(run: null, ct);
        return 0;
    }

    private async Task<Refused?> WorkOnAsync(RunId run)
    {
        try
        {
            if (await posting.PostAsync(run, _stopping.Token) is { } refused) return refused;
            await rollover.FinishAsync(_stopping.Token);
            await reversal.FinishAsync(run, _stopping.Token);
            return null;
        }
        finally
        {
            _running.TryRemove(run, out _);
        }
    }
}
