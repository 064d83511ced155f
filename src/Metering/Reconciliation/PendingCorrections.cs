using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Metering.Reconciliation;

/// <summary>Corrections that were shown, and that nobody applied or declined.</summary>
internal sealed class PendingCorrections(NpgsqlDataSource db, TimeProvider clock) : IPendingDecisions
{
    public string Reads => Permissions.ReconciliationRead;

    public async Task<IReadOnlyList<PendingDecision>> ListAsync(InboxReader reader, int most, CancellationToken ct) =>
        // Nobody else has any of their own.
        !reader.SeesAll ? [] : await ReconciliationStore.WaitingAsync(db, Of, most, clock.GetUtcNow(), ct);

    private static PendingDecision Of(Row row)
    {
        var id = row.Id<ReconciliationId>("reconciliation_id");
        var (provider, from, to) = (row.Text("provider"), row.Date("from_day"), row.Date("to_day"));
        var calls = Wording.Count(row.Int4("corrections"), "call");
        return new PendingDecision(
            "corrections", $"{id}",
            $"Correct {calls} of {provider}, {from.InWords()} to {to.InWords()}: "
            + $"give back {row.Tokens("refund_milli")} tokens, charge {row.Tokens("charge_milli")}",
            StoredReconciliation.AskedOf(id, row.Actor("made_by")), row.Instant("made_at"))
        {
            Command = $"guerdon reconcile review {id}",
        };
    }
}
