using System.Collections.Concurrent;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Metering;
using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Gateway.Stops;

/// <summary>
/// Which wallets are stopped, in memory. A call that cost more than its hold stops its wallet on this node at once, on
/// the others when the database has it, and sounds an alarm.
/// </summary>
public sealed partial class WalletStops(NpgsqlDataSource db, TimeProvider clock, ILogger<WalletStops> log)
    : WatchedValue(StopStore.Channel, TimeSpan.FromSeconds(30), clock, log)
{
    private static readonly Backoff Again = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    private readonly TimeProvider _time = clock;
    private readonly ConcurrentDictionary<WalletId, WalletStop> _stopped = [];

    // Stops that the database has not got yet. A reload must not lose them: they are still calls of a stopped wallet.
    private readonly ConcurrentDictionary<RequestId, WalletStop> _unwritten = [];

    /// <summary>Why a wallet makes no calls, or null.</summary>
    public Refused? Refuses(WalletId wallet) =>
        _stopped.IsEmpty || !_stopped.TryGetValue(wallet, out var stop) ? null : stop.Refused;

    /// <summary>
    /// Alarms for a call that cost more than was held for it, and stops its wallet until that is charged in whole.
    /// Where the wallet does not cover it, somebody must look.
    /// </summary>
    /// <param name="stop">The call.</param>
    /// <param name="owing">Ends with what the wallet does not cover; null: it is charged in whole.</param>
    public void Stop(WalletStop stop, Task<Tokens>? owing)
    {
        Log.BeyondHold(log, stop.Request, stop.Wallet, stop.Model, stop.HeldMilli, stop.CostMilli);
        GatewayMeter.PassedItsHold(stop.Model);
        if (owing is not null)
        {
            _unwritten[stop.Request] = stop; // first: a reading forgets what stands in neither
            _stopped[stop.Wallet] = stop;
        }

        _ = FinishAsync(stop, owing);
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Clears stops that somebody has looked at, each by its call, on every node. A repeat changes
    /// nothing.</summary>
    /// <returns>How many there were, and the calls that stop the wallet still.</returns>
    internal async Task<(long Cleared, IReadOnlyList<RequestId> Left)> ClearAsync(
        (WalletId Wallet, IReadOnlyList<RequestId> Requests) which, (Actor Who, bool Alone) by, CancellationToken ct)
    {
        var cleared = await StopStore.ClearAsync(db, which, _time.GetUtcNow(), by, ct);
        // Here without waiting for the notification. What it clears of others is nobody's act.
        using (Acting.As(null)) await ReloadAsync(ct);
        return (cleared, await StopStore.OfAsync(db, which.Wallet, ct));
    }

    /// <summary>Reads what the database has, after it has what this node knows.</summary>
    public async Task ReloadAsync(CancellationToken ct)
    {
        var written = _unwritten.ToArray(); // those that come meanwhile are written by the next reading
        foreach (var (_, stop) in written) await StopStore.AddAsync(db, stop, ct);
        var stops = await StopStore.OpenAsync(db, ct);
        if (stops.Count > 0 && await StopStore.SettlePaidAsync(db, _time.GetUtcNow(), ct) > 0)
            stops = await StopStore.OpenAsync(db, ct);
        var open = stops.DistinctBy(stop => stop.Wallet).ToDictionary(stop => stop.Wallet);
        foreach (var pair in written) _unwritten.TryRemove(pair);
        foreach (var (wallet, stop) in open) _stopped[wallet] = stop;
        var unwritten = _unwritten.Values.Select(stop => stop.Wallet).ToHashSet();
        foreach (var (wallet, stop) in _stopped)
            if (!open.ContainsKey(wallet) && !unwritten.Contains(wallet)) _stopped.TryRemove(new(wallet, stop));
    }

    protected override Task ReadAsync(CancellationToken ct) => ReloadAsync(ct);

    private async Task FinishAsync(WalletStop stop, Task<Tokens>? owing)
    {
        if (owing is null)
        {
            await SurelyAsync(stop, () => StopStore.AddAsync(
                db, stop.Settled(_time.GetUtcNow()), CancellationToken.None));
            return;
        }

        await SurelyAsync(stop, () => StopStore.AddAsync(db, stop, CancellationToken.None));
        _unwritten.TryRemove(new(stop.Request, stop));
        if ((await owing).Milli > 0) return;
        await SurelyAsync(stop, () => StopStore.SettleAsync(
            db, stop.Settled(_time.GetUtcNow()), CancellationToken.None));
        _stopped.TryRemove(new(stop.Wallet, stop));
    }

    // Until it is written: what was paid meanwhile must not keep its wallet stopped.
    private async Task SurelyAsync(WalletStop stop, Func<Task> write)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                await write();
                return;
            }
            catch (NpgsqlException e)
            {
                Log.NotWritten(log, stop.Request, e.Message);
                await Again.WaitAsync(failures, _time, CancellationToken.None);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Request {Request} of {Wallet} to {Model} held {HeldMilli} "
            + "milli-tokens and cost {CostMilli}: the wallet stops until that is paid or an administrator has looked.")]
        public static partial void BeyondHold(
            ILogger log, RequestId request, WalletId wallet, string model, long heldMilli, long costMilli);

        [LoggerMessage(Level = LogLevel.Warning,
            Message = "The stop for {Request} could not be written down; trying again: {Reason}")]
        public static partial void NotWritten(ILogger log, RequestId request, string reason);
    }
}
