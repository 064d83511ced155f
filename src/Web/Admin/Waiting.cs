using Guerdon.Grants;
using Guerdon.Kernel;
using Guerdon.Storage;
using Guerdon.Web.Shared;
using Npgsql;

namespace Guerdon.Web.Admin;

/// <summary>Something that waits for an administrator.</summary>
/// <param name="What">In words: what, of whom, how much.</param>
/// <param name="Hint">Who asked, since when.</param>
/// <param name="Address">Where it is looked at.</param>
/// <param name="IsOwn">The reader asked for it: another decides.</param>
internal sealed record WaitingItem(string What, string Hint, string Address, bool IsOwn);

/// <summary>What waits for administrators, over all modules, from their views: at most a hundred lines.</summary>
internal static class Waiting
{
    private static readonly string Sql = Kernel.Sql.Read("Web/Admin/Waiting.sql");

    private sealed record Line(
        string Kind, Guid? Id, string? Name, string? Detail, long Number, long? Nanos, string? ByName,
        DateTimeOffset? Since, bool IsOwn);

    public static async Task<IReadOnlyList<WaitingItem>> ReadAsync(
        NpgsqlDataSource db, Guid? account, CancellationToken ct)
    {
        var lines = await db.ReadAsync(
            Sql,
            row => new Line(
                row.Text("kind"), row.UuidOrNull("id"), row.TextOrNull("name"), row.TextOrNull("detail"),
                row.Bigint("number"), row.BigintOrNull("nanos"), row.TextOrNull("by_name"),
                row.InstantOrNull("since"), row.Get<bool?>("own") is true),
            [account], ct);
        return [.. lines.Select(r => new WaitingItem(What(r), Hint(r), Address(r), r.IsOwn))];
    }

    private static string What(Line r) => r.Kind switch
    {
        "run" => $"Grants of {r.Name}, {Period(r)}: {Money(r)} in {Many(r.Number, "grant")}",
        "reversal" => $"Reversal of {r.Name}, {Period(r)}: {Money(r)} in {Many(r.Number, "grant")}",
        "vesting" => Many(r.Number, "vesting fact"),
        "conversion" => $"{Many(r.Number, "conversion")}, worth {Money(r)}",
        "claim" => Many(r.Number, "claim"),
        "tier" => Many(r.Number, "request for a tier", "requests for tiers"),
        "vote" => $"Vote on {r.Detail} of {r.Name}",
        "prices" => Many(r.Number, "price list"),
        _ => Many(r.Number, "stopped wallet"),
    };

    private static string Hint(Line r)
    {
        var since = r.Since is { } at ? Show.Day(at) : "";
        var votes = r.Kind == "vote" ? $"; {Many(r.Number, "vote")} for it so far" : "";
        return r.ByName is { } by ? $"asked for by {by}, {since}{votes}" : $"since {since}";
    }

    private static string Address(Line r) => r.Kind switch
    {
        "run" or "reversal" or "vesting" => $"/admin/grants/{new RunId(r.Id!.Value)}",
        "conversion" => "/admin/conversions",
        "claim" => "/admin/claims",
        "tier" => "/admin/tiers",
        "vote" => $"/admin/plans/{Uri.EscapeDataString(r.Name!)}",
        "prices" => "/admin/prices",
        _ => "/admin#stops-label",
    };

    private static string Period(Line r) => Month.Read(r.Detail, DateTimeOffset.UnixEpoch).Name;

    private static string Money(Line r) => Show.Money(new(r.Nanos ?? 0));

    private static string Many(long number, string one, string? many = null) => Wording.Count(number, one, many);
}
