using System.ComponentModel.DataAnnotations;
using Npgsql;

namespace Guerdon.Host.Database;

/// <summary>Which store Guerdon uses, and how hard.</summary>
internal sealed record DatabaseOptions
{
    /// <summary>A PostgreSQL server's connection string or address; null for a private cluster.</summary>
    public string? Server { get; init; }

    /// <summary>The same database as the role that owns it, for migrations; null: <see cref="Server"/>'s role owns
    /// it, or it is migrated elsewhere.</summary>
    public string? Owner { get; init; }

    /// <summary>The private cluster's home; unused with <see cref="Server"/>.</summary>
    public string Home { get; init; } = PrivateClusterOptions.DefaultHome();

    /// <summary>Looks at the database before anything is changed in it; throws where it must stay as it is.</summary>
    public Func<NpgsqlDataSource, CancellationToken, Task>? BeforeMigrating { get; init; }

    /// <summary>Whether the application's role is given its rights again, and loses what others gave it.</summary>
    public bool RenewsRights { get; init; }

    [Range(4, 1000)]
    public int MaxPoolSize { get; init; } = 40;

    /// <summary>After this the server cancels a statement; migrations have no limit.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan StatementTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The defaults, with the server that <c>GUERDON_DB</c> and <c>GUERDON_DB_OWNER</c>
    /// name, if any.</summary>
    public static DatabaseOptions FromEnvironment()
    {
        return new DatabaseOptions { Server = Read("GUERDON_DB"), Owner = Read("GUERDON_DB_OWNER") };

        static string? Read(string name) =>
            Environment.GetEnvironmentVariable(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
    }
}
