using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Grants.Runs;

/// <summary>Runs that wait to be approved, and those that somebody wants taken back.</summary>
internal sealed class PendingRuns(NpgsqlDataSource db) : IPendingDecisions
{
    private static readonly string Read = Sql.Read("Grants/Runs/PendingRuns.sql");

    public async Task<IReadOnlyList<PendingDecision>> ListAsync(InboxReader reader, int most, CancellationToken ct)
    {
        if (!reader.Decides) return []; // no page of theirs has any
        var pending = new List<PendingDecision>();
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var command = Db.Command(connection, Read, most);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct)) pending.Add(Of(row));
        return pending;
    }

    private static PendingDecision Of(NpgsqlDataReader row)
    {
        var run = new RunId(row.GetGuid(0));
        var (isReversal, asker) = (row.GetBoolean(7), Db.ActorAt(row, 8)!);
        var asked = isReversal ? RunAsked.OfReversal(run, asker)
            : RunAsked.Of(run, asker, Db.GuidAt(row, 12), row.IsDBNull(13) ? "" : row.GetString(13));
        var what = row.GetString(3) == "awards" ? "awards" : "grants";
        var month = Period.TryParse(row.GetString(2), out var period) ? period.InWords : row.GetString(2);
        var subject = $"{row.GetString(1)}, {month}: {new Usd(row.GetInt64(5)).Cents} USD in "
            + Wording.Count(row.GetInt32(4), what[..^1]);
        return new PendingDecision(
            isReversal ? "reversal" : "run", $"{run}",
            isReversal ? $"Reverse {what} of {subject}" : $"{char.ToUpperInvariant(what[0])}{what[1..]} of {subject}",
            asked, row.GetFieldValue<DateTimeOffset>(11))
        {
            Digest = isReversal ? null : RunDigest.Text(row.GetFieldValue<byte[]>(6)),
            Link = $"/admin/grants/{run}", Command = $"guerdon grant show {run}",
        };
    }
}
