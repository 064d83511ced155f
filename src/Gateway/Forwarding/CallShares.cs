using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Providers;
using Microsoft.Extensions.Options;

namespace Guerdon.Gateway.Forwarding;

/// <summary>
/// What callers may take of this node: no wallet has more calls at once, or more memory for their bodies, than leaves
/// enough for others. A few compressed bytes become many, and a body stays until its call has ended; connections to a
/// provider are limited, and a call may take minutes. Without this, one person's calls would be all that is served.
/// </summary>
public sealed class CallShares
{
    /// <summary>Buffers of up to this many bytes are not counted: calls bound them.</summary>
    public const int Uncounted = 1 << 16;

    /// <summary>When what is refused here is worth another try: most calls end within seconds.</summary>
    public static readonly TimeSpan AgainIn = TimeSpan.FromSeconds(1);

    private readonly int _callsOfOne;
    private readonly long _bytesOfOne, _bytesInAll;
    private readonly Lock _gate = new();
    private readonly Dictionary<WalletId, Taken> _taken = []; // only wallets with calls
    private long _bytes;

    public CallShares(IOptions<GatewayOptions> options)
    {
        MostOfABody = options.Value.MaxBodyBytes;
        _callsOfOne = options.Value.CallsOfOne;
        // Buffers grow by doubling: with less than that, a body that is small enough could never be read.
        _bytesOfOne = Math.Max(options.Value.BodyBytesOfOne, 2L * MostOfABody);
        _bytesInAll = Math.Max(options.Value.BodyBytesInAll, _bytesOfOne);
    }

    /// <summary>The largest body that is read, in bytes.</summary>
    public int MostOfABody { get; }

    /// <summary>Lets a wallet begin one call more, or says why not.</summary>
    public Result<CallShare> Begin(WalletId wallet)
    {
        lock (_gate)
        {
            if (!_taken.TryGetValue(wallet, out var taken)) _taken[wallet] = taken = new Taken();
            if (taken.Calls >= _callsOfOne)
                return Full(
                    GatewayRefusals.CallsInFlight,
                    $"{_callsOfOne} calls of your wallet's are in flight on this node, as many as may be.");
            taken.Calls++;
            return new CallShare(this, taken, wallet);
        }
    }

    /// <summary>Takes so many bytes more, or says why not.</summary>
    internal Refused? Take(Taken taken, long more)
    {
        lock (_gate)
        {
            if (taken.Bytes + more > _bytesOfOne)
                return Full(
                    GatewayRefusals.BodiesInFlight,
                    $"Your calls' bodies would take more than {_bytesOfOne} bytes of memory together.");
            if (_bytes + more > _bytesInAll)
                return Full(
                    GatewayRefusals.BodiesInFlight,
                    $"All calls' bodies would take more than {_bytesInAll} bytes of memory together.");
            taken.Bytes += more;
            _bytes += more;
            return null;
        }
    }

    private static Refused Full(Refusal refusal, FormattableString detail) =>
        refusal.With(FormattableString.Invariant(detail)) with { RetryAfter = AgainIn };

    /// <summary>A call has ended.</summary>
    internal void End(WalletId wallet, Taken taken, long given)
    {
        lock (_gate)
        {
            taken.Bytes -= given;
            _bytes -= given;
            if (--taken.Calls == 0) _taken.Remove(wallet);
        }
    }

    /// <summary>What one wallet has taken.</summary>
    public sealed class Taken
    {
        // Inflating keeps a processor busy without a pause, so that more at once would only take it from others.
        private const int MostInflated = 4;

        public int Calls { get; set; }
        public long Bytes { get; set; }

        /// <summary>Bodies that are inflated at once; others of the wallet wait. It has no handle to dispose.</summary>
        public SemaphoreSlim Inflating { get; } = new(MostInflated);
    }
}

/// <summary>What one call takes. It is not for two threads at once; disposing it twice is disposing it once.</summary>
public sealed class CallShare(CallShares shares, CallShares.Taken taken, WalletId wallet) : IDisposable
{
    private long _bytes;
    private bool _isOver;

    /// <summary>Makes room for a buffer of this size in place of the one before, or says why there is none.</summary>
    public Refused? GrowTo(long bytes)
    {
        if (bytes <= CallShares.Uncounted || bytes <= _bytes) return null;
        if (shares.Take(taken, bytes - _bytes) is { } refused) return refused;
        _bytes = bytes;
        return null;
    }

    /// <summary>Waits until this wallet may inflate and read one body more, until <see cref="EndInflating"/>.</summary>
    /// <exception cref="OperationCanceledException">The caller went away; the share is given back.</exception>
    public async Task BeginInflatingAsync(CancellationToken ct)
    {
        try
        {
            await taken.Inflating.WaitAsync(ct);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void EndInflating() => taken.Inflating.Release();

    public void Dispose()
    {
        if (_isOver) return;
        _isOver = true;
        shares.End(wallet, taken, _bytes);
    }
}
