using System.Runtime.CompilerServices;
using Npgsql;
using Stipend.Kernel;
using Stipend.Ledger.Audit;
using Stipend.Metering;

namespace Stipend.Compensation;

/// <summary>Everything that <c>verify</c> recomputes, of every module: the one list, for the verb and the page.</summary>
public static class VerifyCompany
{
    /// <summary>What was recomputed, in words; the same for every run.</summary>
    public const string Recomputed = "Recomputed: each wallet's chain, positions, lots, escrow and the transfers between "
        + "wallets; requests, corrections, flushes and their sums; grant lines, pay lines; each guarded row's digest and "
        + "that it is what Stipend last wrote; that tables, guards, functions and views are the program's own; seals.";

    /// <summary>What only a seal shows, in words.</summary>
    public const string RestsOnSeals = "Rests on a seal saved outside: that nobody who owns the database rewrote all of "
        + "this together. Compare with one: stipend verify --seal ROOT.";

    /// <param name="db">Read only; what goes on meanwhile does not disturb it.</param>
    /// <param name="say">How far it is.</param>
    /// <param name="options">Seals saved outside, and where to note what is no fault.</param>
    /// <param name="ct">Stops it.</param>
    public static async IAsyncEnumerable<Finding> RunAsync(
        NpgsqlDataSource db, Action<string>? say, VerifyOptions options, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var finding in VerifyEverything.RunAsync(db, say, options, ct)) yield return finding;
        say?.Invoke("grants");
        await foreach (var finding in VerifyGrants.RunAsync(db, ct)) yield return finding;
        await foreach (var finding in VerifyPayLines.RunAsync(db, ct)) yield return finding;
    }
}
