using Guerdon.Identity.Accounts;
using Guerdon.Identity.Sessions;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Identity.SignIn;

/// <summary>Sets another password for the caller's own account.</summary>
internal static class ChangePassword
{
    /// <param name="Current">The present one.</param>
    /// <param name="Password">The new one, of 10 to 200 characters.</param>
    /// <param name="Tokens">Whether the account's tokens are revoked too; left out: they go on.</param>
    public sealed record Request(string? Current, string? Password, bool? Tokens);

    /// <param name="Email">Whose password was changed.</param>
    /// <param name="Session">The caller's session, which goes on; all others have ended.</param>
    /// <param name="Secret">What it is sent by from now on, once; null: a browser has it in its cookie.</param>
    /// <param name="EndsAt">When it ends; before that if it is not used.</param>
    public sealed record Reply(string Email, SessionId Session, string? Secret, DateTimeOffset EndsAt);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        Request request, HttpContext http, OwnPassword own)
    {
        var outcome = await own.ChangeAsync(http, new(request.Current, request.Password, request.Tokens == true));
        if (outcome.Session is not { } session) return Refusal(http, outcome);
        var isBrowser = http.User.Identity?.AuthenticationType == SessionCookie.SchemeName;
        if (isBrowser) await SessionCookie.GiveAsync(http, session);
        var email = http.User.FindFirst(Principals.Email)!.Value;
        return TypedResults.Ok(new Reply(email, session.Id, isBrowser ? null : session.Secret, session.EndsAt));
    }

    /// <summary>Why nothing was changed, for programs.</summary>
    internal static ProblemHttpResult Refusal(HttpContext http, OwnPassword.Outcome outcome)
    {
        switch (outcome.Status)
        {
            case StatusCodes.Status403Forbidden when OpenSessions.IdOf(http.User) is null:
                return IdentityRefusals.StepUp.ToProblem("This changes a password, which a token alone does not do.");
            case StatusCodes.Status403Forbidden:
                return IdentityRefusals.AccountOver.ToProblem("This account has ended meanwhile.");
            case StatusCodes.Status409Conflict:
                return IdentityRefusals.NoOwnPassword.ToProblem("This account has no password here.");
            case StatusCodes.Status422UnprocessableEntity:
                return IdentityRefusals.PasswordInvalid.ToProblem(outcome.Says!);
            case StatusCodes.Status400BadRequest:
                return IdentityRefusals.SignInTooLong.ToProblem("The present password is too long.");
            case StatusCodes.Status429TooManyRequests:
                RetryAfter.Say(http, outcome.Wait);
                return IdentityRefusals.SignInTooMany.ToProblem("Too many tries.");
            default:
                return IdentityRefusals.CurrentWrong.ToProblem("That is not the present password of this account.");
        }
    }
}
