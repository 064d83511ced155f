using Guerdon.Host.Database;
using Microsoft.Extensions.Logging.Abstractions;

namespace Guerdon.Tests;

/// <summary>A process that starts a cluster in the home it is given, says so, and waits to be killed.</summary>
internal static class ClusterHolder
{
    public static async Task Main(string[] args)
    {
        var options = new PrivateClusterOptions(args[0]) { Durable = false, SharedBuffersMb = 64 };
        await using var cluster =
            await PrivateCluster.StartAsync(options, TimeProvider.System, NullLogger.Instance, default);
        Console.WriteLine($"ready {cluster.Pid} {cluster.SupervisorPid} {cluster.IsOurs}");
        await Console.In.ReadToEndAsync();
    }
}
