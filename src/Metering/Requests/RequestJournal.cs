using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Metering.Requests;

/// <summary>
/// The request journal: openings that are durable when their task ends, closings that are written in groups.
/// </summary>
public sealed partial class RequestJournal : IHostedService
{
    internal static readonly TimeSpan WriteWithin = TimeSpan.FromMilliseconds(100);

    private readonly OpeningWriter _openings;
    private readonly ClosingWriter[] _closings;
    private readonly MeteringOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private Task _running = Task.CompletedTask;
    private volatile bool _broken;

    public RequestJournal(
        NpgsqlDataSource db, LedgerWriter ledger, IOptions<MeteringOptions> options, TimeProvider clock,
        ILogger<RequestJournal> log)
    {
        _options = options.Value;
        _clock = clock;
        _log = log;
        _openings = new(db, _options, clock, log);
        _closings = [.. Enumerable.Range(0, _options.Flushers).Select(_ =>
            new ClosingWriter(db, ledger, _options, clock, log, wallets => Booked?.Invoke(wallets)))];
    }

    /// <summary>
    /// Raised after each commit with the wallets it charged, so that pages can show it. Must not block.
    /// </summary>
    public event Action<IReadOnlyCollection<WalletId>>? Booked;

    /// <summary>True while so much waits for the database that no further request should be admitted.</summary>
    public bool IsOverloaded => _broken || _openings.Waiting + _closings.Sum(c => c.Waiting) >= _options.Backlog;

    /// <summary>No opening that is yet to come is filed earlier, even where the clock is put back.</summary>
    public DateTime LatestOpening => _openings.Latest;

    /// <summary>Appends an opening.</summary>
    /// <returns>Ends when it is on disk; fails where the database stays away.</returns>
    /// <exception cref="InvalidOperationException">Too many openings wait; see <see cref="IsOverloaded"/>.</exception>
    public Task OpenAsync(Opening opening) => _openings.Enqueue(opening)
        ?? throw new InvalidOperationException("The journal's backlog is full.");

    /// <summary>
    /// Hands over a closed request, to be written within the flush interval. Call it once for each opening.
    /// </summary>
    public void Close(RequestRecord record) => WriterOf(record.Wallet).Enqueue(record);

    /// <summary>Waits until the closings of a wallet that were handed over before are written, for a flush at most: not
    /// longer, since the database may be away. Where nothing waits to be written it ends at once.</summary>
    public async Task WrittenAsync(WalletId wallet, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(_options.FlushEvery + WriteWithin, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        await WriterOf(wallet).WrittenAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
    }

    private ClosingWriter WriterOf(WalletId wallet) =>
        _closings[(uint)wallet.Value.GetHashCode() % (uint)_closings.Length];

    /// <summary>Ends when every closing handed over before is written; the ledger books it later (see
    /// <c>Settlements</c>).</summary>
    public Task DrainAsync() => Task.WhenAll(_closings.Select(c => c.WrittenAsync(CancellationToken.None)));

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.WhenAll(
            [Start(_openings.RunAsync), .. _closings.Select(c => Start(c.RunAsync))]);
        return Task.CompletedTask;
    }

    private Task Start(Func<Task> loop) => Task.Run(() => KeepAsync(loop), CancellationToken.None);

    // A loop that ends by a fault is a bug. Then nothing more is admitted, rather than admitted and not recorded.
    private async Task KeepAsync(Func<Task> loop)
    {
        try
        {
            await loop();
        }
        catch (Exception e)
        {
            _broken = true;
            Log.Broken(_log, e);
            throw;
        }
    }

    /// <summary>Writes what is waiting, then stops.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _openings.Complete();
        foreach (var closing in _closings) closing.Complete();
        await _running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Critical, Message = "The request journal broke; restart this node.")]
        public static partial void Broken(ILogger log, Exception e);
    }
}
