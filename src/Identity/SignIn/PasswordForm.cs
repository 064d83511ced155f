using Guerdon.Identity.Audit;
using Guerdon.Identity.Sessions;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Guerdon.Identity.SignIn;

/// <summary>The form by which somebody who is signed in sets another password for their account.</summary>
public static class PasswordForm
{
    /// <summary>The page and its form.</summary>
    public const string Path = "/password";

    /// <summary>A value of <c>why</c> in the page's address: it was changed.</summary>
    public const string Done = "done";

    /// <summary>The new one cannot be a password.</summary>
    public const string BadLength = "length";

    /// <summary>The two new ones differ.</summary>
    public const string Different = "differ";

    /// <summary>The new one is the present one.</summary>
    public const string Same = "same";

    /// <summary>The account has no password here.</summary>
    public const string None = "none";

    internal static async Task<IResult> Handle(
        [FromForm] string? current, [FromForm] string? password, [FromForm] string? again, [FromForm] bool? tokens,
        HttpContext http, OwnPassword own, SignInPages pages)
    {
        if (again is not null && again != password)
            return pages.AreWanted(http) ? Back(http, StatusCodes.Status422UnprocessableEntity, Different)
                : IdentityRefusals.PasswordInvalid.ToProblem("The two new passwords differ.");
        var outcome = await own.ChangeAsync(http, new(current, password, tokens == true));
        if (outcome.Session is { } session)
        {
            await SessionCookie.GiveAsync(http, session);
            return new SeeOther(Path + QueryString.Create("why", Done));
        }

        if (!pages.AreWanted(http)) return ChangePassword.Refusal(http, outcome);
        return Back(http, outcome.Status, outcome.Status switch
        {
            StatusCodes.Status409Conflict => None,
            StatusCodes.Status422UnprocessableEntity => password == current ? Same : BadLength,
            _ => SignInFault.Of(outcome.Status),
        });
    }

    /// <summary>Shows the page again, where it stood open too long.</summary>
    internal static IResult Again(HttpContext http) =>
        new SeeOther(Path + QueryString.Create("why", SignInFault.Stale));

    private static SeeOther Back(HttpContext http, int status, string why)
    {
        RefusedForm.Say(http, status);
        return new SeeOther(Path + QueryString.Create("why", why));
    }
}
