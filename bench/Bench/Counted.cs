using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text;

namespace Guerdon.Bench;

/// <summary>Says over a port of its own how many bytes this process has allocated so far.</summary>
internal static class Counted
{
    /// <summary>Runs Guerdon itself within this process, so that its allocations can be asked for.</summary>
    public static Task<int> GuerdonAsync(int port, string[] args)
    {
        Tell(port);
        var result = Assembly.Load("guerdon").EntryPoint!.Invoke(null, [args]);
        return result as Task<int> ?? Task.FromResult(result as int? ?? 0);
    }

    public static void Tell(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        _ = Task.Run(async () =>
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                var total = GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(total));
            }
        });
    }

    public static async Task<long> AskAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        using var reader = new StreamReader(client.GetStream());
        return long.Parse(await reader.ReadToEndAsync(), CultureInfo.InvariantCulture);
    }
}
