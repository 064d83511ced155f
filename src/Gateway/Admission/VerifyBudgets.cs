using System.Runtime.CompilerServices;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Gateway.Admission;

/// <summary>Recomputes what is taken of keys' budgets, from nodes' shares and the request journal; and compares what
/// was charged beyond a dead node's hold with the stop that said so.</summary>
public static class VerifyBudgets
{
    private static readonly string BudgetsSql = Sql.Read("Gateway/Admission/VerifyBudgets.sql");

    private const string LostSql = """
        select format('wallet_id=%s, request_id=%s', r.wallet_id, r.request_id) as row,
               format('its node died: it costs %s milli-tokens, held were %s, and no stop says why', r.cost_milli,
                      r.held_milli) as problem
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
        await Db.WithoutTimeLimitAsync(connection, ct);
        foreach (var (table, sql) in (List<(string, string)>)[
            ("gateway.key_budget", BudgetsSql), ("metering.request", LostSql)])
        {
            await using var command = Db.Command(connection, sql);
            command.CommandTimeout = 0;
            var odd = command.StreamAsync(row => new Finding(table, row.Text("row"), row.Text("problem")), ct);
            await foreach (var finding in odd) yield return finding;
        }
    }
}
