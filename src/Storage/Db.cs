using Guerdon.Kernel;
using Npgsql;
using NpgsqlTypes;

namespace Guerdon.Storage;

public static class Db
{
    /// <summary>A command with its parameters in the order of <c>$1, $2, …</c>; null is SQL's null.</summary>
    public static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }

    /// <summary>Lets the statements of a transaction take as long as there are people; elsewhere a limit
    /// holds.</summary>
    public static Task<int> WithoutTimeLimitAsync(NpgsqlConnection connection, CancellationToken ct) =>
        ExecuteAsync(connection, "set local statement_timeout = 0", [], ct);

    /// <returns>How many rows it changed.</returns>
    public static async Task<int> ExecuteAsync(
        NpgsqlConnection connection, string sql, object?[] values, CancellationToken ct)
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Who did it, from three columns: name, account, person; null where nobody did.</summary>
    public static Actor? ActorAt(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null
        : new Actor(row.GetString(column), GuidAt(row, column + 2)) { Account = GuidAt(row, column + 1) };

    public static Guid? GuidAt(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetGuid(column);

    /// <summary>The same for a batch, as what is written beside transfers is given along. The ledger prepares it, so
    /// that null needs a type: it is a text, which the statement casts where the column is none.</summary>
    public static NpgsqlBatchCommand Batched(string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(value is null
                ? new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text }
                : new NpgsqlParameter { Value = value });
        return command;
    }
}
