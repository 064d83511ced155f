using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using Stipend.Kernel;

namespace Stipend.Metering.Requests;

/// <summary>Appends openings. Whatever waits goes in one statement, so that the wait is about one commit.</summary>
internal sealed partial class OpeningWriter(
    NpgsqlDataSource db, MeteringOptions options, TimeProvider clock, ILogger log)
{
    private const int MaxRows = 4_000;
    private static readonly string AppendSql = Sql.Read("Metering/Requests/AppendOpenings.sql");
    private static readonly string AppendAgainSql = $"{AppendSql} on conflict do nothing";

    private readonly Channel<(Opening Opening, TaskCompletionSource Durable)> queue =
        Channel.CreateBounded<(Opening, TaskCompletionSource)>(
            new BoundedChannelOptions(options.Backlog) { SingleReader = true });

    // One connection of its own: a pool hands out another each time, whose server process has nothing at hand.
    private NpgsqlConnection? connection;

    /// <summary>How many openings wait to be written.</summary>
    public int Waiting => queue.Reader.Count;

    /// <returns>A task that ends when the opening is on disk, or null where too many wait.</returns>
    public Task? Enqueue(Opening opening)
    {
        var durable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return queue.Writer.TryWrite((opening, durable)) ? durable.Task : null;
    }

    public void Complete() => queue.Writer.TryComplete();

    public async Task RunAsync()
    {
        var rows = new List<Opening>();
        var waiting = new List<TaskCompletionSource>();
        while (await queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            rows.Clear();
            waiting.Clear();
            while (rows.Count < MaxRows && queue.Reader.TryRead(out var next))
            {
                rows.Add(next.Opening);
                waiting.Add(next.Durable);
            }

            var failure = await AppendAsync(rows);
            foreach (var durable in waiting)
            {
                if (failure is null) durable.TrySetResult();
                else durable.TrySetException(failure);
            }
        }

        await DropConnectionAsync();
    }

    private async Task<Exception?> AppendAsync(List<Opening> rows)
    {
        var deadline = clock.GetUtcNow() + options.OpenWithin;
        for (var tries = 1; ; tries++)
        {
            try
            {
                connection ??= await db.OpenConnectionAsync(CancellationToken.None);
                await using var command = Command(connection, rows, again: tries > 1);
                await command.PrepareAsync(CancellationToken.None);
                await command.ExecuteNonQueryAsync(CancellationToken.None);
                return null;
            }
            catch (NpgsqlException e)
            {
                // The rows may be there already; appending them again changes nothing.
                Log.Failed(log, rows.Count, tries, e.Message);
                await DropConnectionAsync();
                if (clock.GetUtcNow() >= deadline) return e;
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(20 << Math.Min(tries, 6), 1_000)), clock);
            }
        }
    }

    private async Task DropConnectionAsync()
    {
        if (connection is null) return;
        await connection.DisposeAsync();
        connection = null;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, List<Opening> rows, bool again)
    {
        var command = new NpgsqlCommand(again ? AppendAgainSql : AppendSql, connection);
        Add(NpgsqlDbType.Uuid, o => o.Wallet.Value);
        Add(NpgsqlDbType.Uuid, o => o.Id.Value);
        Add(NpgsqlDbType.TimestampTz, o => o.StartedAt);
        Add(NpgsqlDbType.Uuid, o => o.Holder.Value);
        Add(NpgsqlDbType.Uuid, o => o.KeyId);
        Add(NpgsqlDbType.Text, o => o.Model);
        Add(NpgsqlDbType.Bigint, o => o.Held.Milli);
        return command;

        void Add<T>(NpgsqlDbType type, Func<Opening, T> column) =>
            command.Parameters.Add(Columns.Of(type, rows, column));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Could not append {Rows} openings (try {Tries}): {Reason}")]
        public static partial void Failed(ILogger log, int rows, int tries, string reason);
    }
}
