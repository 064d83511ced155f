using System.Runtime.InteropServices;
using Guerdon.Terminal;

namespace Guerdon.Unit.Terminal;

/// <summary>What the first, second and third signal do, and a terminal that is closed.</summary>
public sealed class StopSignalsTests
{
    private static bool Taken(Action<PosixSignalContext> hear, PosixSignal signal)
    {
        var context = new PosixSignalContext(signal);
        hear(context);
        return context.Cancel; // the system does nothing further
    }

    [Fact]
    public void Hear_FirstStopsSecondHurriesThirdIsTheSystems()
    {
        using var signals = new StopSignals();

        Assert.True(Taken(signals.Hear, PosixSignal.SIGINT));
        Assert.Equal((true, false), (signals.Stop.IsCancellationRequested, signals.Hurry.IsCancellationRequested));
        Assert.True(Taken(signals.Hear, PosixSignal.SIGTERM));
        Assert.True(signals.Hurry.IsCancellationRequested);
        Assert.False(Taken(signals.Hear, PosixSignal.SIGINT));
    }

    [Fact]
    public void HangUp_Twice_StopsAndNeverHurries()
    {
        using var signals = new StopSignals();

        Assert.True(Taken(signals.HangUp, PosixSignal.SIGHUP));
        Assert.True(Taken(signals.HangUp, PosixSignal.SIGHUP));
        Assert.Equal((true, false), (signals.Stop.IsCancellationRequested, signals.Hurry.IsCancellationRequested));
    }

    [Fact]
    public void Hear_AfterAHangUp_Hurries()
    {
        using var signals = new StopSignals();
        signals.HangUp(new PosixSignalContext(PosixSignal.SIGHUP));
        signals.Hear(new PosixSignalContext(PosixSignal.SIGTERM));
        Assert.True(signals.Hurry.IsCancellationRequested);
    }

    [Fact]
    public void HangUp_AfterAStop_ChangesNothing()
    {
        using var signals = new StopSignals();
        signals.Hear(new PosixSignalContext(PosixSignal.SIGTERM));
        signals.HangUp(new PosixSignalContext(PosixSignal.SIGHUP));
        Assert.False(signals.Hurry.IsCancellationRequested);
        signals.Hear(new PosixSignalContext(PosixSignal.SIGTERM));
        Assert.True(signals.Hurry.IsCancellationRequested);
    }
}
