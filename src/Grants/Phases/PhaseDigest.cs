using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Guerdon.Approvals;
using Guerdon.Grants.Plans;
using Guerdon.Kernel;

namespace Guerdon.Grants.Phases;

/// <summary>
/// The digest that a vote on a phase names: SHA-256 over the plan's newest version with its text, the phase, the
/// report, the first day and who proposed it. People see it as 64 hexadecimal digits.
/// </summary>
internal static class PhaseDigest
{
    private static readonly NamedDigest Named = new(GrantRefusals.PhaseDigestNeeded, GrantRefusals.PhaseDigestDiffers);

    /// <summary>The digest of a phase that waits for votes.</summary>
    public static string Of(
        AppliedPlan plan, string phase, (string Report, DateOnly BeginsOn) proposal, Actor proposer) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes((string[])
        [
            "guerdon/phase/1", plan.Name, plan.Version.ToString(CultureInfo.InvariantCulture), plan.Yaml, phase,
            proposal.Report, proposal.BeginsOn.Iso(), proposer.Name, $"{proposer.Account}",
            $"{proposer.Person}",
        ])));

    /// <summary>Why what a vote names is not what would open, or null.</summary>
    /// <param name="state">As it is, locked.</param>
    /// <param name="named">What the voter names; null: nothing.</param>
    public static Refused? Differs(PhaseState state, string? named) => Named.Check(state.Name, state.Digest, named);
}
