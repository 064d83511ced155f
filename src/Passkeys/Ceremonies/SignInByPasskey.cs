using Guerdon.Identity;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Audit;
using Guerdon.Identity.External;
using Guerdon.Identity.SignIn;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Guerdon.Passkeys.Ceremonies;

/// <summary>Signs in by a passkey, of whosever account it is: no address is typed.</summary>
internal static class SignInByPasskey
{
    public const string Path = "/sign-in/passkey";

    private const string Page = "/sign-in";

    /// <summary>What the handler needs.</summary>
    internal sealed record Needs(
        PasskeyAnswers Answers, ExternalSessions Sessions, ExternalTries Tries, SignInPages Pages, TimeProvider Clock);

    public static Task<IResult> Ask(HttpContext http, PasskeyAnswers answers) =>
        answers.AskAsync(http, Ceremony.SignIn, null);

    public static async Task<IResult> Handle(
        [FromForm] string? credential, [FromForm] string? returnUrl, HttpContext http, [AsParameters] Needs needs)
    {
        var back = ExternalSessions.Back(returnUrl);
        var answer = await needs.Answers.CheckAsync(http, Ceremony.SignIn, credential);
        if (answer is not { Status: StatusCodes.Status200OK, Account: { } account })
            return Refused(http, needs.Pages, answer.Status, Why(answer.Status), back, answer.Wait);
        if (account.IsOver(needs.Clock.GetUtcNow()))
            return Refused(http, needs.Pages, StatusCodes.Status403Forbidden, SignInFault.Over, back, account);
        // Who has no password here signs in at a provider, which shuts people out by itself.
        if (!account.HasPassword)
            return Refused(http, needs.Pages, StatusCodes.Status403Forbidden, SignInFault.Provider, back, account);

        var use = PasskeyAnswers.Use.Gone;
        var isOpen = await needs.Sessions.BeginAsync(
            http, account, needs.Clock.GetUtcNow(), (_, _) => Task.CompletedTask, async (at, _, ct) =>
            {
                use = await needs.Answers.UseAsync(at, answer, ct);
                return use == PasskeyAnswers.Use.Taken;
            });
        if (!isOpen)
        {
            if (use != PasskeyAnswers.Use.WentBack)
                return Refused(http, needs.Pages, StatusCodes.Status401Unauthorized, SignInFault.Passkey, back);
            await needs.Answers.WarnAsync(answer, http.RequestAborted);
            return Refused(http, needs.Pages, StatusCodes.Status409Conflict, SignInFault.Copied, back, account);
        }

        ExternalSessions.Say(http, account.Email, account, StatusCodes.Status200OK);
        needs.Tries.Remember(http, account.Id);
        return new SeeOther(ExternalSessions.FirstPage(account, back));
    }

    /// <summary>Shows the page again, where it stood open too long.</summary>
    internal static IResult Again(HttpContext http) =>
        new SeeOther(Page + QueryString.Create("why", SignInFault.Stale));

    private static string Why(int status) =>
        status == StatusCodes.Status429TooManyRequests ? SignInFault.TooMany : SignInFault.Passkey;

    private static IResult Refused(
        HttpContext http, SignInPages pages, int status, string why, string back, TimeSpan wait = default)
    {
        ExternalSessions.Say(http, "", null, status);
        return Answer(http, pages, status, why, back, () => PasskeyAnswers.Refusal(http, status, wait));
    }

    // Of a passkey that is theirs: who it was is known.
    private static IResult Refused(
        HttpContext http, SignInPages pages, int status, string why, string back, Account account)
    {
        ExternalSessions.Say(http, account.Email, account, status);
        return Answer(http, pages, status, why, back, () => why switch
        {
            SignInFault.Over => PasskeysRefusals.Ended.ToProblem(ExternalSessions.WhyOver(account)),
            SignInFault.Provider => PasskeysRefusals.OnlyConfirms.ToProblem("This account has no password here."),
            _ => PasskeyAnswers.Refusal(http, status, default),
        });
    }

    private static IResult Answer(
        HttpContext http, SignInPages pages, int status, string why, string back, Func<IResult> program)
    {
        if (!pages.AreWanted(http)) return program();
        RefusedForm.Say(http, status);
        return new SeeOther(Page + QueryString.Create("why", why).Add("ReturnUrl", back));
    }
}
