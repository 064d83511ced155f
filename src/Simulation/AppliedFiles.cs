using System.Text.Json;

namespace Guerdon.Simulation;

/// <summary>Plans, terms and settings as a company changes them: one administrator proposes a file, another approves
/// what was proposed.</summary>
/// <param name="proposer">Asks.</param>
/// <param name="approver">Approves.</param>
internal sealed class AppliedFiles(CompanyApi proposer, CompanyApi approver)
{
    /// <summary>Sends a file, and has it approved where it waits.</summary>
    /// <param name="path">Below <c>/api/v1/</c>: <c>conversion-terms</c>.</param>
    /// <param name="text">The file.</param>
    /// <param name="type">Its media type.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>What the server answers once it is in effect.</returns>
    /// <exception cref="SimulationException">It was refused, or not approved.</exception>
    public async Task<JsonElement> ApplyAsync(string path, string text, string type, CancellationToken ct)
    {
        return await ApprovedAsync(await proposer.FileAsync(path, text, type, ct), ct);
    }

    /// <summary>The same of what was sent already.</summary>
    /// <param name="answer">What the server answered.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<JsonElement> ApprovedAsync(JsonElement answer, CancellationToken ct)
    {
        if (!answer.TryGetProperty("waits", out var waits)) return answer;

        // It is looked at first, since an approval must name the digest of what was seen.
        var address = $"inputs/{waits.GetProperty("id").GetString()}";
        var digest = (await approver.GetAsync(address, ct)).GetProperty("proposal").GetProperty("digest").GetString();
        return (await approver.PostAsync($"{address}/approve", new { digest }, ct)).GetProperty("applied");
    }
}
