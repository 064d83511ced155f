using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Approvals.Inputs;

/// <summary>A proposal, what it would change, whom it reaches and who may decide it.</summary>
public sealed class ShowInput(InputProposals inputs, FourEyes fourEyes)
{
    /// <param name="Proposal">It, with its digest.</param>
    /// <param name="Body">The file or the figures as they were given.</param>
    /// <param name="OnYou">What it does to whoever asks, in words; null: it does not reach them.</param>
    /// <param name="WhoMay">Who may approve it.</param>
    /// <param name="YouMay">Whether whoever asks may.</param>
    /// <param name="YouAsked">Whether they proposed it.</param>
    public sealed record Reply(
        InputProposal Proposal, string Body, string? OnYou, string WhoMay, bool YouMay, bool YouAsked);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string id, ClaimsPrincipal caller, ShowInput show, CancellationToken ct)
    {
        if (!InputId.TryParse(id, out var known)) return InputProposals.Unknown(id).ToProblem();
        return (await show.RunAsync(known, Actor.Of(caller), ct)).ToHttp();
    }

    /// <summary>The same for a page.</summary>
    public async Task<Result<Reply>> RunAsync(InputId id, Actor by, CancellationToken ct)
    {
        if (await inputs.FindAsync(id, by, ct) is not var (one, of)) return InputProposals.Unknown($"{id}");
        var right = await fourEyes.RightAsync(one.AskedOf(of), by, ct);
        var person = (await fourEyes.KnownAsync(by, ct)).Person;
        return new Reply(
            one, one.Body, person is { } me ? await of.EffectOnAsync(one.Given, me, ct) : null, right.WhoMay,
            right.YouMay && one.State == InputState.Waiting, right.YouAsked);
    }
}
