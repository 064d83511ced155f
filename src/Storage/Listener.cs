using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Storage;

/// <summary>What a part of a node wants to hear from the others, through the database.</summary>
/// <param name="Channel">A plain lower-case name.</param>
/// <param name="Begun">Called each time the node hears again: what was notified before may have been missed.</param>
/// <param name="Heard">Called with each payload, one at a time. Must not block.</param>
/// <param name="Deaf">Called when the node hears nothing for a while.</param>
public sealed record Subscription(string Channel, Action Begun, Action<string> Heard, Action Deaf);

/// <summary>
/// Hears what is notified, on one connection for all subscriptions of a node. Where it breaks, it
/// begins again within seconds.
/// </summary>
public sealed partial class Listener(
    NpgsqlDataSource db, IEnumerable<Subscription> subscriptions, TimeProvider clock, ILogger<Listener> log)
    : BackgroundService
{
    private static readonly Backoff AgainAfter = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
    private readonly Dictionary<string, Subscription> _byChannel = subscriptions.ToDictionary(s => s.Channel);
    private int _failures; // since it heard last

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
                foreach (var subscription in _byChannel.Values) subscription.Deaf();
                await AgainAfter.WaitAsync(++_failures, clock, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        connection.Notification += (_, e) => _byChannel[e.Channel].Heard(e.Payload);
        var sql = string.Join("; ", _byChannel.Keys.Select(channel => $"listen {channel}"));
        await using (var listen = new NpgsqlCommand(sql, connection)) await listen.ExecuteNonQueryAsync(ct);
        _failures = 0;
        foreach (var subscription in _byChannel.Values) subscription.Begun();
        while (true) await connection.WaitAsync(ct);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Not hearing other nodes for a while: {Reason}")]
        public static partial void Deaf(ILogger log, string reason);
    }
}
