namespace Guerdon.Host.Database;

/// <summary>
/// A cluster's creation and its settings, written again at every start; <c>ALTER SYSTEM</c> overrides them.
/// </summary>
internal static class ClusterSettings
{
    private const string FileName = "guerdon.conf";

    /// <summary>Makes the cluster's files. Interrupted anywhere, the next call begins again.</summary>
    public static async Task CreateAsync(
        ClusterPlace place, PostgresBinaries binaries, bool durable, CancellationToken ct)
    {
        // Built beside its place and renamed, so that a directory called data is always a whole cluster.
        var unfinished = place.Data + ".new";
        if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
        Directory.CreateDirectory(unfinished);
        if (place.Account is not null) await place.Account.OwnAsync(unfinished, ct);

        // Trust is only for whoever can enter the socket's directory: this account and root. Nothing listens on TCP.
        List<string> command =
        [
            binaries.InitDb, "-D", unfinished, "-U", PrivateCluster.Superuser, "--encoding=UTF8", "--locale=C",
            "--auth-local=trust", "--auth-host=reject", "--data-checksums", "--no-instructions",
        ];
        if (!durable) command.Add("--no-sync");
        var made = await Tool.RunAsync(place.AsServer(command), ct);
        if (!made.Ok) throw new DatabaseSetupException($"initdb failed: {made.Output}");

        await File.AppendAllTextAsync(Path.Combine(unfinished, "postgresql.conf"), $"\ninclude '{FileName}'\n", ct);
        Directory.Move(unfinished, place.Data);
    }

    public static async Task WriteAsync(
        ClusterPlace place, PostgresBinaries binaries, PrivateClusterOptions options, CancellationToken ct)
    {
        var file = Path.Combine(place.Data, FileName);
        if (!File.Exists(file)) await File.WriteAllTextAsync(file, "", ct); // postgresql.conf includes it
        if (place.Account is not null) await place.Account.OwnAsync(file, ct);

        // The server itself is asked, since packages differ in what they were built with.
        var lz4 = await Tool.RunAsync(
            place.AsServer(
                binaries.Server, "-D", place.Data, "-C", "wal_compression", "-c", "wal_compression=lz4"), ct);
        await File.WriteAllTextAsync(file, Text(place, options, lz4.Ok), ct);
    }

    private static string Text(ClusterPlace place, PrivateClusterOptions options, bool lz4)
    {
        var durable = options.Durable ? "on" : "off";
        return $"""
            # Written by Guerdon at every start. To change a setting for good, use ALTER SYSTEM.
            listen_addresses = ''
            port = {PrivateCluster.Port}
            unix_socket_directories = '{Quoted(place.Sockets)}'
            unix_socket_permissions = 0700
            max_connections = {options.MaxConnections}

            # A grant or a spend that was answered must survive a power cut.
            fsync = {durable}
            full_page_writes = {durable}
            synchronous_commit = on

            shared_buffers = {options.SharedBuffersMb}MB
            max_wal_size = 2GB
            wal_compression = {(lz4 ? "lz4" : "on")}
            checkpoint_completion_target = 0.9
            random_page_cost = 1.1
            # Compiling short statements costs more than running them.
            jit = off
            timezone = 'UTC'
            log_timezone = 'UTC'

            # A week of files, one a day. Terse, so that a row's values never reach a log.
            logging_collector = on
            log_directory = '{Quoted(place.Logs)}'
            log_filename = 'postgres-%a.log'
            log_rotation_age = 1d
            log_rotation_size = 0
            log_truncate_on_rotation = on
            log_line_prefix = '%m [%p] %q%a '
            log_error_verbosity = terse
            log_min_error_statement = panic

            """;
    }

    private static string Quoted(string text) => text.Replace("'", "''", StringComparison.Ordinal);
}
