using System.IO.Pipelines;
using Guerdon.Gateway.Forwarding;

namespace Guerdon.Unit.Gateway;

/// <summary>However a caller leaves, it is the caller's doing: what the provider still makes is charged.</summary>
public sealed class CallerPipeTests
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);
    private static readonly CancellationToken Gone = new(canceled: true);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Ways => ["at once", "in its task", "as a broken connection"];

    [Theory, MemberData(nameof(Ways))]
    public async Task TryFlush_CallerHasLeft_IsFalseAndThrowsNothing(string way)
    {
        var pipe = new Pipe(gone => way switch
        {
            "at once" => throw new OperationCanceledException(gone), // as Kestrel does
            "in its task" => ValueTask.FromCanceled<FlushResult>(gone),
            _ => ValueTask.FromException<FlushResult>(new IOException("reset")),
        });

        Assert.False(await CallerPipe.TryFlushAsync(pipe, Within, TimeProvider.System, Gone));
    }

    [Fact]
    public async Task TryFlush_CallerTakesNothing_IsFalseOnceItTookTooLong() =>
        Assert.False(await CallerPipe.TryFlushAsync(
            new Pipe(_ => new(new TaskCompletionSource<FlushResult>().Task)),
            TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct));

    [Fact]
    public async Task TryFlush_CallerListens_IsTrue() =>
        Assert.True(await CallerPipe.TryFlushAsync(new Pipe(_ => default), Within, TimeProvider.System, Ct));

    [Fact]
    public async Task TryFlush_FailsWhileTheCallerListens_Throws() => await Assert.ThrowsAsync<IOException>(
        async () => await CallerPipe.TryFlushAsync(
            new Pipe(_ => throw new IOException("a fault of ours")), Within, TimeProvider.System, Ct));

    private sealed class Pipe(Func<CancellationToken, ValueTask<FlushResult>> flush) : PipeWriter
    {
        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
            flush(cancellationToken);

        public override void Advance(int bytes) => throw new NotSupportedException();
        public override Memory<byte> GetMemory(int sizeHint = 0) => throw new NotSupportedException();
        public override Span<byte> GetSpan(int sizeHint = 0) => throw new NotSupportedException();
        public override void CancelPendingFlush() => throw new NotSupportedException();
        public override void Complete(Exception? exception = null) => throw new NotSupportedException();
    }
}
