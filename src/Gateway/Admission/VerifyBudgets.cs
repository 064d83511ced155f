using System.Runtime.CompilerServices;
using Guerdon.Kernel;
using Npgsql;

namespace Guerdon.Gateway.Admission;

/// <summary>Recomputes what is taken of keys' budgets, from nodes' shares and the request journal; and compares what
/// was charged beyond a dead node's hold with the stop that said so.</summary>
public static class VerifyBudgets
{
    private static readonly string BudgetsSql = Sql.Read("Gateway/Admission/VerifyBudgets.sql");

    private const string LostSql = """
        select format('wallet_id=%s, request_id=%s', r.wallet_id, r.request_id),
               format('its node died: it costs %s milli-tokens, held were %s, and no stop says why', r.cost_milli,
                      r.held_milli)
          from metering.request r left join gateway.wallet_stop s on s.request_id = r.request_id
         where r.outcome = metering.outcome_lost() and r.cost_milli > r.held_milli
           and s.cost_milli is distinct from r.cost_milli
        """;

    /// <summary>Reads only, each in one statement, so that what goes on meanwhile does not disturb it.</summary>
    public static async IAsyncEnumerable<Finding> RunAsync(
        NpgsqlDataSource db, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var patient = new NpgsqlCommand("set local statement_timeout = 0", connection))
            await patient.ExecuteNonQueryAsync(ct);
        foreach (var (table, sql) in (List<(string, string)>)[
            ("gateway.key_budget", BudgetsSql), ("metering.request", LostSql)])
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct)) yield return new(table, row.GetString(0), row.GetString(1));
        }
    }
}
