using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Guerdon.Host.Database;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Guerdon.Tests;

/// <summary>
/// The PostgreSQL of this test process: started by the first test that needs it, stopped and deleted at the end. What
/// was committed survives <see cref="KillAsync"/>, as in production.
/// </summary>
public sealed class TestCluster
{
    private static readonly Lazy<Task<TestCluster>> Shared = new(() => StartAsync());

    private static readonly ConcurrentBag<PrivateCluster> Started = [];

    private readonly PrivateCluster _cluster;

    static TestCluster() => AppDomain.CurrentDomain.ProcessExit += (_, _) => StopAll();

    private TestCluster(PrivateCluster cluster) => _cluster = cluster;

    /// <summary>The server's process.</summary>
    public int Pid => _cluster.Pid;

    /// <summary>True once the server has ended.</summary>
    public bool HasEnded => _cluster.Ended.IsCompleted;

    internal PrivateCluster Private => _cluster;

    /// <summary>The one that <see cref="TestDatabase"/> uses. Do not kill it: other tests run on it.</summary>
    public static Task<TestCluster> SharedAsync() => Shared.Value;

    /// <summary>Another cluster, for a test that kills it; deleted when the process ends.</summary>
    /// <param name="home">Where; an empty directory of its own, unless said otherwise.</param>
    public static async Task<TestCluster> StartAsync(string? home = null)
    {
        var options = new PrivateClusterOptions(home ?? TestHome.New()) { Durable = false, SharedBuffersMb = 64 };
        var cluster = await PrivateCluster.StartAsync(options, TimeProvider.System, NullLogger.Instance, default);
        Started.Add(cluster);
        return new TestCluster(cluster);
    }

    /// <summary>A connection string for a maintenance connection, as the superuser and without a pool.</summary>
    public string AdminConnectionString(string database = "postgres") =>
        new NpgsqlConnectionStringBuilder(_cluster.ConnectionString(database, PrivateCluster.Superuser))
        {
            Pooling = false,
        }.ConnectionString;

    /// <summary>kill -9 of the server, as the kernel does when memory runs out.</summary>
    public async Task KillAsync()
    {
        using (var server = Process.GetProcessById(_cluster.Pid)) server.Kill();
        await _cluster.Ended;
    }

    /// <summary>Stops the server and all its sessions where they stand, as a hung machine or network does.</summary>
    public Task FreezeAsync() => SignalAllAsync("STOP");

    /// <summary>Lets them go on.</summary>
    public Task ThawAsync() => SignalAllAsync("CONT");

    private async Task SignalAllAsync(string signal)
    {
        const string script = """kill -"$0" "$1" $(cat /proc/"$1"/task/"$1"/children)""";
        using var all = Process.Start(
            "sh", ["-c", script, signal, _cluster.Pid.ToString(CultureInfo.InvariantCulture)]);
        await all.WaitForExitAsync();
    }

    /// <summary>Starts the server again; it recovers what was committed.</summary>
    public Task RestartAsync() => _cluster.RestartAsync(default);

    // By a process of its own, since the runner complains about an exit of more than a second. An immediate shutdown,
    // without a last checkpoint: nobody will read these files again.
    private static void StopAll()
    {
        const string script = """
            exec >/dev/null 2>&1 </dev/null
            home=$1; shift
            kill -QUIT "$@"
            for pid; do for try in $(seq 100); do kill -0 "$pid" || break; sleep 0.1; done; done
            rm -rf "$home"
            """;
        var pids = Started.Where(started => !started.Ended.IsCompleted)
            .Select(started => started.Pid.ToString(CultureInfo.InvariantCulture));
        using var stop = Process.Start("sh", ["-c", script, "stop", TestHome.Folder, .. pids]);
    }
}
