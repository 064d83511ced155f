using System.Text.Json;

namespace Guerdon.Simulation;

/// <summary>Grants as a company makes them: one administrator prepares, another approves what was prepared.</summary>
/// <param name="preparer">Asks.</param>
/// <param name="approver">Approves.</param>
internal sealed class GrantRuns(CompanyApi preparer, CompanyApi approver)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PostedWithin = TimeSpan.FromMinutes(10);

    /// <summary>What came of a run.</summary>
    /// <param name="People">Whom it is for.</param>
    /// <param name="Posted">How many grants were made by now; null where there was nothing left to prepare.</param>
    public sealed record Outcome(int People, int? Posted);

    /// <summary>Prepares a run and has it approved. A month that was granted is not granted again.</summary>
    /// <param name="path">Below <c>/api/v1/</c>: <c>grants/runs</c> or <c>grants/awards</c>.</param>
    /// <param name="body">What is asked for.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="SimulationException">It was not posted.</exception>
    public async Task<Outcome> MakeAsync(string path, object body, CancellationToken ct)
    {
        var prepared = await preparer.PostAsync(path, body, ct);
        var people = prepared.GetProperty("people").GetInt32();
        if (StateOf(prepared) != "awaiting") return new(people, null);

        var address = $"grants/runs/{prepared.GetProperty("runId").GetString()}";
        // The run is looked at first, since an approval must name the digest of what was seen.
        var digest = (await approver.GetAsync(address, ct)).GetProperty("digest").GetString();
        var done = await approver.PostAsync($"{address}/approve", new { digest }, ct);
        for (var waited = TimeSpan.Zero; StateOf(done) == "posting" && waited < PostedWithin; waited += LookEvery)
        {
            await Task.Delay(LookEvery, ct);
            done = await preparer.GetAsync(address, ct);
        }

        return StateOf(done) == "posted"
            ? new(people, done.GetProperty("posted").GetInt32())
            : throw new SimulationException($"{address} is {StateOf(done)}.");
    }

    private static string? StateOf(JsonElement run) => run.GetProperty("state").GetString();
}
