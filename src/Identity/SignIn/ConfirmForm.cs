using Guerdon.Identity.Accounts;
using Guerdon.Identity.Audit;
using Guerdon.Identity.Sessions;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Guerdon.Identity.SignIn;

/// <summary>Somebody who is signed in gives their password once more, before they approve money. Their session gets a
/// new secret by it.</summary>
public static class ConfirmForm
{
    /// <summary>The page and its form.</summary>
    public const string Path = "/confirm";

    /// <summary>Where somebody is sent who has to confirm first.</summary>
    /// <param name="back">A path of this site to come back to.</param>
    public static string AddressFor(string back) => Path + QueryString.Create("ReturnUrl", back);

    internal static async Task<IResult> Handle(
        [FromForm] string? password, [FromForm] string? returnUrl, HttpContext http, PasswordSignIn signIn,
        OpenSessions sessions)
    {
        var back = SignInForm.IsLocal(returnUrl) ? returnUrl! : "/";
        // A token has no session, and nothing to confirm.
        if (OpenSessions.IdOf(http.User) is not { } session || Principals.AccountOf(http.User) is not { } caller)
            return IdentityRefusals.StepUp.ToProblem("Only a session can be confirmed.");

        var email = http.User.FindFirst(Principals.Email)!.Value;
        var outcome = await signIn.TryAsync(http, email, password ?? "");
        if (outcome is { Status: StatusCodes.Status200OK, Account: { } account } && account.Id == caller)
        {
            if (await sessions.ConfirmAsync(session, http.RequestAborted) is not { } renewed)
                return IdentityRefusals.StepUp.ToProblem("Only a browser's session that is open can be confirmed.");
            await SessionCookie.GiveAsync(http, renewed);
            return new SeeOther(back);
        }

        // The address may be another account's by now, whose password confirms nothing here.
        RefusedForm.Say(http, outcome.Status == StatusCodes.Status200OK
            ? StatusCodes.Status401Unauthorized : outcome.Status);
        return new SeeOther(AddressFor(back) + $"&why={SignInFault.Of(outcome.Status)}");
    }

    /// <summary>Shows the page again, with a form that holds, where it stood open too long. What was sent is not read,
    /// since nobody knows who sent it; the address says where to come back to.</summary>
    internal static IResult Again(HttpContext http)
    {
        var back = http.Request.Query["ReturnUrl"].ToString();
        return new SeeOther(AddressFor(SignInForm.IsLocal(back) ? back : "/") + $"&why={SignInFault.Stale}");
    }
}
