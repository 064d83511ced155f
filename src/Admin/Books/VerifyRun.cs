using Guerdon.Kernel;
using Guerdon.Ledger.Audit;
using Guerdon.Statements;
using Npgsql;

namespace Guerdon.Admin.Books;

/// <summary>Verifies everything, one run at a time: a second would only slow the first.</summary>
internal sealed class VerifyRun(NpgsqlDataSource db, TimeProvider clock) : IDisposable
{
    private const int MaxShown = 500;
    private readonly SemaphoreSlim _gate = new(1);

    /// <param name="Findings">What does not match; the first 500.</param>
    /// <param name="More">There are more.</param>
    /// <param name="Took">How long it took.</param>
    /// <param name="Notes">What is no fault but must be known.</param>
    /// <param name="Newest">The newest seal; null where nothing is sealed yet.</param>
    public sealed record Result(
        IReadOnlyList<Finding> Findings, bool More, TimeSpan Took, IReadOnlyList<string> Notes, SavedSeal? Newest);

    /// <summary>What the last run on this node found, and when; null: there was none since it started.</summary>
    public (Result Found, DateTimeOffset At)? Last { get; private set; }

    public async Task<Result> RunAsync(CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            var start = clock.GetTimestamp();
            var findings = new List<Finding>();
            var options = new VerifyOptions { Clock = clock };
            await foreach (var finding in VerifyCompany.RunAsync(db, say: null, options, ct))
            {
                if (findings.Count == MaxShown) return Done(isMore: true);
                findings.Add(finding);
            }

            return Done(isMore: false);

            Result Done(bool isMore)
            {
                var result = new Result(findings, isMore, clock.GetElapsedTime(start), options.Notes, options.Newest);
                Last = (result, clock.GetUtcNow());
                return result;
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();
}
