using System.Runtime.CompilerServices;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Ledger.Audit;

/// <summary>Storage's reads for an audit, which takes as long as there are rows: without a time limit of the program's.
/// The database's own is lifted by the transaction.</summary>
internal static class AuditReads
{
    /// <inheritdoc cref="Rows.ReadAsync{T}(NpgsqlConnection, string, Func{Row, T}, object?[], CancellationToken)"/>
    public static async Task<List<T>> ReadAsync<T>(
        NpgsqlConnection connection, string sql, Func<Row, T> map, object?[] values, CancellationToken ct)
    {
        await using var command = Command(connection, sql, values);
        return await command.ReadAsync(map, ct);
    }

    /// <inheritdoc cref="Rows.StreamAsync{T}(NpgsqlConnection, string, Func{Row, T}, object?[], CancellationToken)"/>
    public static async IAsyncEnumerable<T> StreamAsync<T>(
        NpgsqlConnection connection, string sql, Func<Row, T> map, object?[] values,
        [EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = Command(connection, sql, values);
        await foreach (var item in command.StreamAsync(map, ct)) yield return item;
    }

    /// <summary>Runs a statement whose answer nobody reads.</summary>
    public static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, object?[] values, CancellationToken ct)
    {
        await using var command = Command(connection, sql, values);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object?[] values)
    {
        var command = Db.Command(connection, sql, values);
        command.CommandTimeout = 0;
        return command;
    }
}
