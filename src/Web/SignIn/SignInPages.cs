using Guerdon.Identity;
using Guerdon.Web.Shared;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Web.SignIn;

/// <summary>What Identity shows to people.</summary>
internal sealed class SignInPages : ISignInPages
{
    public bool AreWanted(HttpContext http) => PageErrors.WantsPage(http);

    public IResult Form(SignInShown shown) => new RazorComponentResult<SignInPage>(
        new { shown.Why, shown.Says, shown.Email, shown.ReturnUrl })
    { StatusCode = shown.Status };

    public IResult Denied() => new RazorComponentResult<DeniedPage> { StatusCode = StatusCodes.Status403Forbidden };
}
