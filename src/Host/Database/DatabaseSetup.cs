using System.Globalization;
using Npgsql;

namespace Guerdon.Host.Database;

/// <summary>The store, open and migrated. Disposing closes the pool, then stops a private cluster of ours.</summary>
internal sealed class DatabaseSetup : IAsyncDisposable
{
    private readonly string _alone;

    private DatabaseSetup(
        NpgsqlDataSource source, NpgsqlConnectionStringBuilder? owner, PrivateCluster? cluster,
        NpgsqlConnectionStringBuilder server)
    {
        (Source, Owner, Cluster) = (source, owner, cluster);
        _alone = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false }.ConnectionString;
        InTheClear = [.. DatabaseTls.InTheClear(server).Union(owner is null ? [] : DatabaseTls.InTheClear(owner))];
    }

    /// <summary>The application's pool.</summary>
    public NpgsqlDataSource Source { get; }

    /// <summary>How the owner connects; null where the application's role owns the database, or the owner is
    /// not known here.</summary>
    public NpgsqlConnectionStringBuilder? Owner { get; }

    /// <summary>Servers on other machines to which connections may be in the clear.</summary>
    public IReadOnlyList<string> InTheClear { get; }

    /// <summary>Null when <c>GUERDON_DB</c> names a server.</summary>
    public PrivateCluster? Cluster { get; }

    /// <summary>Starts or reaches the server, brings its schema up to date and opens the pool.</summary>
    /// <exception cref="DatabaseSetupException">It cannot; the message says why and what to do.</exception>
    public static async Task<DatabaseSetup> OpenAsync(
        DatabaseOptions options, TimeProvider clock, ILogger log, CancellationToken ct)
    {
        var cluster = options.Server is null
            ? await PrivateCluster.StartAsync(new PrivateClusterOptions(options.Home), clock, log, ct)
            : null;
        NpgsqlDataSource? source = null;
        try
        {
            var server = ConnectionText.Parse(options.Server ?? cluster!.ConnectionString());
            var owner = OwnerOf(options, server, cluster);
            source = ConnectionText.Build(() => Pool(server, options));
            await using (var owners = owner is null ? null : OwnersPool(owner))
            {
                await RefuseOldAsync(owners ?? source, ct);
                if (options.BeforeMigrating is { } look) await look(owners ?? source, ct);
                await new Migrator(owners ?? source, log, application: owner is null ? null : server.Username)
                {
                    RenewsRights = options.RenewsRights,
                }.MigrateAsync(ct);
            }

            return new DatabaseSetup(source, owner, cluster, server);
        }
        catch
        {
            if (source is not null) await source.DisposeAsync();
            if (cluster is not null) await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Migrates as the owner, and gives the application's role the rights it needs.</summary>
    internal static async Task MigrateAsync(
        NpgsqlConnectionStringBuilder owner, string application, ILogger log, CancellationToken ct)
    {
        await using var source = OwnersPool(owner);
        await new Migrator(source, log, application: application).MigrateAsync(ct);
    }

    private static NpgsqlDataSource OwnersPool(NpgsqlConnectionStringBuilder owner) =>
        ConnectionText.Build(() => Pool(owner, new DatabaseOptions { MaxPoolSize = 4 }), "GUERDON_DB_OWNER");

    private static NpgsqlConnectionStringBuilder? OwnerOf(
        DatabaseOptions options, NpgsqlConnectionStringBuilder application, PrivateCluster? cluster)
    {
        if (cluster is not null)
            return ConnectionText.Parse(cluster.ConnectionString(role: PrivateCluster.Owner));
        if (options.Owner is null) return null;
        var owner = ConnectionText.Parse(options.Owner, "GUERDON_DB_OWNER");
        return owner.Username == application.Username ? null : owner;
    }

    /// <summary>A pool whose sessions are Guerdon's own: their writes keep the digests of guarded rows.</summary>
    internal static NpgsqlDataSource Pool(NpgsqlConnectionStringBuilder server, DatabaseOptions options)
    {
        var ms = ((long)options.StatementTimeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        var ours = $"-c guerdon.writes=on -c TimeZone=UTC -c jit=off "
            + $"-c plan_cache_mode=force_generic_plan -c statement_timeout={ms}";
        var connection = new NpgsqlConnectionStringBuilder(server.ConnectionString)
        {
            Options = string.IsNullOrEmpty(server.Options) ? ours : $"{server.Options} {ours}",
            MaxPoolSize = options.MaxPoolSize,
            ApplicationName = "guerdon",
            // The server cancels first, so that its word, not a broken connection, ends a slow statement.
            CommandTimeout = (int)options.StatementTimeout.TotalSeconds + 5,
        };
        return new NpgsqlDataSourceBuilder(connection.ConnectionString).Build();
    }

    /// <summary>A session of its own, outside the pool, which shows whether new ones can be had.</summary>
    /// <exception cref="NpgsqlException">None can.</exception>
    public async Task<NpgsqlConnection> OpenSessionAsync(CancellationToken ct)
    {
        var session = new NpgsqlConnection(_alone);
        await session.OpenAsync(ct);
        return session;
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        if (Cluster is not null) await Cluster.DisposeAsync();
    }

    private static async Task RefuseOldAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(ct);
            if (connection.PostgreSqlVersion.Major >= PostgresBinaries.OldestMajor) return;
            throw new DatabaseSetupException(
                $"The server is PostgreSQL {connection.PostgreSqlVersion}; "
                + $"Guerdon needs {PostgresBinaries.OldestMajor} or newer.");
        }
        catch (NpgsqlException e)
        {
            var server = new NpgsqlConnectionStringBuilder(source.ConnectionString);
            throw new DatabaseSetupException(
                $"Cannot open database {server.Database} at {server.Host}:{server.Port}: {e.Message}", e);
        }
    }
}
