using Stipend.Kernel;

namespace Stipend.Host.SignIn;

/// <summary>Refusals of the pipeline itself, which no endpoint gets to write.</summary>
internal static class Problems
{
    public static Task NotSignedInAsync(HttpContext context) => SignInRefusals.NotSignedIn
        .ToProblem("This needs a signed-in account.").ExecuteAsync(context);

    public static Task NotAllowedAsync(HttpContext context) => SignInRefusals.NotAllowed
        .ToProblem($"{context.Request.Method} {context.Request.Path} is not for this account.").ExecuteAsync(context);
}
