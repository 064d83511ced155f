using System.Runtime.CompilerServices;
using Npgsql;
using Stipend.Compensation;
using Stipend.Kernel;
using Stipend.Metering;

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
            await foreach (var finding in All(ct))
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

    private async IAsyncEnumerable<Finding> All([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var finding in VerifyEverything.RunAsync(db, say: null, ct)) yield return finding;
        await foreach (var finding in VerifyPayLines.RunAsync(db, ct)) yield return finding;
    }

    public void Dispose() => gate.Dispose();
}
