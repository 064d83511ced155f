using Npgsql;

namespace Guerdon.Storage;

/// <summary>Tells all nodes something, this one too; <see cref="Listener"/> hears it.</summary>
public static class Notify
{
    /// <summary>Told when the caller's transaction commits, and not at all where it does not.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="channel">Whom a <see cref="Subscription"/> of this name waits for.</param>
    /// <param name="ct">Stops it.</param>
    /// <param name="payload">Up to 8,000 bytes.</param>
    public static Task InTransactionAsync(
        NpgsqlConnection connection, string channel, CancellationToken ct, string payload = "") =>
        connection.ExecuteAsync(Send, [channel, payload], ct);

    /// <summary>Told at once.</summary>
    public static Task NowAsync(NpgsqlDataSource db, string channel, string payload, CancellationToken ct) =>
        db.ExecuteAsync(Send, [channel, payload], ct);

    private const string Send = "select pg_notify($1, $2)";
}
