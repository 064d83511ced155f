using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Guerdon.Database.Gateway;

/// <summary>A provider that does with its connections what no web server would: it drips, stalls and breaks
/// off.</summary>
internal sealed class RawProvider : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;

    public RawProvider()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>What it does with a connection once a whole request has come over it.</summary>
    public Func<NetworkStream, CancellationToken, Task> Answer { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>The last whole request that came, head and body.</summary>
    public string Received { get; private set; } = "";

    public string Address => $"http://{_listener.LocalEndpoint}";

    /// <summary>The head of an answer whose length is known.</summary>
    public static byte[] Head(long length, string type = "application/json") => Encoding.ASCII.GetBytes(
        $"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: {length}\r\n\r\n");

    /// <summary>Sends byte by byte, five a second.</summary>
    public static async Task DripAsync(NetworkStream to, byte[] bytes, CancellationToken ct)
    {
        foreach (var one in bytes)
        {
            await to.WriteAsync(new[] { one }, ct);
            await Task.Delay(200, ct);
        }
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                await ReadRequestAsync(stream);
                await Answer(stream, _stopping.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The gateway has hung up, which is what some of the tests are about.
            }
        }
    }

    private async Task ReadRequestAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[65_536];
        while (true)
        {
            var read = await stream.ReadAsync(buffer, _stopping.Token);
            if (read == 0) throw new IOException("It left.");
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            var head = text.ToString().IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head < 0 || text.Length < head + 4 + LengthIn(text.ToString(0, head))) continue;
            Received = text.ToString();
            return;
        }
    }

    private static int LengthIn(string head)
    {
        const string name = "content-length:";
        var line = head.Split("\r\n").First(l => l.StartsWith(name, StringComparison.OrdinalIgnoreCase));
        return int.Parse(line.AsSpan(name.Length), System.Globalization.CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }
}
