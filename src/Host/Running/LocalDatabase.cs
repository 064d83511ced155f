using Guerdon.Host.Database;

namespace Guerdon.Host.Running;

/// <summary>The database that this machine's verbs use: what GUERDON_DB names, or the private one.</summary>
internal static class LocalDatabase
{
    /// <exception cref="DatabaseSetupException">There is none; the message says what to do.</exception>
    public static Task<DatabaseSetup> OpenAsync(CancellationToken ct) =>
        OpenAsync(DatabaseOptions.FromEnvironment(), ct);

    /// <summary>The database that the options name.</summary>
    /// <exception cref="DatabaseSetupException">There is none; the message says what to do.</exception>
    public static async Task<DatabaseSetup> OpenAsync(DatabaseOptions options, CancellationToken ct)
    {
        using var logs = Logs.ForVerb();
        return await DatabaseSetup.OpenAsync(options, TimeProvider.System, logs.CreateLogger("Guerdon.Database"), ct);
    }
}
