using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Stipend.Pricing;

/// <summary>
/// Keeps this node's book as the database has it: read again when another node changes it, and once a minute in any
/// case, so that a lost notification delays a price by no more than that.
/// </summary>
internal sealed partial class BookWatch(
    NpgsqlDataSource db, PriceBook book, TimeProvider clock, ILogger<BookWatch> log) : BackgroundService
{
    public const string Channel = "pricing_book";
    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (NpgsqlException e)
            {
                Log.Deaf(log, e.Message);
                await Task.Delay(TryAgainAfter, clock, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection))
            await listen.ExecuteNonQueryAsync(ct);
        while (true)
        {
            await book.ReloadAsync(ct); // first for what was changed while nobody listened
            await connection.WaitAsync(ReadAgainAfter, ct);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning,
            Message = "Not listening for changes of the price book; reading it again soon: {Reason}")]
        public static partial void Deaf(ILogger log, string reason);
    }
}
