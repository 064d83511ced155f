namespace Guerdon.Host.Database;

/// <summary>How Guerdon runs a PostgreSQL of its own.</summary>
/// <param name="Home">The directory that holds <c>.guerdon</c>; made when missing.</param>
internal sealed record PrivateClusterOptions(string Home)
{
    /// <summary>False only in tests: what was committed then survives kill -9, but not a power cut.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>Where the server's programs are; null: wherever this machine has them.</summary>
    public string? Programs { get; init; }

    /// <summary>How often those of a running server are looked at.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(5);

    public int SharedBuffersMb { get; init; } = 256;

    public int MaxConnections { get; init; } = 100;

    /// <summary>How long making, recovering and starting a cluster may take; recovery replays up to 2 GB.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a stop waits for the last checkpoint. The server finishes it even when nobody waits.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary><c>GUERDON_HOME</c>, else the repository around the current directory, else that directory.</summary>
    public static string DefaultHome()
    {
        var named = Environment.GetEnvironmentVariable("GUERDON_HOME");
        if (!string.IsNullOrWhiteSpace(named)) return Path.GetFullPath(named);

        var here = Directory.GetCurrentDirectory();
        for (var folder = here; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Guerdon.slnx"))) return folder;
        }
        return here;
    }
}
