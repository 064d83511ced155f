using System.Runtime.CompilerServices;
using Dapper;
using Npgsql;
using Stipend.Kernel;
using Stipend.Ledger.Audit;
using Stipend.Metering.Requests;

namespace Stipend.Metering;

/// <summary>Ledger, request journal and guarded rows, recomputed one behind the other.</summary>
public static class VerifyEverything
{
    private const string GuardedSql = "select table_name, row_key, problem from kernel.verify_guarded()";

    /// <param name="db">Read only; what goes on meanwhile does not disturb it.</param>
    /// <param name="say">How far it is.</param>
    /// <param name="ct">Stops it.</param>
    public static async IAsyncEnumerable<Finding> RunAsync(
        NpgsqlDataSource db, Action<string>? say, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var finding in LedgerVerify.RunAsync(db, Counter("entries"), ct)) yield return finding;
        await foreach (var finding in MeteringVerify.RunAsync(db, Counter("requests"), ct)) yield return finding;

        await using var connection = await db.OpenConnectionAsync(ct);
        var guarded = await connection.QueryAsync<(string Table, string Row, string Problem)>(
            new CommandDefinition(GuardedSql, cancellationToken: ct));
        foreach (var (table, row, problem) in guarded) yield return new(table, row, problem);

        IProgress<long>? Counter(string what) => say is null ? null : new Counting(say, what);
    }

    // Progress<T> would report on another thread, and out of order.
    private sealed class Counting(Action<string> say, string what) : IProgress<long>
    {
        public void Report(long value) => say($"{value:N0} {what}");
    }
}
