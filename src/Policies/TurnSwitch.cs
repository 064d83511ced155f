using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Policies;

/// <summary>
/// Closes the gateway on every node at once, and opens it again. Calls in flight are let to end; doing either again
/// changes nothing.
/// </summary>
internal static class TurnSwitch
{
    /// <param name="Reason">Every caller reads it.</param>
    public sealed record Request(string? Reason);

    /// <param name="Switch">As it stands now.</param>
    /// <param name="Done">False where it stood so before.</param>
    public sealed record Reply(GatewaySwitch Switch, bool Done);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Close(
        Request request, ClaimsPrincipal caller, ApplyPolicy.Desk desk, CancellationToken ct)
    {
        if (request.Reason is not { } reason || !PolicyFile.IsReason(reason))
            return PolicyRefusals.ReasonInvalid.ToProblem("That is no reason to show.");
        return TypedResults.Ok(await TurnAsync(desk, reason.Trim(), caller, ct));
    }

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Open(
        ClaimsPrincipal caller, ApplyPolicy.Desk desk, CancellationToken ct)
    {
        var reply = await TurnAsync(desk, null, caller, ct);
        return desk.Book.InForce() is { Closed: not null } policy
            ? PolicyRefusals.ClosedByPolicy.ToProblem(
                $"Nobody holds it closed by hand any more, but policy version {policy.Version} closes it.")
            : TypedResults.Ok(reply);
    }

    private static async Task<Reply> TurnAsync(
        ApplyPolicy.Desk desk, string? reason, ClaimsPrincipal caller, CancellationToken ct)
    {
        var (turned, done) = await PolicyStore.TurnAsync(desk.Db, reason, desk.Now, Access.NameOf(caller), ct);
        await desk.Book.ReloadAsync(ct); // here without waiting for the notification
        return new Reply(turned, done);
    }
}
