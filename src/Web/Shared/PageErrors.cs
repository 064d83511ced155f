using System.Diagnostics;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Web.Shared;

/// <summary>A page where a person would otherwise read JSON. Programs keep their ProblemDetails.</summary>
public sealed class PageErrors : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!WantsPage(httpContext)) return false;

        // What was set up for the page that failed cannot be set up again.
        await using var scope = httpContext.RequestServices.CreateAsyncScope();
        httpContext.RequestServices = scope.ServiceProvider;
        var trace = Activity.Current?.Id ?? httpContext.TraceIdentifier;
        await new RazorComponentResult<ErrorPage>(new { Trace = trace }) { StatusCode = 500 }.ExecuteAsync(httpContext);
        return true;
    }

    /// <summary>Whether a person waits for the answer: a browser asks, and no endpoint that programs call.</summary>
    public static bool WantsPage(HttpContext http) =>
        http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        && !ForPrograms.Are(http);
}
