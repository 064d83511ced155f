using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Grants.Vesting;

/// <summary>Vesting facts that wait to be approved.</summary>
internal sealed class PendingFacts(NpgsqlDataSource db) : IPendingDecisions
{
    private static readonly string Read = Sql.Read("Grants/Vesting/PendingFacts.sql");

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
        var (id, run, email) = (new VestingFactId(row.GetGuid(0)), new RunId(row.GetGuid(1)), row.GetString(11));
        var (what, day) = (row.GetString(3), row.GetFieldValue<DateOnly>(4));
        var subject = what == "event"
            ? $"'{row.GetString(5)}' of {day.InWords()}, for the grant of {email}"
            : $"Acceleration from {day.InWords()} of the grant of {email}";
        return new PendingDecision(
            "vesting_fact", $"{id}", subject,
            VestingFact.AskedOf(id, Db.ActorAt(row, 6)!, row.GetGuid(10), email),
            row.GetFieldValue<DateTimeOffset>(9))
        {
            Link = $"/admin/grants/{run}", Command = "guerdon vesting facts",
        };
    }
}
