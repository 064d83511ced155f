using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Claims;

/// <summary><c>guerdon claim decline CLAIM</c>: with the reason.</summary>
internal static class DeclineClaim
{
    public static Verb Build()
    {
        var id = ClaimVerbs.Id();
        var reason = Decisions.Why("Why; the person reads it.");
        return new Verb(
            "decline", "Decline a claim; its receipt may be used again.",
            "guerdon claim decline clm_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b --reason \"The receipt is of another month.\"")
        {
            id, reason,
        }.Does((call, ct) => Decisions.DecideAsync(
            call, "Declining the claim", $"api/v1/claims/{Uri.EscapeDataString(call.Value(id))}/decline",
            call.Value(reason), "claim", ct));
    }
}
