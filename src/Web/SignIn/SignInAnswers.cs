using Guerdon.Identity;
using Guerdon.Web.Shared;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Web.SignIn;

/// <summary>What Identity shows to people.</summary>
internal static class SignInAnswers
{
    public static readonly SignInPages Pages = new(PageErrors.WantsPage, Form, Denied);

    private static RazorComponentResult<SignInPage> Form(SignInShown shown) => new(
        new { shown.Why, shown.Says, shown.Email, shown.ReturnUrl })
    { StatusCode = shown.Status };

    private static RazorComponentResult<DeniedPage> Denied() => new() { StatusCode = StatusCodes.Status403Forbidden };
}
