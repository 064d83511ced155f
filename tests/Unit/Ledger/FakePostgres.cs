using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Guerdon.Unit.Ledger;

/// <summary>
/// A PostgreSQL server without data: every statement succeeds with no row, unless the test names an error for it. It
/// listens on the loopback address and records what it is asked to run.
/// </summary>
internal sealed class FakePostgres : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<string, string?> _errorFor;
    private readonly List<string> _ran = [];
    private readonly Task _serving;

    /// <param name="errorFor">The SQLSTATE that a statement fails with, and after a blank the schema that it names;
    /// null where it succeeds.</param>
    public FakePostgres(Func<string, string?> errorFor)
    {
        _errorFor = errorFor;
        _listener.Start();
        _serving = AcceptAsync();
    }

    public string ConnectionString =>
        $"Host=127.0.0.1;Port={((IPEndPoint)_listener.LocalEndpoint).Port};Username=u;Password=p;SSL Mode=Disable;"
        + "GSS Encryption Mode=Disable;Pooling=false;Server Compatibility Mode=NoTypeLoading";

    public List<string> Ran
    {
        get
        {
            lock (_ran) return [.. _ran];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var sessions = new List<Task>();
        try
        {
            while (true) sessions.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
        }
        finally
        {
            await Task.WhenAll(sessions).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var own = client;
        client.NoDelay = true; // answers are small, and would wait for each other
        var stream = client.GetStream();
        var length = new byte[4];
        await stream.ReadExactlyAsync(length, _stopping.Token);
        await stream.ReadExactlyAsync(new byte[BinaryPrimitives.ReadInt32BigEndian(length) - 4], _stopping.Token);
        await stream.WriteAsync((byte[])
        [
            .. Message('R', new byte[4]), .. Message('S', Text("server_version", "16.0")),
            .. Message('S', Text("client_encoding", "UTF8")), .. Message('S', Text("integer_datetimes", "on")),
            .. Message('S', Text("standard_conforming_strings", "on")), .. Message('S', Text("TimeZone", "UTC")),
            .. Message('K', new byte[8]), .. Message('Z', "I"u8),
        ], _stopping.Token);

        var session = new Session(Run);
        var head = new byte[5];
        while (true)
        {
            await stream.ReadExactlyAsync(head, _stopping.Token);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4];
            await stream.ReadExactlyAsync(body, _stopping.Token);
            if (head[0] == 'X') return;
            await stream.WriteAsync(session.Answer((char)head[0], body), _stopping.Token);
        }
    }

    private string? Run(string sql)
    {
        lock (_ran)
        {
            _ran.Add(sql);
            return _errorFor(sql);
        }
    }

    /// <summary>What one connection is in the middle of.</summary>
    private sealed class Session(Func<string, string?> run)
    {
        private readonly Dictionary<string, string> _prepared = [];
        private string _bound = "";
        private char _state = 'I';
        private bool _skips; // after an error, until the next Sync

        public byte[] Answer(char kind, byte[] body)
        {
            var texts = Encoding.UTF8.GetString(body).Split('\0');
            if (kind == 'S') { _skips = false; return Message('Z', [(byte)_state]); }
            if (kind == 'Q') return [.. Execute(texts[0]), .. Answer('S', [])];
            if (_skips) return [];
            switch (kind)
            {
                case 'P': _prepared[texts[0]] = texts[1]; return Message('1', []);
                case 'B': _bound = _prepared[texts[1]]; return Message('2', []);
                case 'D': return [.. body[0] == 'S' ? Message('t', new byte[2]) : [], .. Message('n', [])];
                case 'E': return Execute(_bound);
                case 'C': return Message('3', []);
                case 'H': return []; // Flush: nothing is held back
                default: throw new InvalidOperationException($"A message that the fake does not know: {kind}");
            }
        }

        private byte[] Execute(string sql)
        {
            if (run(sql) is { } error)
            {
                _skips = true;
                if (_state == 'T') _state = 'E';
                var parts = error.Split(' ');
                string[] schema = parts.Length > 1 ? [$"s{parts[1]}"] : [];
                return Message('E', Text(["SERROR", "VERROR", $"C{parts[0]}", "Mrefused", .. schema, ""]));
            }

            if (sql.StartsWith("BEGIN", StringComparison.OrdinalIgnoreCase)) _state = 'T';
            if (sql is "COMMIT" or "ROLLBACK") _state = 'I';
            return Message('C', Text(sql is "COMMIT" or "ROLLBACK" ? sql : "SET"));
        }
    }

    private static byte[] Text(params string[] texts) => [.. texts.SelectMany(t => Encoding.UTF8.GetBytes(t + '\0'))];

    private static byte[] Message(char kind, ReadOnlySpan<byte> body)
    {
        var message = new byte[5 + body.Length];
        message[0] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), 4 + body.Length);
        body.CopyTo(message.AsSpan(5));
        return message;
    }
}
