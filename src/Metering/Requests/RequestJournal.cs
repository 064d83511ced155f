using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Metering.Requests;

/// <summary>
/// The request journal: openings that are durable when their task ends, closings that are booked in groups.
/// </summary>
public sealed partial class RequestJournal : IHostedService
{
    private readonly OpeningWriter openings;
    private readonly ClosingWriter[] closings;
    private readonly MeteringOptions options;
    private readonly ILogger log;
    private Task running = Task.CompletedTask;
    private volatile bool broken;

    public RequestJournal(
        NpgsqlDataSource db, LedgerWriter ledger, IOptions<MeteringOptions> options, TimeProvider clock,
        ILogger<RequestJournal> log)
    {
        this.options = options.Value;
        this.log = log;
        openings = new(db, this.options, clock, log);
        closings = [.. Enumerable.Range(0, this.options.Flushers).Select(_ =>
            new ClosingWriter(db, ledger, this.options, clock, log, wallets => Booked?.Invoke(wallets)))];
    }

    /// <summary>
    /// Raised behind each commit with the wallets it charged, so that pages can show it. Must not block.
    /// </summary>
    public event Action<IReadOnlyCollection<WalletId>>? Booked;

    /// <summary>True while so much waits for the database that no further request should be admitted.</summary>
    public bool IsOverloaded => broken || openings.Waiting + closings.Sum(c => c.Waiting) >= options.Backlog;

    /// <summary>No opening that is yet to come is filed earlier, even where the clock is put back.</summary>
    public DateTime LatestOpening => openings.Latest;

    /// <summary>Appends an opening.</summary>
    /// <returns>Ends when it is on disk; fails where the database stays away.</returns>
    /// <exception cref="InvalidOperationException">Too many openings wait; see <see cref="IsOverloaded"/>.</exception>
    public Task OpenAsync(Opening opening) => openings.Enqueue(opening)
        ?? throw new InvalidOperationException("The journal's backlog is full.");

    /// <summary>
    /// Hands over a settled request, to be booked within the flush interval. Call it once for each opening.
    /// </summary>
    public void Close(RequestRecord record) =>
        closings[(uint)record.Wallet.Value.GetHashCode() % (uint)closings.Length].Enqueue(record);

    /// <summary>Ends when every closing handed over before is booked.</summary>
    public Task DrainAsync() => Task.WhenAll(closings.Select(c => c.DrainAsync()));

    public Task StartAsync(CancellationToken cancellationToken)
    {
        running = Task.WhenAll(
            [Start(openings.RunAsync), .. closings.Select(c => Start(c.RunAsync))]);
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
            broken = true;
            Log.Broken(log, e);
            throw;
        }
    }

    /// <summary>Books what is waiting, then stops.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        openings.Complete();
        foreach (var closing in closings) closing.Complete();
        await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Critical, Message = "The request journal broke; restart this node.")]
        public static partial void Broken(ILogger log, Exception e);
    }
}
