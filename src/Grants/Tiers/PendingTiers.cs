using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Grants.Tiers;

/// <summary>Requests for tiers that wait for review.</summary>
internal sealed class PendingTiers(NpgsqlDataSource db) : IPendingDecisions
{
    private const string Read = """
        select t.request_id, t.person_id, people.called(t.person_id, p.email) as email,
               t.plan, t.tier, t.asked_at
          from compensation.tier_request t
          left join people.v_person p on p.person_id = t.person_id
         where t.decision is null and ($2::uuid is null or t.person_id = $2)
         order by t.asked_at, t.request_id
         limit $1
        """;

    public string Reads => Permissions.TiersRead;

    public async Task<IReadOnlyList<PendingDecision>> ListAsync(InboxReader reader, int most, CancellationToken ct) =>
        await db.ReadAsync(Read, Of, [most, reader.Only], ct);

    private static PendingDecision Of(Row row)
    {
        var (id, email) = (row.Id<TierRequestId>("request_id"), row.Text("email"));
        return new PendingDecision(
            "tier", $"{id}", $"{email} asks for the tier {row.Text("tier")} of {row.Text("plan")}",
            TierRequest.AskedOf(row.Uuid("person_id"), email), row.Instant("asked_at"))
        {
            Link = "/admin/tiers", AskersLink = "/tiers", Command = "guerdon tier list --all --waiting",
        };
    }
}
