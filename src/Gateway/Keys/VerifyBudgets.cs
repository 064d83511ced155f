using System.Runtime.CompilerServices;
using Npgsql;
using Stipend.Kernel;

namespace Stipend.Gateway;

/// <summary>Recomputes what is taken of keys' budgets, from nodes' shares and the request journal.</summary>
public static class VerifyBudgets
{
    private static readonly string BudgetsSql = Sql.Read("Gateway/Keys/VerifyBudgets.sql");

    /// <summary>Reads only, in one statement, so that what goes on meanwhile does not disturb it.</summary>
    public static async IAsyncEnumerable<Finding> RunAsync(
        NpgsqlDataSource db, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var patient = new NpgsqlCommand("set local statement_timeout = 0", connection))
            await patient.ExecuteNonQueryAsync(ct);
        await using var command = new NpgsqlCommand(BudgetsSql, connection) { CommandTimeout = 0 };
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct)) yield return new("gateway.key_budget", row.GetString(0), row.GetString(1));
    }
}
