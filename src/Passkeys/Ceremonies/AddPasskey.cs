using Guerdon.Identity;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Audit;
using Guerdon.Identity.Sessions;
using Guerdon.Identity.SignIn;
using Guerdon.Kernel;
using Guerdon.Passkeys.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Guerdon.Passkeys.Ceremonies;

/// <summary>Adds a passkey to the caller's account, soon after they showed who they are.</summary>
internal static class AddPasskey
{
    /// <summary>The form; the page has others of its own.</summary>
    public const string Path = Page + "/new";

    private const string Page = "/passkeys";

    /// <summary>What the handler needs.</summary>
    internal sealed record Needs(PasskeyAnswers Answers, OwnPasskeys Own, SignInPages Pages);

    public static async Task<IResult> Ask(HttpContext http, PasskeyAnswers answers, AccountDirectory accounts) =>
        OpenSessions.IdOf(http.User) is not null && Access.AccountOf(http.User) is { } caller
            && await accounts.FindAsync(new AccountId(caller), http.RequestAborted) is { IsService: false } account
            ? await answers.AskNewAsync(http, account)
            : PasskeysRefusals.NoSession.ToProblem("A passkey is added in a session.");

    public static async Task<IResult> Handle(
        [FromForm] string? credential, [FromForm] string? name, HttpContext http, [AsParameters] Needs needs)
    {
        if (OpenSessions.IdOf(http.User) is not { } session || Access.AccountOf(http.User) is not { } caller)
            return PasskeysRefusals.NoSession.ToProblem("A passkey is added in a session.");
        var no = await needs.Answers.CheckNewAsync(http, new AccountId(caller), credential) is { } made
            ? await needs.Own.AddAsync(
                session, Actor.Of(http.User), made.Passkey, name,
                (at, ct) => needs.Answers.AnswerAsync(at, made.Challenge, ct), http.RequestAborted)
            : PasskeysRefusals.NotTaken.With("The passkey was not taken.");
        if (no is null) return new SeeOther(Page + QueryString.Create("why", PasskeyFault.Added));
        if (!needs.Pages.AreWanted(http)) return no.ToProblem();
        RefusedForm.Say(http, no.Refusal.Status);
        return new SeeOther(Page + QueryString.Create("why", PasskeyFault.Of(no)));
    }

    /// <summary>Shows the page again, where it stood open too long.</summary>
    internal static IResult Again(HttpContext http) =>
        new SeeOther(Page + QueryString.Create("why", SignInFault.Stale));
}
