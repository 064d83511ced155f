using System.Collections.Frozen;
using Guerdon.Kernel;
using Guerdon.Web;
using Guerdon.Web.Shared;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Host.Inputs;

/// <summary>The page of each error: what a problem's <c>type</c> leads to. Made of the modules' own lists.</summary>
internal static class ErrorPages
{
    private static readonly FrozenDictionary<string, Refusal> ByCode =
        RefusalList.Of(RefusalList.AssembliesOf(typeof(ErrorPages).Assembly))
            .ToFrozenDictionary(r => r.Refusal.Code, r => r.Refusal, StringComparer.Ordinal);

    public static void MapErrors(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/errors/{code}", Show).AllowAnonymous().ExcludeFromDescription();

    private static Results<RazorComponentResult<RefusalPage>, Ok<Refusal>, ProblemHttpResult> Show(
        string code, HttpRequest request)
    {
        if (!ByCode.TryGetValue(code, out var refusal))
            return WebRefusals.NotFound.ToProblem($"There is no error '{code}'.");
        if (PageErrors.WantsPage(request.HttpContext))
            return new RazorComponentResult<RefusalPage>(new { Refusal = refusal });
        return TypedResults.Ok(refusal);
    }
}
