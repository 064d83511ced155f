using System.Globalization;
using System.Text;
using System.Text.Json;
using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Identity.Audit;

/// <summary>The acts of some days, for auditors. Written while they are read, so that there may be any number of them.
/// </summary>
internal static class ListActs
{
    private const int LastDays = 30;

    private const string Heading = "at,kind,who,account,person,means,session_or_token,roles,address,endpoint,"
        + "permission,subject,about,status,times,request,act,seq,changes";

    /// <param name="From">First day, UTC; null: thirty days before the last.</param>
    /// <param name="To">The day after the last; null: tomorrow.</param>
    /// <param name="Who">An account's name, or the id of an account or person.</param>
    /// <param name="Endpoint">A part of the endpoint's or form's name.</param>
    /// <param name="Kind">One of <see cref="ActKinds"/>.</param>
    /// <param name="Format">json or csv.</param>
    public sealed record Asked(
        DateOnly? From, DateOnly? To, string? Who, string? Endpoint, string? Kind, string? Format);

    internal static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> Handle(
        [AsParameters] Asked asked, NpgsqlDataSource db, ActLog log, TimeProvider clock, HttpContext context,
        CancellationToken ct)
    {
        var to = asked.To ?? clock.Today().AddDays(1);
        var from = asked.From ?? to.AddDays(-LastDays);
        if (to <= from) return IdentityRefusals.ActsInvalid.ToProblem("to must be a later day than from.");
        if (asked.Kind is { Length: > 0 } kind && !ActKinds.All.Contains(kind))
            return IdentityRefusals.ActsInvalid.ToProblem(
                $"'{Wording.Shortened(kind)}' is not one of {string.Join(", ", ActKinds.All)}.");
        if (asked.Format is not (null or "" or "json" or "csv"))
            return IdentityRefusals.ActsInvalid.ToProblem(
                $"'{Wording.Shortened(asked.Format)}' is neither json nor csv.");
        await log.FlushAsync(ct);
        var acts = ActReads.StreamAsync(db, new(from, to)
        {
            Who = asked.Who?.Trim() ?? "", Endpoint = asked.Endpoint?.Trim() ?? "", Kind = asked.Kind ?? "",
        }, context.RequestAborted);
        var name = $"acts-{from.Iso()}-{to.Iso()}";
        return asked.Format == "csv"
            ? TypedResults.Stream(stream => CsvAsync(acts, stream), "text/csv; charset=utf-8", $"{name}.csv")
            : TypedResults.Stream(stream => JsonAsync(acts, stream), "application/json", $"{name}.json");
    }

    private static async Task CsvAsync(IAsyncEnumerable<ActEntry> acts, Stream stream)
    {
        await using var output = new StreamWriter(stream, new UTF8Encoding(false), 65_536, leaveOpen: true);
        await output.WriteAsync(Heading + "\r\n");
        await foreach (var entry in acts)
        {
            var a = entry.Act;
            string[] cells =
            [
                Instant(a.At), a.Kind, a.Who, Id("acc", a.AccountId), Id("prs", a.PersonId), a.Means, $"{a.MeansId:N}",
                a.Roles, a.Address, a.Endpoint, a.Permission, a.Subject, Id("prs", a.AboutId), Number(a.Status),
                Number(a.Times), $"{a.RequestId:N}", $"{a.ActId:N}", entry.Seq is { } seq ? Number(seq) : "",
                string.Join("; ", entry.Changes),
            ];
            await output.WriteAsync(string.Join(',', cells.Select(Csv.Text)) + "\r\n");
        }
    }

    private static async Task JsonAsync(IAsyncEnumerable<ActEntry> acts, Stream stream)
    {
        await using var output = new StreamWriter(stream, new UTF8Encoding(false), 65_536, leaveOpen: true);
        await output.WriteAsync("{\"acts\":[");
        var next = "\n";
        await foreach (var entry in acts)
        {
            var a = entry.Act;
            await output.WriteAsync(next + JsonSerializer.Serialize(new
            {
                at = Instant(a.At), kind = a.Kind, who = a.Who, account = Id("acc", a.AccountId),
                person = Id("prs", a.PersonId), means = a.Means, sessionOrToken = $"{a.MeansId:N}", roles = a.Roles,
                address = a.Address, endpoint = a.Endpoint, permission = a.Permission, subject = a.Subject,
                about = Id("prs", a.AboutId), status = a.Status, times = a.Times, request = $"{a.RequestId:N}",
                act = $"{a.ActId:N}", seq = entry.Seq, changes = entry.Changes,
            }));
            next = ",\n";
        }

        await output.WriteAsync("\n]}\n");
    }

    private static string Instant(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Id(string kind, Guid? id) => id is { } value ? $"{kind}_{value:N}" : "";
}
