using Stipend.Kernel;

namespace Stipend.Host.SignIn;

/// <summary>
/// Another site can make a browser send a form with our cookie. Pages carry antiforgery tokens; the API asks writes by
/// cookie for a header that no form can send and that a script of another site may not, unless we allowed it.
/// </summary>
internal static class CrossSite
{
    public const string Header = "X-Stipend";

    public static Task Refuse(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var reads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        return reads || !request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
            || context.User.Identity?.AuthenticationType != Sessions.SchemeName || request.Headers[Header] == "1"
                ? next(context)
                : SignInRefusals.CrossSite.ToProblem("A write came with a session cookie alone.").ExecuteAsync(context);
    }
}
