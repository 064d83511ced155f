using Npgsql;
using NpgsqlTypes;

namespace Guerdon.Storage;

/// <summary>Commands with their parameters in the order of <c>$1, $2, …</c>; null is SQL's null, and a parameter that
/// is made already stays as it is.</summary>
public static class Db
{
    public static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        Add(command.Parameters, values);
        return command;
    }

    /// <summary>The same on a connection of its own.</summary>
    public static NpgsqlCommand Command(NpgsqlDataSource db, string sql, params ReadOnlySpan<object?> values)
    {
        var command = db.CreateCommand(sql);
        Add(command.Parameters, values);
        return command;
    }

    /// <summary>The same as part of a batch.</summary>
    public static NpgsqlBatchCommand InBatch(string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        Add(command.Parameters, values);
        return command;
    }

    /// <summary>The same for what the ledger commits beside transfers. The ledger prepares it, so that null needs a
    /// type: it is a text, which the statement casts where the column is of another type.</summary>
    public static NpgsqlBatchCommand Batched(string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(value is null
                ? new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text }
                : new NpgsqlParameter { Value = value });
        return command;
    }

    /// <summary>Lets the statements of a transaction take as long as there are people; elsewhere a
    /// limit holds.</summary>
    public static Task<int> WithoutTimeLimitAsync(NpgsqlConnection connection, CancellationToken ct) =>
        connection.ExecuteAsync("set local statement_timeout = 0", [], ct);

    private static void Add(NpgsqlParameterCollection parameters, ReadOnlySpan<object?> values)
    {
        foreach (var value in values)
            parameters.Add(value switch
            {
                NpgsqlParameter made => made,
                DateTimeOffset at => new NpgsqlParameter { Value = at.ToUniversalTime() }, // Npgsql takes no other
                _ => new NpgsqlParameter { Value = value ?? DBNull.Value },
            });
    }
}
