using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Metering.Reconciliation;

/// <summary>Corrections that were shown and not applied. Of those of a provider that overlap in time only the newest
/// can still be what would be corrected, and none that is older than the days which a preview covers by itself.
/// </summary>
internal sealed class PendingCorrections(NpgsqlDataSource db, TimeProvider clock) : IPendingDecisions
{
    private const int MostDays = 35;

    private const string Read = """
        select r.reconciliation_id, r.provider, r.from_day, r.to_day, r.corrections, r.refund_milli, r.charge_milli,
               r.made_by, r.made_by_account, r.made_by_person, r.made_at
          from metering.reconciliation r
         where r.made_at > $2
           and not exists (
            select from metering.reconciliation_applied a where a.reconciliation_id = r.reconciliation_id)
           and not exists (
            select from metering.reconciliation n
             where n.provider = r.provider and n.from_day <= r.to_day and n.to_day >= r.from_day
               and (n.made_at, n.reconciliation_id) > (r.made_at, r.reconciliation_id))
         order by r.made_at, r.reconciliation_id
         limit $1
        """;

    public async Task<IReadOnlyList<PendingDecision>> ListAsync(InboxReader reader, int most, CancellationToken ct) =>
        // Only whoever runs the programme may see corrections, so nobody else is shown any.
        !reader.Decides ? [] : await db.ReadAsync(Read, Of, [most, clock.GetUtcNow().AddDays(-MostDays)], ct);

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
            Command = $"guerdon reconcile preview --provider {provider} --from {from.Iso()} --to {to.Iso()}",
        };
    }
}
