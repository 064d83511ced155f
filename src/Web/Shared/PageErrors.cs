using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;

namespace Stipend.Web;

/// <summary>A page where a person would otherwise read JSON. Programs keep their ProblemDetails.</summary>
public sealed class PageErrors : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!WantsPage(httpContext.Request)) return false;

        // What was set up for the page that failed cannot be set up again.
        await using var scope = httpContext.RequestServices.CreateAsyncScope();
        httpContext.RequestServices = scope.ServiceProvider;
        var trace = Activity.Current?.Id ?? httpContext.TraceIdentifier;
        await new RazorComponentResult<ErrorPage>(new { Trace = trace }) { StatusCode = 500 }.ExecuteAsync(httpContext);
        return true;
    }

    public static bool WantsPage(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        && !request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
        && !request.Path.StartsWithSegments("/v1", StringComparison.Ordinal);
}
