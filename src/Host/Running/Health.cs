using Guerdon.Gateway.Forwarding;
using Guerdon.Metering.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Host.Running;

/// <summary>Whether the process lives, and whether it can take calls.</summary>
internal static class Health
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => TypedResults.Text("ok")).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/readyz", ReadyAsync).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<IResult> ReadyAsync(GatewayStop stop, RequestJournal journal, Readiness database)
    {
        if (stop.IsStopping) return NotReady("stopping");
        if (journal.IsOverloaded) return NotReady("the request journal has a backlog");
        return await database.ProblemAsync() is { } problem ? NotReady(problem) : TypedResults.Text("ready");
    }

    private static ContentHttpResult NotReady(string reason) =>
        TypedResults.Text(reason, statusCode: StatusCodes.Status503ServiceUnavailable);
}
