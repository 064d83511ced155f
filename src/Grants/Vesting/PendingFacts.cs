using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Grants.Vesting;

/// <summary>Vesting facts that wait to be approved.</summary>
internal sealed class PendingFacts(NpgsqlDataSource db) : IPendingDecisions
{
    private static readonly string Read = Sql.Read("Grants/Vesting/PendingFacts.sql");

    public string Reads => Permissions.GrantsRead;

    public async Task<IReadOnlyList<PendingDecision>> ListAsync(InboxReader reader, int most, CancellationToken ct) =>
        // Nobody else has any of their own.
        !reader.SeesAll ? [] : await db.ReadAsync(Read, Of, [most], ct);

    private static PendingDecision Of(Row row)
    {
        var (id, run, email) = (row.Id<VestingFactId>("fact_id"), row.Id<RunId>("run_id"), row.Text("email"));
        var (what, day) = (row.Text("kind"), row.Date("happened_on"));
        var subject = what == "event"
            ? $"'{row.Text("condition_id")}' of {day.InWords()}, for the grant of {email}"
            : $"Acceleration from {day.InWords()} of the grant of {email}";
        return new PendingDecision(
            "vesting_fact", $"{id}", subject,
            VestingFact.AskedOf(id, row.Actor("asked_by"), row.Uuid("person_id"), email),
            row.Instant("asked_at"))
        {
            Link = $"/admin/grants/{run}", Command = "guerdon vesting facts",
        };
    }
}
