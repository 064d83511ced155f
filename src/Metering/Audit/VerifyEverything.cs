using System.Runtime.CompilerServices;
using Guerdon.Kernel;
using Guerdon.Ledger.Audit;
using Guerdon.Metering.Verification;
using Npgsql;

namespace Guerdon.Metering.Audit;

/// <summary>Recomputes the ledger with its seals, the guarded rows, the database itself and the request journal, one
/// after the other.</summary>
public static class VerifyEverything
{
    /// <summary>The same without seals that were saved outside.</summary>
    public static IAsyncEnumerable<Finding> RunAsync(
        NpgsqlDataSource db, Action<string>? say, CancellationToken ct) => RunAsync(db, say, new(), ct);

    /// <param name="db">Read only; what goes on meanwhile does not disturb it.</param>
    /// <param name="say">How far it is.</param>
    /// <param name="options">Seals saved outside, and where to note what is no fault.</param>
    /// <param name="ct">Stops it.</param>
    public static async IAsyncEnumerable<Finding> RunAsync(
        NpgsqlDataSource db, Action<string>? say, VerifyOptions options, [EnumeratorCancellation] CancellationToken ct)
    {
        var ledger = LedgerVerify.RunAsync(db, Counter("entries"), options, ct);
        await foreach (var finding in Checks.UnlessGoneAsync("ledger", ledger, ct)) yield return finding;
        say?.Invoke("guarded rows");
        var changes = ChangeVerify.RunAsync(db, options, ct);
        await foreach (var finding in Checks.UnlessGoneAsync("kernel", changes, ct)) yield return finding;
        var requests = MeteringVerify.RunAsync(db, Counter("requests"), ct);
        await foreach (var finding in Checks.UnlessGoneAsync("metering", requests, ct)) yield return finding;

        IProgress<long>? Counter(string what) => say is null ? null : new Counting(say, what);
    }

    // Not Progress<T>, because that reports on another thread, and out of order.
    private sealed class Counting(Action<string> say, string what) : IProgress<long>
    {
        public void Report(long value) => say($"{value:N0} {what}");
    }
}
