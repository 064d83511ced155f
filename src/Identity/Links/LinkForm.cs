using Guerdon.Identity.Accounts;
using Guerdon.Identity.Audit;
using Guerdon.Identity.Protection;
using Guerdon.Identity.SignIn;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Guerdon.Identity.Links;

/// <summary>What a link opens.</summary>
/// <param name="Account">Whose password it sets; null: nothing, or nobody looked.</param>
/// <param name="Status">Of the page: 200; 404: it is no link, or not any more; 429: later.</param>
public sealed record LinkShown(Account? Account, int Status);

/// <summary>The page of a link, and its form: a password in, and the link is used up. Looking at it uses nothing up,
/// since mail programs do.</summary>
public sealed class LinkForm
{
    /// <summary>The page, before the secret.</summary>
    public const string Path = "/link";

    /// <summary>The value of <c>why</c> in the address of sign-in, once a password was set.</summary>
    public const string Done = "set";

    /// <summary>Its values in the address of a link.</summary>
    public const string BadLength = "length";

    /// <summary>The two differ.</summary>
    public const string Different = "differ";

    private const string Shown = Path + "/{secret}";

    // In place of an e-mail: whoever tries links is counted by where they come from.
    private const string Counted = "a link";

    private readonly OneTimeLinks _links;
    private readonly SignInLimits _limits;
    private readonly HashTurns _turns;

    internal LinkForm(OneTimeLinks links, SignInLimits limits, HashTurns turns) =>
        (_links, _limits, _turns) = (links, limits, turns);

    /// <summary>What a link opens, for its page, whose address is told to nobody.</summary>
    public async Task<LinkShown> OpenAsync(HttpContext http, string secret)
    {
        SecretAddress.Guard(http, Shown);
        var from = http.Connection.RemoteIpAddress;
        if (_limits.Take(from, Counted, null) is not null) return new(null, StatusCodes.Status429TooManyRequests);
        if (await _links.FindAsync(secret, http.RequestAborted) is not { } account)
            return new(null, StatusCodes.Status404NotFound);
        _limits.GiveBack(from, Counted, null); // nothing was guessed
        return new(account, StatusCodes.Status200OK);
    }

    internal static async Task<IResult> Handle(
        string secret, [FromForm] string? password, [FromForm] string? again, HttpContext http, LinkForm form,
        SignInPages pages)
    {
        SecretAddress.Guard(http, Shown);
        var (from, page) = (http.Connection.RemoteIpAddress, $"{Path}/{Uri.EscapeDataString(secret)}");
        var isPage = pages.AreWanted(http);
        if (form._limits.Take(from, Counted, null) is { } wait) return Later(http, isPage, page, wait);
        if (await form._links.FindAsync(secret, http.RequestAborted) is not { } account)
            return Over(http, isPage, page);
        form._limits.GiveBack(from, Counted, null);

        if (password is null || Passwords.Fault(password) is not null) return Wrong(http, isPage, page, BadLength);
        if (again is not null && again != password) return Wrong(http, isPage, page, Different);
        ActWatch.Say(http, new(account.Email, account, StatusCodes.Status200OK)); // whoever has the link is its holder
        var (done, isSet) = await form._turns.RunAsync(
            isKnown: false, Throttle.KeyOf(from), () => form._links.UseAsync(secret, password, http.RequestAborted),
            http.RequestAborted);
        if (!isSet) ActWatch.Say(http, new("", null, StatusCodes.Status404NotFound));
        if (!done) return Later(http, isPage, page, TimeSpan.FromSeconds(5));
        return isSet ? new SeeOther(SignInForm.Path + QueryString.Create("why", Done)) : Over(http, isPage, page);
    }

    private static IResult Over(HttpContext http, bool isPage, string page) =>
        isPage ? Back(http, page, StatusCodes.Status404NotFound)
        : IdentityRefusals.LinkOver.ToProblem("This link sets no password: it is mistyped, used or has ended.");

    private static IResult Wrong(HttpContext http, bool isPage, string page, string why) =>
        isPage ? Back(http, page + QueryString.Create("why", why), StatusCodes.Status422UnprocessableEntity)
        : IdentityRefusals.PasswordInvalid.ToProblem(why == Different ? "The two passwords differ."
            : Passwords.Fault(null)!);

    private static IResult Later(HttpContext http, bool isPage, string page, TimeSpan wait)
    {
        if (isPage)
            return Back(
                http, page + QueryString.Create("why", SignInFault.TooMany), StatusCodes.Status429TooManyRequests);
        RetryAfter.Say(http, wait);
        return IdentityRefusals.SignInTooMany.ToProblem("Too many tries from this address.");
    }

    private static SeeOther Back(HttpContext http, string page, int status)
    {
        RefusedForm.Say(http, status);
        return new SeeOther(page);
    }

    /// <summary>Shows the page again, where it stood open too long.</summary>
    internal static IResult Again(HttpContext http) =>
        new SeeOther(http.Request.Path + QueryString.Create("why", SignInFault.Stale));
}
