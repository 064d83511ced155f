using System.Threading.Channels;
using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Guerdon.Metering.Requests;

/// <summary>
/// Appends openings. What waits goes to the database as one row and one commit, so that the wait is about a commit.
/// </summary>
internal sealed partial class OpeningWriter(
    NpgsqlDataSource db, MeteringOptions options, TimeProvider clock, ILogger log)
{
    private const int MostTogether = 96; // so that their row fits a page
    private static readonly string AppendSql = Sql.Read("Metering/Requests/AppendOpenings.sql");
    private static readonly string AppendAgainSql = $"{AppendSql} on conflict do nothing";
    private static readonly Backoff AgainAfter = new(TimeSpan.FromMilliseconds(40), TimeSpan.FromSeconds(1));

    private readonly Channel<(Opening Opening, TaskCompletionSource Durable)> _queue =
        Channel.CreateBounded<(Opening, TaskCompletionSource)>(
            new BoundedChannelOptions(options.Backlog) { SingleReader = true });

    // One connection of its own, because a pool hands out another each time, whose server process has nothing cached.
    private NpgsqlConnection? _connection;

    private long _latest = clock.GetUtcNow().UtcTicks;

    /// <summary>No group that is yet to be written is stamped earlier, even where the clock is put back.</summary>
    public DateTime Latest => new(Interlocked.Read(ref _latest), DateTimeKind.Utc);

    /// <summary>How many openings wait to be written.</summary>
    public int Waiting => _queue.Reader.Count;

    /// <returns>A task that ends when the opening is on disk, or null where too many wait.</returns>
    public Task? Enqueue(Opening opening)
    {
        var durable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _queue.Writer.TryWrite((opening, durable)) ? durable.Task : null;
    }

    public void Complete() => _queue.Writer.TryComplete();

    public async Task RunAsync()
    {
        var (taken, written) = (new Group(), new Group());
        do
        {
            while (taken.Take(_queue.Reader, clock, Latest))
            {
                Interlocked.Exchange(ref _latest, taken.At.Ticks);
                var appending = AppendAsync(taken);
                written.Tell(); // while the database works for the next
                taken.Failure = await appending;
                (taken, written) = (written, taken);
            }

            written.Tell();
        }
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None));

        await DropConnectionAsync();
    }

    private async Task<Exception?> AppendAsync(Group group)
    {
        var since = clock.GetTimestamp();
        for (var tries = 1; ; tries++)
        {
            try
            {
                _connection ??= await db.OpenConnectionAsync(CancellationToken.None);
                await using var command = Command(_connection, group, again: tries > 1);
                await command.PrepareAsync(CancellationToken.None);
                await command.ExecuteNonQueryAsync(CancellationToken.None);
                return null;
            }
            catch (NpgsqlException e)
            {
                // The row may be there already. That does no harm, since appending it again changes nothing.
                Log.Failed(log, group.Openings.Count, tries, e.Message);
                await DropConnectionAsync();
                if (clock.GetElapsedTime(since) >= options.OpenWithin) return e;
                await AgainAfter.WaitAsync(tries, clock, CancellationToken.None);
            }
        }
    }

    private async Task DropConnectionAsync()
    {
        if (_connection is null) return;
        await _connection.DisposeAsync();
        _connection = null;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, Group group, bool again)
    {
        var command = new NpgsqlCommand(again ? AppendAgainSql : AppendSql, connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = group.Openings[0].Holder.Value });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = group.At });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = group.Id });
        Add(NpgsqlDbType.Uuid, o => o.Wallet.Value);
        Add(NpgsqlDbType.Uuid, o => o.Id.Value);
        Add(NpgsqlDbType.TimestampTz, o => o.StartedAt);
        Add(NpgsqlDbType.Uuid, o => o.KeyId);
        Add(NpgsqlDbType.Text, o => o.Model);
        Add(NpgsqlDbType.Bigint, o => o.Held.Milli);
        return command;

        void Add<T>(NpgsqlDbType type, Func<Opening, T> column) =>
            command.Parameters.Add(Columns.Of(type, group.Openings, column));
    }

    private sealed class Group
    {
        private readonly List<TaskCompletionSource> _waiting = [];

        public List<Opening> Openings { get; } = [];
        public Guid Id { get; private set; }
        public DateTime At { get; private set; }
        public Exception? Failure { get; set; }

        /// <returns>False where nothing waits.</returns>
        public bool Take(
            ChannelReader<(Opening Opening, TaskCompletionSource Durable)> queue, TimeProvider clock, DateTime latest)
        {
            while (Openings.Count < MostTogether && queue.TryPeek(out var next)
                && (Openings.Count == 0 || next.Opening.Holder == Openings[0].Holder) && queue.TryRead(out next))
            {
                Openings.Add(next.Opening);
                _waiting.Add(next.Durable);
            }

            if (Openings.Count == 0) return false;
            Id = Kernel.Id.New<RequestId>(clock).Value;
            At = LatestOf(latest);
            var now = clock.GetUtcNow().UtcDateTime;
            if (now > At) At = now;
            return true;
        }

        // Whoever looks for requests since a moment looks at groups since it, even where the clock was put back.
        private DateTime LatestOf(DateTime moment)
        {
            foreach (var opening in Openings)
                if (opening.StartedAt > moment) moment = opening.StartedAt;
            return moment;
        }

        public void Tell()
        {
            foreach (var durable in _waiting)
            {
                if (Failure is null) durable.TrySetResult();
                else durable.TrySetException(Failure);
            }

            Openings.Clear();
            _waiting.Clear();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Could not append {Rows} openings (try {Tries}): {Reason}")]
        public static partial void Failed(ILogger log, int rows, int tries, string reason);
    }
}
