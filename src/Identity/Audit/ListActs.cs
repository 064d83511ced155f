using System.Globalization;
using System.Text;
using System.Text.Json;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Identity.Audit;

/// <summary>The acts of some days, for auditors. Written while they are read, so that there may be any number of them.
/// </summary>
internal static class ListActs
{
    private const string Heading = "at,kind,who,account,person,means,session_or_token,roles,address,endpoint,"
        + "permission,subject,about,status,times,request,act,seq,changes";

    /// <param name="From">First day, UTC; null: thirty days before the last.</param>
    /// <param name="To">The day after the last; null: tomorrow.</param>
    /// <param name="Who">An account's name, or the id of an account or person.</param>
    /// <param name="Endpoint">A part of the endpoint's or form's name.</param>
    /// <param name="Kind">One of <see cref="Storage.ActKinds"/>.</param>
    /// <param name="Format">json or csv.</param>
    public sealed record Asked(
        DateOnly? From, DateOnly? To, string? Who, string? Endpoint, string? Kind, string? Format);

    internal static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> Handle(
        [AsParameters] Asked asked, NpgsqlDataSource db, ActLog log, TimeProvider clock, HttpContext context,
        CancellationToken ct)
    {
        if (!ActFilter.Of((asked.From, asked.To), asked.Who, asked.Endpoint, asked.Kind, clock.Today())
            .Is(out var filter, out var no)) return no.ToProblem();
        if (asked.Format is not (null or "" or "json" or "csv"))
            return IdentityRefusals.ActsInvalid.ToProblem(
                $"'{Wording.Shortened(asked.Format)}' is neither json nor csv.");
        await log.FlushAsync(ct);
        var acts = ActReads.StreamAsync(db, filter, context.User, context.RequestAborted);
        var name = $"acts-{filter.From.Iso()}-{filter.To.Iso()}";
        return asked.Format == "csv"
            ? TypedResults.Stream(stream => CsvAsync(acts, stream), "text/csv; charset=utf-8", $"{name}.csv")
            : TypedResults.Stream(stream => JsonAsync(acts, stream), "application/json", $"{name}.json");
    }

    private static async Task CsvAsync(IAsyncEnumerable<ActEntry> acts, Stream stream)
    {
        await using var output = new StreamWriter(stream, new UTF8Encoding(false), 65_536, leaveOpen: true);
        await output.WriteAsync(Heading + "\r\n");
        await foreach (var a in acts)
        {
            string[] cells =
            [
                a.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture), a.Kind,
                a.Who, a.Account, a.Person, a.Means, a.SessionOrToken, a.Roles, a.Address, a.Endpoint, a.Permission,
                a.Subject, a.About, Number(a.Status), Number(a.Times), a.Request, a.Act,
                a.Seq is { } seq ? Number(seq) : "", string.Join("; ", a.Changes),
            ];
            await output.WriteAsync(string.Join(',', cells.Select(Csv.Text)) + "\r\n");
        }
    }

    private static async Task JsonAsync(IAsyncEnumerable<ActEntry> acts, Stream stream)
    {
        await using var output = new StreamWriter(stream, new UTF8Encoding(false), 65_536, leaveOpen: true);
        await output.WriteAsync("{\"acts\":[");
        var next = "\n";
        await foreach (var act in acts)
        {
            await output.WriteAsync(next + JsonSerializer.Serialize(act, JsonSerializerOptions.Web));
            next = ",\n";
        }

        await output.WriteAsync("\n]}\n");
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
