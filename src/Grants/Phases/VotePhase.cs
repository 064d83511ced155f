using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Grants.Phases;

/// <summary>Proposes a phase of a plan with a report, and votes on it.</summary>
public static class VotePhase
{
    /// <param name="Report">What the phase before has shown.</param>
    /// <param name="BeginsOn">The first day of a month, from which the phase counts once it is open.</param>
    public sealed record Proposal(string Report, DateOnly BeginsOn);

    /// <param name="InFavour">False: against.</param>
    /// <param name="Reason">For the record.</param>
    /// <param name="Digest">What the vote is on: the phase's digest, as the voter read it.</param>
    /// <param name="Alone">The only administrator says that their vote opens what they proposed themselves.</param>
    public sealed record Ballot(bool InFavour, string Reason, string? Digest, bool Alone = false);

    /// <param name="Phases">In the plan's order.</param>
    public sealed record Reply(IReadOnlyList<PhaseState> Phases);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> All(
        string name, PhaseGate gate, CancellationToken ct) =>
        await gate.ListAsync(name, ct) is { } phases ? TypedResults.Ok(new Reply(phases))
            : GrantRefusals.PlanNotFound.ToProblem($"There is no plan '{name}'.");

    internal static Task<Results<Ok<PhaseState>, ProblemHttpResult>> Propose(
        string name, string phase, Proposal proposal, ClaimsPrincipal caller, PhaseGate gate, CancellationToken ct) =>
        AnswerAsync(gate.ProposeAsync(name, phase, proposal, Actor.Of(caller), ct));

    internal static Task<Results<Ok<PhaseState>, ProblemHttpResult>> Vote(
        string name, string phase, Ballot ballot, ClaimsPrincipal caller, PhaseGate gate, CancellationToken ct) =>
        AnswerAsync(gate.VoteAsync(name, phase, ballot, Actor.Of(caller), ct));

    private static async Task<Results<Ok<PhaseState>, ProblemHttpResult>> AnswerAsync(
        Task<Result<PhaseState>> change) => (await change).ToHttp();
}
