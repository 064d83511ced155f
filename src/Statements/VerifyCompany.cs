using System.Runtime.CompilerServices;
using Guerdon.Gateway.Admission;
using Guerdon.Grants.Runs;
using Guerdon.Identity.Audit;
using Guerdon.Kernel;
using Guerdon.Ledger.Audit;
using Guerdon.Metering.Audit;
using Guerdon.Payroll.PayProofs;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Statements;

/// <summary>Everything that <c>verify</c> recomputes, of every module, for the verb and the page.</summary>
public static class VerifyCompany
{
    /// <summary>What was recomputed, in words; the same for every run.</summary>
    public const string Recomputed = "Recomputed: each wallet's chain, positions, lots, escrow and the transfers "
        + "between wallets; requests, corrections, flushes and their sums; keys' budgets; grant lines, what was "
        + "approved of them, pay lines; each guarded row's digest and that it is what Guerdon last wrote; that tables, "
        + "guards, functions and views are the program's own; the chain of acts; seals.";

    /// <summary>What only a seal shows, in words.</summary>
    public const string RestsOnSeals = "Rests on a seal saved outside: that nobody who owns the database rewrote all "
        + "of this together. Compare with one: guerdon verify --seal ROOT.";

    private const string Receipts = """
        select encode(r.sha256, 'hex') as sha256 from compensation.receipt r
          left join compensation.receipt_content c on c.sha256 = r.sha256
         where c.content is null or sha256(c.content) <> r.sha256
        """;

    /// <param name="db">Read only; what goes on meanwhile does not disturb it.</param>
    /// <param name="say">How far it is.</param>
    /// <param name="options">Seals saved outside, and where to note what is no fault.</param>
    /// <param name="ct">Stops it.</param>
    public static async IAsyncEnumerable<Finding> RunAsync(
        NpgsqlDataSource db, Action<string>? say, VerifyOptions options, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var finding in VerifyEverything.RunAsync(db, say, options, ct)) yield return finding;
        say?.Invoke("budgets");
        var budgets = VerifyBudgets.RunAsync(db, ct);
        await foreach (var finding in Checks.UnlessGoneAsync("gateway", budgets, ct)) yield return finding;
        say?.Invoke("acts");
        var acts = VerifyActs.RunAsync(db, ct);
        await foreach (var finding in Checks.UnlessGoneAsync("host", acts, ct)) yield return finding;
        say?.Invoke("grants");
        foreach (var check in (IAsyncEnumerable<Finding>[])
        [
            VerifyGrants.RunAsync(db, ct), VerifyGrants.UnfoundedAsync(db, options, ct),
            VerifyPayLines.RunAsync(db, ct), ReceiptsAsync(db, ct),
        ])
            await foreach (var finding in Checks.UnlessGoneAsync("compensation", check, ct)) yield return finding;
    }

    private static async IAsyncEnumerable<Finding> ReceiptsAsync(
        NpgsqlDataSource db, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var hash in db.StreamAsync(Receipts, row => row.Text("sha256"), [], ct))
            yield return new("compensation.receipt_content", $"sha256={hash}", "it is gone or another one");
    }
}
