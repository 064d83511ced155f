using System.CommandLine;
using System.Runtime.InteropServices;

namespace Guerdon.Terminal;

/// <summary>
/// Ctrl-C and the signals by which a service manager stops a program. The first asks it to stop, the second to hurry,
/// and the third ends it as the system would. A terminal that is closed asks it to stop, and never to hurry: the shell
/// and the system both send a SIGHUP then. Under <c>nohup</c> there is none.
/// </summary>
public sealed class StopSignals : IDisposable
{
    private static readonly PosixSignal[] Heard = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT];
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _hurry = new();
    private readonly IReadOnlyList<PosixSignalRegistration> _registered;
    private int _count;

    public StopSignals() => _registered =
    [
        .. Heard.Select(signal => PosixSignalRegistration.Create(signal, Hear)),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, HangUp),
    ];

    public CancellationToken Stop => _stop.Token;

    public CancellationToken Hurry => _hurry.Token;

    private void Hear(PosixSignalContext context)
    {
        var nth = Interlocked.Increment(ref _count);
        if (nth > 2) return;
        context.Cancel = true;
        (nth == 1 ? _stop : _hurry).Cancel();
    }

    private void HangUp(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.CompareExchange(ref _count, 1, 0) == 0) _stop.Cancel();
    }

    /// <summary>A verb's surroundings, with the word to hurry.</summary>
    public sealed class Invocation(CancellationToken hurry) : InvocationConfiguration
    {
        public CancellationToken Hurry { get; } = hurry;
    }

    public void Dispose()
    {
        foreach (var registration in _registered) registration.Dispose();
        _stop.Dispose();
        _hurry.Dispose();
    }
}
