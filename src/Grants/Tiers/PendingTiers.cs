using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Grants.Tiers;

/// <summary>Requests for tiers that wait for review.</summary>
internal sealed class PendingTiers(NpgsqlDataSource db) : IPendingDecisions
{
    private const string Read = """
        select t.request_id, t.person_id, coalesce(p.email, ''), t.plan, t.tier, t.asked_at
          from compensation.tier_request t
          left join people.v_person p on p.person_id = t.person_id
         where t.decision is null
         order by t.asked_at, t.request_id
         limit $1
        """;

    public async Task<IReadOnlyList<PendingDecision>> ListAsync(Actor reader, int most, CancellationToken ct)
    {
        var pending = new List<PendingDecision>();
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var command = Db.Command(connection, Read, most);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            var (id, email) = (new TierRequestId(row.GetGuid(0)), row.GetString(2));
            pending.Add(new PendingDecision(
                "tier", $"{id}", $"{email} asks for the tier {row.GetString(4)} of {row.GetString(3)}",
                TierRequest.AskedOf(row.GetGuid(1), email), row.GetFieldValue<DateTimeOffset>(5))
            {
                Link = "/admin/tiers", AskersLink = "/tiers", Command = $"guerdon tier approve {id} --reason …",
            });
        }

        return pending;
    }
}
