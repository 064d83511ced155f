using Npgsql;

namespace Stipend.Compensation;

internal static class Db
{
    /// <summary>A command with its parameters in the order of <c>$1, $2, …</c>; null is SQL's null.</summary>
    public static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }

    /// <returns>How many rows it changed.</returns>
    public static async Task<int> ExecuteAsync(
        NpgsqlConnection connection, string sql, object?[] values, CancellationToken ct)
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync(ct);
    }
}
