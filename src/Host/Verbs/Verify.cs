using Npgsql;
using Stipend.Cli;
using Stipend.Compensation;
using Stipend.Host.Running;
using Stipend.Kernel;
using Stipend.Metering;

namespace Stipend.Host.Verbs;

/// <summary>
/// <c>stipend verify</c>: recompute everything from the entries; exit 1 and name what does not match.
/// </summary>
internal static class Verify
{
    private const int Shown = 100;

    /// <summary>Whether the books match, how often they do not, and the first of those places.</summary>
    public sealed record Report(bool Sound, int Findings, IReadOnlyList<Finding> First);

    public static Verb Verb() =>
        new Verb("verify", "Recompute ledger, journal and guarded rows, and name what does not match.",
            "stipend verify", "stipend verify --json")
            .Does(async (_, output, ct) =>
            {
                await using var database = await LocalDatabase.OpenAsync(ct);
                var report = await Progress.WhileAsync(output, "Verifying", say => RunAsync(database.Source, say, ct));
                output.Json(report);
                foreach (var finding in report.First) output.Line(finding.ToString());
                if (report.Sound)
                {
                    output.Line("Everything matches: chains, positions, lots, escrow, seals, requests and "
                        + "their sums, guarded rows, pay lines.");
                    return ExitCodes.Done;
                }

                if (report.Findings > report.First.Count)
                    output.Line($"and {report.Findings - report.First.Count} more");
                output.Note($"{report.Findings} rows do not match. {HostRefusals.Unsound.NextStep}");
                return ExitCodes.Refused;
            });

    public static async Task<Report> RunAsync(NpgsqlDataSource db, Action<string> say, CancellationToken ct)
    {
        var (first, count) = (new List<Finding>(), 0);
        await foreach (var finding in VerifyEverything.RunAsync(db, say, ct)) Add(finding);
        await foreach (var finding in VerifyPayLines.RunAsync(db, ct)) Add(finding);
        return new(count == 0, count, first);

        void Add(Finding finding)
        {
            count++;
            if (first.Count < Shown) first.Add(finding);
        }
    }
}
