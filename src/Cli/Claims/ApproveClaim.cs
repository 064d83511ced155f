using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Claims;

/// <summary><c>guerdon claim approve CLAIM</c>: pays it back; approving again changes nothing.</summary>
internal static class ApproveClaim
{
    public static Verb Build()
    {
        var id = ClaimVerbs.Id();
        return new Verb(
            "approve", "Approve somebody else's claim, which pays it back.",
            "guerdon claim approve clm_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b")
        {
            id,
        }.Does((call, ct) => Decisions.DecideAsync(
            call, "Approving the claim", $"api/v1/claims/{Uri.EscapeDataString(call.Value(id))}/approve",
            reason: null, "claim", ct));
    }
}
