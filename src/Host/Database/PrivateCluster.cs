using System.ComponentModel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Host.Database;

/// <summary>
/// The PostgreSQL that Guerdon runs itself when <c>GUERDON_DB</c> is unset. It is reached through a socket that only
/// the server's account and root can open. It ends with the process that started it, even after kill -9; a process
/// that finds it running uses it and leaves it running, and starts it again where it ends meanwhile.
/// </summary>
internal sealed partial class PrivateCluster : IAsyncDisposable
{
    public const string Superuser = "postgres";
    public const string Owner = "guerdon"; // of the database and all that is in it; only migrations run as it
    public const string Application = "guerdon_app"; // owns nothing: see Rights
    public const int Port = 5432; // names the socket's file, nothing more

    private const string HasSql = """
        select exists (select from pg_roles where rolname = $1) as has_owner,
               exists (select from pg_roles where rolname = $2) as has_application,
               exists (select from pg_database where datname = $1) as has_database
        """;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    private readonly PrivateClusterOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private Supervisor? _supervisor;
    private string _programs = "", _mark = "";

    private PrivateCluster(ClusterPlace place, PrivateClusterOptions options, TimeProvider clock, ILogger log)
    {
        (Place, _options, _clock, _log) = (place, options, clock, log);
    }

    public ClusterPlace Place { get; }

    /// <summary>The server's process.</summary>
    public int Pid { get; private set; }

    /// <summary>False when another process had started it; then disposing leaves it running.</summary>
    public bool IsOurs => _supervisor is not null;

    /// <summary>The process that stops the server when this one dies; null when another process has it.</summary>
    public int? SupervisorPid => _supervisor?.Pid;

    /// <summary>Completes when a server of ours has ended; never, when it is another's.</summary>
    public Task Ended => _supervisor?.Ended ?? Task.Delay(Timeout.Infinite, CancellationToken.None);

    /// <summary>Makes the cluster where there is none, starts or finds it, and waits until it answers.</summary>
    /// <exception cref="DatabaseSetupException">It cannot; the message says why and what to do.</exception>
    public static async Task<PrivateCluster> StartAsync(
        PrivateClusterOptions options, TimeProvider clock, ILogger log, CancellationToken ct)
    {
        if (OperatingSystem.IsWindows())
            throw new DatabaseSetupException("On Windows, set GUERDON_DB to a PostgreSQL server.");

        var place = await ClusterPlace.PrepareAsync(options.Home, ct);
        var cluster = new PrivateCluster(place, options, clock, log);
        await cluster.StartAsync(ct);
        return cluster;
    }

    /// <summary>A connection string for a database of this cluster; the application's unless another
    /// role is named.</summary>
    public string ConnectionString(string database = Owner, string role = Application) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = Place.Sockets,
            Port = Port,
            Database = database,
            Username = role,
        }.ConnectionString;

    /// <summary>
    /// Ends when the server has ended, be it ours or that of a process which is over; or when the programs of ours were
    /// changed and can be started: sessions of an old server cannot load new libraries. Another's programs are for its
    /// own process to look after.
    /// </summary>
    public async Task NeedsRestartAsync(CancellationToken ct)
    {
        var seen = _mark;
        while (true)
        {
            await Task.WhenAny(Ended, Task.Delay(_options.LookEvery, _clock, ct));
            ct.ThrowIfCancellationRequested();
            if (Ended.IsCompleted || (!IsOurs && PostmasterFile.ReadLiving(Place.Data) is null)) return;
            if (!IsOurs) continue;

            // Only where it is the same twice, since an upgrade takes a while to put its files in place.
            var before = seen;
            seen = MarkNow() ?? _mark;
            if (seen == _mark || seen != before || !await CanStartAsync(ct)) continue;
            Log.Changed(_log, _programs);
            return;
        }
    }

    private async Task<bool> CanStartAsync(CancellationToken ct)
    {
        try
        {
            _ = await ProgramsAsync(ct);
            return true;
        }
        catch (Exception e) when (e is DatabaseSetupException or Win32Exception or IOException)
        {
            return false;
        }
    }

    // Null while they cannot be looked at, as when an upgrade has taken them away for a moment.
    private string? MarkNow()
    {
        try
        {
            return ServerFiles.Mark(_programs);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private Task<PostgresBinaries> ProgramsAsync(CancellationToken ct) => _options.Programs is { } folder
        ? PostgresBinaries.InAsync(folder, ct)
        : PostgresBinaries.FindAsync(Place.Major(), ct);

    /// <summary>Migrates the cluster's own database as its owner.</summary>
    public Task MigrateAsync(CancellationToken ct) =>
        DatabaseSetup.MigrateAsync(new(ConnectionString(role: Owner)), Application, _log, ct);

    /// <summary>Starts the server again after it ended, or finds that another process did.</summary>
    public async Task RestartAsync(CancellationToken ct)
    {
        await StopAsync();
        await StartAsync(ct);
    }

    /// <summary>A fast shutdown when the server is ours; waits for it.</summary>
    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task StopAsync()
    {
        if (_supervisor is null) return;
        _supervisor.Stop();
        try
        {
            await _supervisor.Ended.WaitAsync(_options.StopTimeout, _clock);
        }
        catch (TimeoutException)
        {
            Log.StillStopping(_log, Pid, _options.StopTimeout.TotalSeconds);
        }
        _supervisor.Dispose();
        _supervisor = null;
    }

    private async Task StartAsync(CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(_options.StartTimeout, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        var began = _clock.GetTimestamp();
        try
        {
            await using var alone = await LockAsync(both.Token);
            Pid = await RunningAsync(both.Token) ?? await LaunchAsync(both.Token);
            await EnsureDatabaseAsync(both.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            await StopAsync();
            throw new DatabaseSetupException(
                $"PostgreSQL did not start within {_options.StartTimeout.TotalSeconds:0} s; see {Place.Logs}.");
        }
        catch
        {
            await StopAsync();
            throw;
        }
        Log.Ready(_log, Place.Data, Pid, IsOurs, _clock.GetElapsedTime(began).TotalMilliseconds);
    }

    // Of two processes that start at once only one may make and start the cluster; the other then finds it.
    private async Task<FileStream> LockAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return StartLock.Take(Place.LockFile);
            }
            catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
            {
                await Task.Delay(Poll, _clock, ct);
            }
        }
    }

    // Another's server. On its way up or down, its end is awaited instead.
    private async Task<int?> RunningAsync(CancellationToken ct)
    {
        while (PostmasterFile.ReadLiving(Place.Data) is { } running)
        {
            if (running.Status == "ready") return running.Pid;
            await Task.Delay(Poll, _clock, ct);
        }
        return null;
    }

    private async Task<int> LaunchAsync(CancellationToken ct)
    {
        var binaries = await ProgramsAsync(ct);
        (_programs, _mark) = (binaries.Folder, ServerFiles.Mark(binaries.Folder));
        if (Place.Major() is null) await ClusterSettings.CreateAsync(Place, binaries, _options.Durable, ct);
        await ClusterSettings.WriteAsync(Place, binaries, _options, ct);

        // After kill -9 these files stay, and the process they name may by now be anyone's, or a dead one that
        // nobody reaps. They must go, since PostgreSQL would believe them. That is safe: it also finds survivors
        // through its shared memory.
        File.Delete(PostmasterFile.PathIn(Place.Data));
        File.Delete(Path.Combine(Place.Sockets, $".s.PGSQL.{Port}.lock"));

        while (true)
        {
            _supervisor = Supervisor.Start(Place, binaries.Server);
            if (await ReadyAsync(ct) is { } pid) return pid;

            await StopAsync();
            var said = await Place.LastWordsAsync(ct);
            // Sessions of a killed server may still have its memory. They end by themselves, so it is tried until then.
            if (!said.Contains("shared memory block", StringComparison.Ordinal))
                throw new DatabaseSetupException($"PostgreSQL did not start; see {Place.Logs}, which ends: {said}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), _clock, ct);
        }
    }

    // Null when the server ended instead.
    private async Task<int?> ReadyAsync(CancellationToken ct)
    {
        while (!_supervisor!.Ended.IsCompleted)
        {
            if (PostmasterFile.ReadLiving(Place.Data) is { Status: "ready" } server) return server.Pid;
            await Task.Delay(Poll, _clock, ct);
        }
        return null;
    }

    private async Task EnsureDatabaseAsync(CancellationToken ct)
    {
        var connection = new NpgsqlConnectionStringBuilder(ConnectionString("postgres", Superuser)) { Pooling = false };
        await using var admin = new NpgsqlConnection(connection.ConnectionString);
        await admin.OpenAsync(ct);
        var (hasOwner, hasApplication, hasDatabase) = await admin.SingleAsync(
            HasSql, row => (row.Bool("has_owner"), row.Bool("has_application"), row.Bool("has_database")),
            [Owner, Application], ct);

        // Not superusers: Guerdon itself must not be able to switch its own guards off for a session.
        if (!hasOwner) await admin.ExecuteAsync($"create role {Owner} login createdb", [], ct);
        if (!hasApplication) await admin.ExecuteAsync($"create role {Application} login", [], ct);
        if (!hasDatabase) await admin.ExecuteAsync($"create database {Owner} owner {Owner}", [], ct);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning,
            "PostgreSQL's programs in {Folder} were changed under the running server; it is restarted")]
        public static partial void Changed(ILogger log, string folder);

        [LoggerMessage(LogLevel.Information,
            "PostgreSQL in {Data} is ready: process {Pid}, ours {IsOurs}, after {ElapsedMs:0} ms")]
        public static partial void Ready(ILogger log, string data, int pid, bool isOurs, double elapsedMs);

        [LoggerMessage(LogLevel.Warning,
            "PostgreSQL (process {Pid}) is still stopping after {Seconds:0} s; it will finish by itself")]
        public static partial void StillStopping(ILogger log, int pid, double seconds);
    }
}
