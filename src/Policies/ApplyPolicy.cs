using System.Security.Claims;
using Guerdon.Approvals.Inputs;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Policies;

/// <summary>Takes a policy into force on every node, now or at a time to come, once another approves it; at once where
/// it only refuses more. The same text again is the same version.</summary>
internal static class ApplyPolicy
{
    /// <param name="Policy">The version.</param>
    /// <param name="Added">False where it was applied before.</param>
    public sealed record Reply(AppliedPolicy Policy, bool Added);

    internal static async Task<Results<Ok<Reply>, Accepted<InputWaits>, ProblemHttpResult>> Handle(
        HttpRequest request, DateTimeOffset? from, ClaimsPrincipal caller, WritePolicy write, TimeProvider clock,
        CancellationToken ct)
    {
        // Checked as it is compared, unless it is the newest one.
        if (!(await PolicyText.ReadAsync(request, ct)).Is(out var yaml, out var no)) return no.ToProblem();
        if (from < clock.GetUtcNow()) return PolicyRefusals.FromPast.ToProblem($"{Wording.Utc(from)} is past.");
        // Without a time of its own it is of the day on which it is proposed: sent again that day, it is the same.
        var given = new PolicyGiven(from?.ToMicros() ?? clock.Today().UtcStart(), yaml);
        return (await write.RunAsync(given, Actor.Of(caller), ct)).ToHttp<Reply>();
    }
}
