using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Grants.Runs;

/// <summary>Runs that wait to be approved, and those that somebody wants reversed.</summary>
internal sealed class PendingRuns(NpgsqlDataSource db) : IPendingDecisions
{
    private static readonly string Read = Sql.Read("Grants/Runs/PendingRuns.sql");

    public string Reads => Permissions.GrantsRead;

    public async Task<IReadOnlyList<PendingDecision>> ListAsync(InboxReader reader, int most, CancellationToken ct) =>
        // Nobody else has any of their own.
        !reader.SeesAll ? [] : await db.ReadAsync(Read, Of, [most], ct);

    private static PendingDecision Of(Row row)
    {
        var run = row.Id<RunId>("run_id");
        var (isReversal, asker) = (row.Bool("is_reversal"), row.Actor("asked_by"));
        var asked = isReversal ? RunAsked.OfReversal(run, asker)
            : RunAsked.Of(run, asker, row.UuidOrNull("person_id"), row.TextOrNull("email") ?? "");
        var what = row.Text("kind") == "awards" ? "awards" : "grants";
        var month = Period.TryParse(row.Text("period"), out var period) ? period.InWords : row.Text("period");
        var subject = $"{row.Text("plan")}, {month}: {new Usd(row.Bigint("total_usd_nanos")).Cents} USD in "
            + Wording.Count(row.Int4("lines"), what[..^1]);
        return new PendingDecision(
            isReversal ? "reversal" : "run", $"{run}",
            isReversal ? $"Reverse {what} of {subject}" : $"{char.ToUpperInvariant(what[0])}{what[1..]} of {subject}",
            asked, row.Instant("asked_at"))
        {
            Digest = isReversal ? null : RunDigest.Text(row.Bytes("content")),
            Link = $"/admin/grants/{run}", Command = $"guerdon grant show {run}",
        };
    }
}
