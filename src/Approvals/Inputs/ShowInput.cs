using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Approvals.Inputs;

/// <summary>A proposal, what it would change, whom it reaches and who may decide it.</summary>
public sealed class ShowInput(InputProposals inputs, FourEyes fourEyes)
{
    /// <param name="Proposal">It, with its digest.</param>
    /// <param name="Body">The file or the figures as they were given.</param>
    /// <param name="OnYou">What it does to whoever asks while it waits, in words; null: it is not for them.</param>
    /// <param name="WhoMay">Who may approve it.</param>
    /// <param name="YouMay">Whether whoever asks may.</param>
    /// <param name="YouAsked">Whether they proposed it.</param>
    public sealed record Reply(
        InputProposal Proposal, string Body, string? OnYou, string WhoMay, bool YouMay, bool YouAsked)
    {
        /// <summary>Why it could not be approved as things are, whoever wanted to; null: it could.</summary>
        public string? Refused { get; init; }

        /// <summary>Whether whoever asks may decline it, or withdraw it.</summary>
        public required bool YouMayDecline { get; init; }
    }

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
        var (onYou, refused, makesYou) = ((string?)null, (string?)null, false);
        if (one.State == InputState.Waiting)
        {
            if ((await inputs.SeeAsync(of, one, by, ct)).Is(out var seen, out var no))
                (one, onYou, makesYou, refused) = (seen.Proposal, seen.OnReader, seen.MakesReader,
                    seen.Basis.Same is { } same ? $"it is applied already: {same.What}." : null);
            else refused = no.Detail;
        }

        var asked = one.AskedOf(of);
        var right = one.State == InputState.Waiting
            ? await fourEyes.RightOrNobodyAsync(asked, by, ct) : await fourEyes.RightAsync(asked, by, ct);
        return new Reply(
            one.For(InputProposals.SeesPay(by)), one.Body, onYou, right.WhoMay,
            right.YouMay && one.State == InputState.Waiting && refused is null && !makesYou, right.YouAsked)
        {
            Refused = refused,
            YouMayDecline = one.State == InputState.Waiting
                && (right.YouAsked || by.Holds?.Invoke(of.Approves) != false),
        };
    }
}
