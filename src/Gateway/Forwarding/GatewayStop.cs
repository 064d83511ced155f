using Guerdon.Dialects.Known;
using Guerdon.Kernel;
using Guerdon.Providers;
using Guerdon.Relay.Callers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Guerdon.Gateway.Forwarding;

/// <summary>
/// How this node stops taking calls, while it still listens: (1) from the moment it is told to stop it refuses new
/// ones, (2) those in flight finish, for <see cref="GatewayOptions.FinishWithin"/> at most, (3) then each is ended with
/// an error in its caller's format, (4) and the connections of those that do not take it are closed. All of it is over
/// before the first service stops.
/// </summary>
public sealed partial class GatewayStop : IHostedLifecycleService, IDisposable
{
    /// <summary>When to come back: another node takes the call at once, this one when it is up again.</summary>
    internal static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    // Not zero, because an error event has yet to be written and a handler has to notice that its connection is gone.
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(5);

    private readonly TimeSpan _finishWithin;
    private readonly TimeProvider _clock;
    private readonly ILogger<GatewayStop> _log;
    private readonly CancellationTokenRegistration _told;
    private readonly CancellationTokenSource _hurry = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _aborting = new();
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;
    private volatile bool _isStopping;

    public GatewayStop(
        IOptions<GatewayOptions> options, TimeProvider clock, IHostApplicationLifetime host, ILogger<GatewayStop> log)
    {
        (_finishWithin, _clock, _log) = (options.Value.FinishWithin, clock, log);
        _told = host.ApplicationStopping.Register(Refuse);
    }

    /// <summary>What the host must allow for stopping: all of the steps above, and the booking after them.</summary>
    public static TimeSpan StopWithin(TimeSpan finishWithin) => finishWithin + 2 * EndWithin + TimeSpan.FromSeconds(30);

    /// <summary>True from the moment that the node is told to stop.</summary>
    public bool IsStopping => _isStopping;

    /// <summary>Ends when calls in flight must end now.</summary>
    internal CancellationToken Ending => _ending.Token;

    /// <summary>Ends the calls in flight at once, with an error each. Safe to repeat, and before any stop.</summary>
    public void Hurry() => _hurry.Cancel();

    /// <summary>A handler whose calls are waited for until the node is told to stop, and
    /// refused from then on.</summary>
    internal RequestDelegate Over(RequestDelegate next) => async http =>
    {
        Interlocked.Increment(ref _calls);
        try
        {
            if (_isStopping)
            {
                await RefuseAsync(http);
                return;
            }

            await using var abort = _aborting.Token.UnsafeRegister(static http => ((HttpContext)http!).Abort(), http);
            await next(http);
        }
        finally
        {
            if (Interlocked.Decrement(ref _calls) == 0 && _isStopping) _empty.TrySetResult();
        }
    };

    /// <summary>Why a call is ended or not taken.</summary>
    internal static Refused Refused() => GatewayRefusals.Stopping.With("Guerdon is stopping here.") with
    {
        RetryAfter = RetryAfter,
    };

    private static Task RefuseAsync(HttpContext http)
    {
        // The next call must not come over this connection.
        if (HttpProtocol.IsHttp11(http.Request.Protocol)) http.Response.Headers.Connection = "close";
        return CallerShape.RefuseAsync(http, KnownDialects.Of(http.Request), Refused());
    }

    private void Refuse()
    {
        _isStopping = true;
        if (Volatile.Read(ref _calls) == 0) _empty.TrySetResult();
    }

    /// <summary>Returns when no call is in flight. The server listens until then.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        Refuse(); // 1.
        if (_calls > 0) Log.Finishing(_log, _calls, _finishWithin.TotalSeconds);
        if (await IsEmptyWithinAsync(_finishWithin, _hurry.Token)) return; // 2.
        Log.Ending(_log, _calls);
        await _ending.CancelAsync(); // 3.
        if (await IsEmptyWithinAsync(EndWithin, cancellationToken)) return;
        Log.Aborting(_log, _calls);
        await _aborting.CancelAsync(); // 4.
        await IsEmptyWithinAsync(EndWithin, cancellationToken);
    }

    private async Task<bool> IsEmptyWithinAsync(TimeSpan limit, CancellationToken ct)
    {
        await _empty.Task.WaitAsync(limit, _clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _empty.Task.IsCompleted;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _told.Dispose();
        _hurry.Dispose();
        _ending.Dispose();
        _aborting.Dispose();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information,
            Message = "Stopping: {Calls} calls in flight have {Seconds:0} s to finish; new ones are refused.")]
        public static partial void Finishing(ILogger log, int calls, double seconds);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Calls} calls did not finish in time and are ended.")]
        public static partial void Ending(ILogger log, int calls);

        [LoggerMessage(Level = LogLevel.Warning,
            Message = "{Calls} calls do not take their error; their connections are closed.")]
        public static partial void Aborting(ILogger log, int calls);
    }
}
