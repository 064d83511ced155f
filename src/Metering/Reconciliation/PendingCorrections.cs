using Guerdon.Approvals;
using Guerdon.Kernel;
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

    public async Task<IReadOnlyList<PendingDecision>> ListAsync(InboxReader reader, int most, CancellationToken ct)
    {
        if (!reader.Decides) return []; // no page of theirs has any
        var pending = new List<PendingDecision>();
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var command = ReportStore.Command(connection, Read, most, clock.GetUtcNow().AddDays(-MostDays));
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct)) pending.Add(Of(row));
        return pending;
    }

    private static PendingDecision Of(NpgsqlDataReader row)
    {
        var id = new ReconciliationId(row.GetGuid(0));
        var (provider, from, to) = (
            row.GetString(1), row.GetFieldValue<DateOnly>(2), row.GetFieldValue<DateOnly>(3));
        var maker = new Actor(row.GetString(7), Optional(9)) { Account = Optional(8) };
        return new PendingDecision(
            "corrections", $"{id}",
            $"Correct {Wording.Count(row.GetInt32(4), "call")} of {provider}, {from.InWords()} to {to.InWords()}: "
            + $"give back {new Tokens(row.GetInt64(5))} tokens, charge {new Tokens(row.GetInt64(6))}",
            StoredReconciliation.AskedOf(id, maker), row.GetFieldValue<DateTimeOffset>(10))
        {
            Command = $"guerdon reconcile preview --provider {provider} --from {from.Iso()} --to {to.Iso()}",
        };

        Guid? Optional(int column) => row.IsDBNull(column) ? null : row.GetGuid(column);
    }
}
