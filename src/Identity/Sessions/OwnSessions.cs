using System.Security.Claims;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Tokens;
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
        string session, HttpContext http, OpenSessions sessions, CancellationToken ct)
    {
        var own = OpenSessions.IdOf(http.User);
        SessionId? id = session == This ? own : SessionId.TryParse(session, out var named) ? named : null;
        if (id is not { } known || !await sessions.EndAsync(
            Principals.AccountOf(http.User)!.Value, known, Actor.Of(http.User), ct))
            return IdentityRefusals.SessionNotFound.ToProblem($"You have no session {session} that is open.");
        if (known == own) BrowserMemory.Clear(http);
        return TypedResults.NoContent();
    }

    /// <summary>Ends all of them, also the one that asks. Tokens go on unless they are named.</summary>
    public static async Task<NoContent> EndAll(
        bool? tokens, HttpContext http, OpenSessions sessions, ApiTokens programs, CancellationToken ct)
    {
        var account = Principals.AccountOf(http.User)!.Value;
        if (tokens == true) await programs.RevokeAllAsync(account, ct);
        await sessions.EndAllAsync(account, SessionEnd.ByOwner(Actor.Of(http.User)), ct);
        BrowserMemory.Clear(http);
        return TypedResults.NoContent();
    }

    /// <summary>What somebody else signs in with.</summary>
    internal sealed record Others(AccountDirectory Accounts, OpenSessions Sessions, ApiTokens Tokens);

    /// <summary>Ends all sessions of somebody else, by whoever opens and closes accounts. Tokens go on unless they are
    /// named.</summary>
    public static async Task<Results<NoContent, ProblemHttpResult>> EndAnothers(
        string emailOrAccount, bool? tokens, [AsParameters] Others others, ClaimsPrincipal caller, CancellationToken ct)
    {
        if (!(await others.Accounts.NamedAsync(emailOrAccount, ct)).Is(out var account, out var none))
            return none.ToProblem();
        if (tokens == true) await others.Tokens.RevokeAllAsync(account.Id, ct);
        await others.Sessions.EndAllAsync(account.Id, SessionEnd.ByAdministrator(Actor.Of(caller)), ct);
        return TypedResults.NoContent();
    }
}
