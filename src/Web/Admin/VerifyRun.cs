using System.Runtime.CompilerServices;
using Dapper;
using Npgsql;
using Stipend.Kernel;
using Stipend.Ledger.Audit;
using Stipend.Metering.Requests;

namespace Stipend.Web;

/// <summary>Verifies everything, one run at a time: a second would only slow the first.</summary>
internal sealed class VerifyRun(NpgsqlDataSource db, TimeProvider clock) : IDisposable
{
    private const int MaxShown = 500;
    private readonly SemaphoreSlim gate = new(1);

    /// <param name="Findings">What does not match; the first 500.</param>
    /// <param name="More">There are more.</param>
    /// <param name="Took">How long it took.</param>
    public sealed record Result(IReadOnlyList<Finding> Findings, bool More, TimeSpan Took);

    public async Task<Result> RunAsync(CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            var start = clock.GetTimestamp();
            var findings = new List<Finding>();
            await foreach (var finding in AllAsync(ct))
            {
                if (findings.Count == MaxShown) return new(findings, true, clock.GetElapsedTime(start));
                findings.Add(finding);
            }

            return new(findings, false, clock.GetElapsedTime(start));
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private async IAsyncEnumerable<Finding> AllAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var finding in LedgerVerify.RunAsync(db, null, ct)) yield return finding;
        await foreach (var finding in MeteringVerify.RunAsync(db, null, ct)) yield return finding;

        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var rows = await connection.QueryAsync<(string Table, string Row, string Problem)>(new CommandDefinition(
            "set local statement_timeout = 0; select table_name, row_key, problem from kernel.verify_guarded()",
            transaction: transaction, commandTimeout: 0, cancellationToken: ct));
        foreach (var (table, row, problem) in rows) yield return new(table, row, problem);
    }
}
