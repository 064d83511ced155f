using System.Diagnostics;
using System.Runtime.Versioning;
using Guerdon.Client;
using Guerdon.Host.Database;
using Guerdon.Tests;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Guerdon.Database.Host;

[UnsupportedOSPlatform("windows")]
public sealed class DatabaseClusterTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_HomeOfTheFormerName_IsRefusedAndLeftAlone()
    {
        var home = TestHome.New();
        var former = Directory.CreateDirectory(Path.Combine(home, '.' + FormerName.Word.ToLowerInvariant()));

        var refused = await Assert.ThrowsAsync<DatabaseSetupException>(() => TestCluster.StartAsync(home));

        Assert.StartsWith($"{home} is a home of {FormerName.Word}", refused.Message, StringComparison.Ordinal);
        Assert.Equal([former.FullName], Directory.GetFileSystemEntries(home));
    }

    [Fact]
    public async Task Start_EmptyHome_ServesADurableDatabaseAndStopsCleanly()
    {
        var home = TestHome.New();
        int pid;
        await using (var cluster = await StartAsync(home, durable: true))
        {
            pid = cluster.Pid;
            Assert.True(cluster.IsOurs);
            Assert.Equal("on|on|on||C|UTF8|on|off|false", await ScalarAsync(cluster.ConnectionString(), """
                select concat_ws('|', current_setting('fsync'), current_setting('full_page_writes'),
                    current_setting('synchronous_commit'), current_setting('listen_addresses'), datcollate,
                    pg_encoding_to_char(encoding), current_setting('data_checksums'), current_setting('jit'),
                    (select rolsuper::text from pg_roles where rolname = current_user))
                from pg_database where datname = 'guerdon'
                """));
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(cluster.Place.Sockets));
        }
        Assert.False(IsAlive(pid));
        Assert.False(File.Exists(Path.Combine(home, ".guerdon/data/postmaster.pid")));
    }

    [Fact]
    public async Task Start_TwoAtOnce_OneOwnsAndTheOtherFinds()
    {
        var home = TestHome.New();
        var both = await Task.WhenAll(StartAsync(home), StartAsync(home));
        var (owner, guest) = both[0].IsOurs ? (both[0], both[1]) : (both[1], both[0]);

        Assert.True(owner.IsOurs);
        Assert.False(guest.IsOurs);
        Assert.Equal(owner.Pid, guest.Pid);
        await guest.DisposeAsync();
        Assert.True(IsAlive(owner.Pid));
        await owner.DisposeAsync();
        Assert.False(IsAlive(owner.Pid));
    }

    [Fact]
    public async Task NeedsRestart_OwnersProcessEnds_TheGuestStartsItAgain()
    {
        var home = TestHome.New();
        var owner = await StartAsync(home); // as a verb that happened to come first
        await using var guest = await StartAsync(home);
        var needed = guest.NeedsRestartAsync(Ct);
        Assert.False(guest.IsOurs);

        await owner.DisposeAsync();
        await needed.WaitAsync(Soon, Ct);
        await guest.RestartAsync(Ct);

        Assert.True(guest.IsOurs);
        Assert.NotEqual(owner.Pid, guest.Pid);
        Assert.Equal(1, await ScalarAsync(guest.ConnectionString(), "select 1"));
    }

    [Fact]
    public async Task KillServer_CommittedRows_AreThereAfterTheRestart()
    {
        var cluster = await TestCluster.StartAsync();
        var connection = cluster.AdminConnectionString();
        await ScalarAsync(connection, "create table kept (id int)");
        await using var busy = new NpgsqlConnection(connection);
        await busy.OpenAsync(Ct);
        for (var round = 1; round <= 3; round++)
        {
            await ScalarAsync(connection, $"insert into kept values ({round})");
            var before = cluster.Pid;
            await cluster.KillAsync();
            await cluster.RestartAsync();

            Assert.NotEqual(before, cluster.Pid);
            Assert.Equal((long)round, await ScalarAsync(connection, "select count(*) from kept"));
        }
    }

    [Fact]
    public async Task KillOwner_WithKill9_StopsTheServerAndTheNextStartFindsTheData()
    {
        var home = TestHome.New();
        using var owner = await HoldAsync(home);
        await using (var guest = await StartAsync(home))
        {
            Assert.Equal(owner.Server, guest.Pid);
            var admin = guest.ConnectionString("guerdon", PrivateCluster.Superuser) + ";Pooling=false";
            await ScalarAsync(admin, "create table kept (id int)");
            owner.Process.Kill();
            await UntilAsync(() => !IsAlive(owner.Server));
        }

        await using var next = await StartAsync(home);
        Assert.True(next.IsOurs);
        Assert.NotEqual(owner.Server, next.Pid);
        var again = next.ConnectionString("guerdon", PrivateCluster.Superuser) + ";Pooling=false";
        Assert.Equal(0L, await ScalarAsync(again, "select count(*) from kept"));
    }

    [Fact]
    public async Task KillEverything_WithKill9_TheNextStartRecovers()
    {
        var home = TestHome.New();
        using var owner = await HoldAsync(home);
        foreach (var pid in new[] { owner.Process.Id, owner.Supervisor, owner.Server })
        {
            using var victim = Process.GetProcessById(pid);
            victim.Kill();
        }
        await UntilAsync(() => !IsAlive(owner.Server));
        var stale = Path.Combine(home, ".guerdon/data/postmaster.pid");
        var lines = await File.ReadAllLinesAsync(stale, Ct);
        // The worst case: meanwhile the number is a living program's, of the account that runs the server.
        lines[0] = Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await File.WriteAllLinesAsync(stale, lines, Ct);

        await using var next = await StartAsync(home);

        Assert.True(next.IsOurs);
        Assert.Equal(1, await ScalarAsync(next.ConnectionString(), "select 1"));
    }

    [Fact]
    public async Task KillSupervisor_ThenOwner_StillStopsTheServer()
    {
        using var owner = await HoldAsync(TestHome.New());
        using (var shell = Process.GetProcessById(owner.Supervisor)) shell.Kill();
        owner.Process.Kill();

        await UntilAsync(() => !IsAlive(owner.Server));
    }

    [Fact]
    public async Task Start_PathTooLongForASocket_PutsTheSocketElsewhere()
    {
        var home = Path.Combine(TestHome.New(), new string('x', 100), "a,b");
        await using var cluster = await StartAsync(home);

        Assert.Equal(1, await ScalarAsync(cluster.ConnectionString(), "select 1"));
        Assert.Equal(cluster.Place.Sockets, (await File.ReadAllTextAsync(home + "/.guerdon/run.path", Ct)).Trim());
        Assert.DoesNotContain(home, cluster.Place.Sockets, StringComparison.Ordinal);
        Directory.Delete(cluster.Place.Sockets, recursive: true);
    }

    [Fact]
    public async Task Start_HomeThatTheServersAccountCannotEnter_PutsTheClusterElsewhere()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root runs the server as another account.");
        var closed = TestHome.New();
        File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var home = Directory.CreateDirectory(Path.Combine(closed, "checkout")).FullName;
        string root;
        await using (var cluster = await StartAsync(home)) root = cluster.Place.Root;
        await using (var again = await StartAsync(home)) Assert.Equal(root, again.Place.Root);

        Assert.StartsWith("/var/lib/guerdon/", root, StringComparison.Ordinal);
        Assert.StartsWith(
            root, await File.ReadAllTextAsync(home + "/.guerdon/elsewhere.txt", Ct), StringComparison.Ordinal);
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task Open_PrivateCluster_IsMigratedAndWritesAsGuerdon()
    {
        var options = new DatabaseOptions { Home = TestHome.New() };
        await using var database = await DatabaseSetup.OpenAsync(options, TimeProvider.System, NullLogger.Instance, Ct);
        await using var command = database.Source.CreateCommand("""
            select concat_ws('|', current_setting('guerdon.writes'), current_setting('TimeZone'),
                current_setting('jit'), current_setting('statement_timeout'), current_setting('application_name'),
                (select count(*) from host.migration), current_user)
            """);

        Assert.Equal(
            $"on|UTC|off|30s|guerdon|{Migration.Embedded().Count}|guerdon_app", await command.ExecuteScalarAsync(Ct));
    }

    [Fact]
    public async Task Open_ServerThatIsNotThere_SaysWhichInOneLine()
    {
        var options = new DatabaseOptions { Server = "postgres://me:secret@127.0.0.1:1/books" };

        var error = await Assert.ThrowsAsync<DatabaseSetupException>(
            () => DatabaseSetup.OpenAsync(options, TimeProvider.System, NullLogger.Instance, Ct));

        Assert.StartsWith("Cannot open database books at 127.0.0.1:1: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    private sealed record Holder(Process Process, int Server, int Supervisor) : IDisposable
    {
        public void Dispose()
        {
            if (!Process.HasExited) Process.Kill();
            Process.Dispose();
        }
    }

    // Another process with a cluster, which a test can kill -9.
    private static async Task<Holder> HoldAsync(string home)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Support.dll");
        var process = Process.Start(new ProcessStartInfo("dotnet", [program, home])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var line = await process.StandardOutput.ReadLineAsync(Ct) ?? throw new InvalidOperationException("No start.");
        var words = line.Split(' '); // ready <server> <supervisor> <ours>
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        return new Holder(process, int.Parse(words[1], culture), int.Parse(words[2], culture));
    }

    private static Task<PrivateCluster> StartAsync(string home, bool durable = false) =>
        PrivateCluster.StartAsync(
            new PrivateClusterOptions(home) { Durable = durable, SharedBuffersMb = 64 },
            TimeProvider.System, NullLogger.Instance, Ct);

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Ct);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        var since = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(since.Elapsed < Soon, $"Not within {Soon}.");
            await Task.Delay(20, Ct);
        }
    }

    // A zombie, whose parent has not yet asked for it, is dead.
    private static bool IsAlive(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1][0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }
}
