using System.Runtime.CompilerServices;
using Npgsql;

namespace Guerdon.Storage;

/// <summary>
/// The one way to run a statement (docs/adr/0041-one-way-to-read-rows.md): SQL, its values in the order of
/// <c>$1, $2, …</c>, and what a row becomes. On a connection it is part of the caller's transaction; on the data source
/// it has a connection of its own.
/// </summary>
public static class Rows
{
    /// <summary>All rows, in memory at once.</summary>
    /// <param name="connection">Where it runs.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="map">What a row becomes. It must not keep the row.</param>
    /// <param name="values">Its values; null is SQL's null, an <see cref="NpgsqlParameter"/> stays as it is.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<List<T>> ReadAsync<T>(
        this NpgsqlConnection connection, string sql, Func<Row, T> map, object?[] values, CancellationToken ct)
    {
        await using var command = Db.Command(connection, sql, values);
        return await command.ReadAsync(map, ct);
    }

    /// <inheritdoc cref="ReadAsync{T}(NpgsqlConnection, string, Func{Row, T}, object?[], CancellationToken)"/>
    public static async Task<List<T>> ReadAsync<T>(
        this NpgsqlDataSource db, string sql, Func<Row, T> map, object?[] values, CancellationToken ct)
    {
        await using var command = Db.Command(db, sql, values);
        return await command.ReadAsync(map, ct);
    }

    /// <summary>All rows that a statement which changes something answers with, in a transaction of its own that is of
    /// the act that goes on.</summary>
    /// <inheritdoc cref="ReadAsync{T}(NpgsqlConnection, string, Func{Row, T}, object?[], CancellationToken)"/>
    public static async Task<List<T>> ChangeAsync<T>(
        this NpgsqlDataSource db, string sql, Func<Row, T> map, object?[] values, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        var rows = await connection.ReadAsync(sql, map, values, ct);
        await transaction.CommitAsync(ct);
        return rows;
    }

    /// <summary>The first column of the first row that a statement which changes something answers with, in a
    /// transaction of its own that is of the act that goes on.</summary>
    public static async Task<T?> ChangeAsync<T>(
        this NpgsqlDataSource db, string sql, object?[] values, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        var answer = await connection.ScalarAsync<T>(sql, values, ct);
        await transaction.CommitAsync(ct);
        return answer;
    }

    /// <summary>The first row; where there is none, null for a class, and for a struct its default.</summary>
    public static async Task<T?> FirstAsync<T>(
        this NpgsqlConnection connection, string sql, Func<Row, T> map, object?[] values, CancellationToken ct)
    {
        await using var command = Db.Command(connection, sql, values);
        return await command.FirstAsync(map, ct);
    }

    /// <inheritdoc cref="FirstAsync{T}(NpgsqlConnection, string, Func{Row, T}, object?[], CancellationToken)"/>
    public static async Task<T?> FirstAsync<T>(
        this NpgsqlDataSource db, string sql, Func<Row, T> map, object?[] values, CancellationToken ct)
    {
        await using var command = Db.Command(db, sql, values);
        return await command.FirstAsync(map, ct);
    }

    /// <summary>The row that a statement always has, as an aggregate does.</summary>
    /// <exception cref="InvalidOperationException">It has none.</exception>
    public static async Task<T> SingleAsync<T>(
        this NpgsqlConnection connection, string sql, Func<Row, T> map, object?[] values, CancellationToken ct)
    {
        await using var command = Db.Command(connection, sql, values);
        return await command.SingleAsync(map, ct);
    }

    /// <inheritdoc cref="SingleAsync{T}(NpgsqlConnection, string, Func{Row, T}, object?[], CancellationToken)"/>
    public static async Task<T> SingleAsync<T>(
        this NpgsqlDataSource db, string sql, Func<Row, T> map, object?[] values, CancellationToken ct)
    {
        await using var command = Db.Command(db, sql, values);
        return await command.SingleAsync(map, ct);
    }

    /// <summary>The first column of the first row; the default of <typeparamref name="T"/> where it is null or there is
    /// no row. Ask for <c>long?</c> where 0 is something else than nothing.</summary>
    public static async Task<T?> ScalarAsync<T>(
        this NpgsqlConnection connection, string sql, object?[] values, CancellationToken ct)
    {
        await using var command = Db.Command(connection, sql, values);
        return await command.ScalarAsync<T>(ct);
    }

    /// <inheritdoc cref="ScalarAsync{T}(NpgsqlConnection, string, object?[], CancellationToken)"/>
    public static async Task<T?> ScalarAsync<T>(
        this NpgsqlDataSource db, string sql, object?[] values, CancellationToken ct)
    {
        await using var command = Db.Command(db, sql, values);
        return await command.ScalarAsync<T>(ct);
    }

    /// <summary>Runs a statement that has no answer.</summary>
    /// <returns>How many rows it changed.</returns>
    public static async Task<int> ExecuteAsync(
        this NpgsqlConnection connection, string sql, object?[] values, CancellationToken ct)
    {
        await using var command = Db.Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync(ct);
    }

    /// <inheritdoc cref="ExecuteAsync(NpgsqlConnection, string, object?[], CancellationToken)"/>
    public static async Task<int> ExecuteAsync(
        this NpgsqlDataSource db, string sql, object?[] values, CancellationToken ct)
    {
        if (Acting.Stamp() is { } stamp)
        {
            await using var batch = db.CreateBatch(); // one transaction
            batch.BatchCommands.Add(stamp.Set());
            batch.BatchCommands.Add(Db.InBatch(sql, values));
            return await batch.ExecuteNonQueryAsync(ct);
        }

        await using var command = Db.Command(db, sql, values);
        return await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>All rows, for a caller that the framework does not let wait: its ring of keys is one. The thread does
    /// nothing else meanwhile.</summary>
    public static List<T> Read<T>(this NpgsqlDataSource db, string sql, Func<Row, T> map, object?[] values)
    {
        using var command = Db.Command(db, sql, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(map(new Row(reader)));
        return rows;
    }

    /// <summary>Runs a statement that has no answer, for such a caller.</summary>
    /// <returns>How many rows it changed.</returns>
    public static int Execute(this NpgsqlDataSource db, string sql, object?[] values)
    {
        using var command = Db.Command(db, sql, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>Rows as they come, for more than should be in memory at once. The connection is busy until the
    /// last.</summary>
    public static async IAsyncEnumerable<T> StreamAsync<T>(
        this NpgsqlConnection connection, string sql, Func<Row, T> map, object?[] values,
        [EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = Db.Command(connection, sql, values);
        await foreach (var item in command.StreamAsync(map, ct)) yield return item;
    }

    /// <inheritdoc cref="StreamAsync{T}(NpgsqlConnection, string, Func{Row, T}, object?[], CancellationToken)"/>
    public static async IAsyncEnumerable<T> StreamAsync<T>(
        this NpgsqlDataSource db, string sql, Func<Row, T> map, object?[] values,
        [EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = Db.Command(db, sql, values);
        await foreach (var item in command.StreamAsync(map, ct)) yield return item;
    }

    /// <summary>The same for a command that is made in another way, with a time limit of its own for one. It is the
    /// caller's to dispose of.</summary>
    public static async Task<List<T>> ReadAsync<T>(this NpgsqlCommand command, Func<Row, T> map, CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct)) rows.Add(map(new Row(reader)));
        await EndAsync(reader, ct);
        return rows;
    }

    /// <summary>The answers of a batch, in one round trip.</summary>
    /// <param name="batch">The caller's to dispose of.</param>
    /// <param name="each">What takes the rows of each statement that has an answer, in their order.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task ReadEachAsync(
        this NpgsqlBatch batch, IReadOnlyList<Action<Row>> each, CancellationToken ct)
    {
        await using var reader = await batch.ExecuteReaderAsync(ct);
        foreach (var take in each)
        {
            while (await reader.ReadAsync(ct)) take(new Row(reader));
            await reader.NextResultAsync(ct);
        }

        await EndAsync(reader, ct);
    }

    private static async Task<T?> FirstAsync<T>(this NpgsqlCommand command, Func<Row, T> map, CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        var first = await reader.ReadAsync(ct) ? map(new Row(reader)) : default;
        await EndAsync(reader, ct);
        return first;
    }

    private static async Task<T> SingleAsync<T>(this NpgsqlCommand command, Func<Row, T> map, CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        var single = await reader.ReadAsync(ct) ? map(new Row(reader))
            : throw new InvalidOperationException("The statement has no row.");
        await EndAsync(reader, ct);
        return single;
    }

    private static async Task<T?> ScalarAsync<T>(this NpgsqlCommand command, CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        var scalar = await reader.ReadAsync(ct) && !reader.IsDBNull(0) ? reader.GetFieldValue<T>(0) : default;
        await EndAsync(reader, ct);
        return scalar;
    }

    // To the end, so that the caller's cancellation and the time limit hold for all of the statement: a reader that is
    // disposed of waits for what is left of it without heeding the one, and says nothing of the other.
    private static async Task EndAsync(NpgsqlDataReader reader, CancellationToken ct)
    {
        while (await reader.NextResultAsync(ct)) { }
    }

    /// <inheritdoc cref="StreamAsync{T}(NpgsqlConnection, string, Func{Row, T}, object?[], CancellationToken)"/>
    public static async IAsyncEnumerable<T> StreamAsync<T>(
        this NpgsqlCommand command, Func<Row, T> map, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) yield return map(new Row(reader));
        await EndAsync(reader, ct);
    }
}
