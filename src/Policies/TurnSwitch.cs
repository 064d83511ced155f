using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Policies;

/// <summary>
/// Closes the gateway on every node at once, and opens it again. Calls in flight may finish; doing either again
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
        Request request, ClaimsPrincipal caller, ApplyPolicy.Services services, CancellationToken ct)
    {
        if (request.Reason is not { } reason || !PolicyFile.IsReason(reason))
            return PolicyRefusals.ReasonInvalid.ToProblem("That reason cannot be shown.");
        return TypedResults.Ok(await TurnAsync(services, reason.Trim(), caller, ct));
    }

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Open(
        ClaimsPrincipal caller, ApplyPolicy.Services services, CancellationToken ct)
    {
        var reply = await TurnAsync(services, null, caller, ct);
        return services.Book.InForce() is { Closed: not null } policy
            ? PolicyRefusals.ClosedByPolicy.ToProblem(
                $"Nobody holds it closed by hand any more, but policy version {policy.Version} closes it.")
            : TypedResults.Ok(reply);
    }

    private static async Task<Reply> TurnAsync(
        ApplyPolicy.Services services, string? reason, ClaimsPrincipal caller, CancellationToken ct)
    {
        var (turned, done) = await PolicyStore.TurnAsync(services.Db, reason, services.Now, Access.NameOf(caller), ct);
        await services.Book.ReloadAsync(ct); // here without waiting for the notification
        return new Reply(turned, done);
    }
}
