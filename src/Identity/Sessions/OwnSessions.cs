using System.Security.Claims;
using Guerdon.Identity.Accounts;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Identity.Sessions;

/// <summary>The caller's sessions: listing and ending them.</summary>
internal static class OwnSessions
{
    private const string This = "this";

    public static async Task<Ok<IReadOnlyList<SessionShown>>> List(
        ClaimsPrincipal caller, OpenSessions sessions, CancellationToken ct) =>
        TypedResults.Ok(await sessions.ListAsync(Principals.AccountOf(caller)!.Value, caller, ct));

    /// <summary>Ends one, by its id or as <c>this</c>.</summary>
    public static async Task<Results<NoContent, ProblemHttpResult>> End(
        string session, ClaimsPrincipal caller, OpenSessions sessions, CancellationToken ct)
    {
        SessionId? id = session == This ? OpenSessions.IdOf(caller)
            : SessionId.TryParse(session, out var named) ? named : null;
        return id is { } known && await sessions.EndAsync(Principals.AccountOf(caller)!.Value, known, ct)
            ? TypedResults.NoContent()
            : IdentityRefusals.SessionNotFound.ToProblem($"You have no session {session} that is open.");
    }

    /// <summary>Ends all of them, also the one that asks.</summary>
    public static async Task<NoContent> EndAll(ClaimsPrincipal caller, OpenSessions sessions, CancellationToken ct)
    {
        await sessions.EndAllAsync(Principals.AccountOf(caller)!.Value, except: null, ct);
        return TypedResults.NoContent();
    }

    /// <summary>Ends all sessions of somebody else, by whoever opens and closes accounts. Its tokens go on.</summary>
    public static async Task<Results<NoContent, ProblemHttpResult>> EndAnothers(
        string emailOrAccount, AccountDirectory accounts, OpenSessions sessions, CancellationToken ct)
    {
        var account = Id.TryParse<AccountId>(emailOrAccount, out var id)
            ? await accounts.FindAsync(id, ct) : await accounts.FindByEmailAsync(emailOrAccount, ct);
        if (account is null)
            return IdentityRefusals.AccountNotFound.ToProblem($"There is no account {emailOrAccount}.");
        await sessions.EndAllAsync(account.Id, except: null, ct);
        return TypedResults.NoContent();
    }
}
