using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Stipend.Gateway;
using Stipend.Metering;

namespace Stipend.Host.Running;

/// <summary>Whether the process lives, and whether it can take calls.</summary>
internal static class Health
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => TypedResults.Text("ok")).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/readyz", ReadyAsync).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<IResult> ReadyAsync(
        NpgsqlDataSource db, RequestJournal journal, GatewayStop stop, CancellationToken ct)
    {
        if (stop.IsStopping) return NotReady("stopping");
        if (journal.IsOverloaded) return NotReady("the request journal has a backlog");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(AnswerWithin);
        try
        {
            await using var ping = db.CreateCommand("select 1");
            await ping.ExecuteScalarAsync(limit.Token);
            return TypedResults.Text("ready");
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            return NotReady("the database does not answer");
        }
    }

    private static ContentHttpResult NotReady(string reason) =>
        TypedResults.Text(reason, statusCode: StatusCodes.Status503ServiceUnavailable);
}
