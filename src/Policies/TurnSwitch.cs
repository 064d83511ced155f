using System.Security.Claims;
using Guerdon.Approvals;
using Guerdon.Approvals.Inputs;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Policies;

/// <summary>
/// Closes the gateway on every node at once, which takes one person; and opens it again, which takes two where two are
/// there. Calls in flight may finish; doing either again changes nothing.
/// </summary>
internal sealed class TurnSwitch(
    NpgsqlDataSource db, CurrentPolicy book, InputProposals inputs, FourEyes fourEyes, IDeciders deciders,
    TimeProvider clock)
{
    /// <param name="Reason">Every caller reads it.</param>
    public sealed record Request(string? Reason);

    /// <param name="Switch">As it stands now.</param>
    /// <param name="Done">False where it stood so before.</param>
    public sealed record Reply(GatewaySwitch Switch, bool Done);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Close(
        Request request, ClaimsPrincipal caller, TurnSwitch turns, CancellationToken ct)
    {
        if (request.Reason is not { } reason || !PolicyFile.IsReason(reason))
            return PolicyRefusals.ReasonInvalid.ToProblem("That reason cannot be shown.");
        return TypedResults.Ok(await turns.AtOnceAsync(reason.Trim(), Access.NameOf(caller), ct));
    }

    internal static async Task<Results<Ok<Reply>, Accepted<InputWaits>, ProblemHttpResult>> Open(
        ClaimsPrincipal caller, TurnSwitch turns, CancellationToken ct)
    {
        var opened = (await turns.OpenAsync(Actor.Of(caller), ct)).ToHttp<Reply>();
        return opened.Result is Ok<Reply> && turns.ClosedByPolicy() is { } closed ? closed.ToProblem() : opened;
    }

    // Where nobody else could approve it, whoever closed it is not left with a gateway that is closed.
    private async Task<Result<InputProposals.Outcome>> OpenAsync(Actor by, CancellationToken ct)
    {
        var known = await fourEyes.KnownAsync(by, ct);
        Guid[] me = [.. new[] { known.Person, known.Account }.OfType<Guid>()];
        if (await deciders.CountOutsideAsync(Permissions.PoliciesApprove, me, ct) > 0)
            return await inputs.ProposeAsync(OpeningInput.Name, OpeningInput.Given, by, ct);
        return new InputProposals.Outcome(await AtOnceAsync(null, by.Name, ct), null);
    }

    private Refused? ClosedByPolicy() => book.InForce() is { Closed: not null } policy
        ? PolicyRefusals.ClosedByPolicy.With(
            $"Nobody holds it closed by hand any more, but policy version {policy.Version} closes it.")
        : null;

    private async Task<Reply> AtOnceAsync(string? reason, string by, CancellationToken ct)
    {
        var (turned, done) = await PolicyStore.TurnAsync(db, reason, clock.NowMicros(), by, ct);
        await book.ReloadAsync(ct); // here without waiting for the notification
        return new Reply(turned, done);
    }
}
