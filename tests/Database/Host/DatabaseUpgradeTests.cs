using System.Runtime.Versioning;
using Guerdon.Host;
using Guerdon.Host.Database;
using Guerdon.Host.Running;
using Guerdon.Tests;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Guerdon.Database.Host;

/// <summary>The server's files are replaced under a private cluster, as an upgrade of its package does.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class DatabaseUpgradeTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Programs_ChangedUnderTheServer_AreNoticedNamedAndRestarted()
    {
        var programs = await CopyAsync();
        var options = new PrivateClusterOptions(TestHome.New())
        {
            Durable = false, SharedBuffersMb = 64, Programs = programs, LookEvery = TimeSpan.FromMilliseconds(200),
        };
        await using var cluster = await PrivateCluster.StartAsync(
            options, TimeProvider.System, NullLogger.Instance, Ct);
        var needed = cluster.NeedsRestartAsync(Ct);
        await using var pool = NpgsqlDataSource.Create(cluster.ConnectionString());
        await using var old = await pool.OpenConnectionAsync(Ct);
        await RunFunctionAsync(old); // this session has the language loaded
        var readiness = new Readiness(new Sessions(Sessions.Of(pool)), TimeProvider.System);
        Assert.Null(await readiness.ProblemAsync());
        var library = Path.Combine(programs, "../lib/plpgsql.so");

        // The old library is gone, and the new one is not in place yet.
        File.Move(library, library + ".new");
        await Task.Delay(TimeSpan.FromSeconds(1.1), Ct);
        await RunFunctionAsync(old);
        Assert.Contains("programs were changed under the running server", await readiness.ProblemAsync(),
            StringComparison.Ordinal);
        var fault = await Assert.ThrowsAsync<PostgresException>(async () =>
        {
            await using var fresh = new NpgsqlConnection(cluster.ConnectionString() + ";Pooling=false");
            await fresh.OpenAsync(Ct);
            await RunFunctionAsync(fresh);
        });
        Assert.Equal(PostgresErrorCodes.UndefinedFile, fault.SqlState);
        Assert.Equal(HostRefusals.DatabaseChanged, DatabaseFault.In(fault)!.Refusal);

        // It is restarted once the new files are there, and is whole again.
        File.Move(library + ".new", library);
        File.SetLastWriteTimeUtc(library, TimeProvider.System.GetUtcNow().UtcDateTime);
        await needed.WaitAsync(Soon, Ct);
        var before = cluster.Pid;
        await cluster.RestartAsync(Ct);
        Assert.NotEqual(before, cluster.Pid);
        await Task.Delay(TimeSpan.FromSeconds(1.1), Ct);
        Assert.Null(await readiness.ProblemAsync());

        // Nothing more has changed.
        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        quiet.CancelAfter(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cluster.NeedsRestartAsync(quiet.Token));
    }

    private static async Task RunFunctionAsync(NpgsqlConnection session)
    {
        await using var run = new NpgsqlCommand("do 'begin end'", session);
        await run.ExecuteNonQueryAsync(Ct);
    }

    // PostgreSQL finds its libraries and its share beside its programs, where they lie as they did when it was built.
    private static async Task<string> CopyAsync()
    {
        var installed = (await PostgresBinaries.FindAsync(null, Ct)).Folder;
        var root = TestHome.New();
        Assert.SkipUnless(installed.StartsWith("/usr/lib/postgresql/", StringComparison.Ordinal),
            $"PostgreSQL lies in {installed}: this test knows Debian's layout.");
        var version = Path.GetDirectoryName(installed)!;
        var copy = Path.Combine(root, "lib/postgresql", Path.GetFileName(version));
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        Directory.CreateSymbolicLink(Path.Combine(root, "share"), "/usr/share");
        var copied = await Tool.RunAsync(["cp", "-r", version, copy], Ct);
        Assert.True(copied.Ok, copied.Output);
        await Tool.RunAsync(["chmod", "-R", "a+rX", root], Ct);
        return Path.Combine(copy, "bin");
    }
}
