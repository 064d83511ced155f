using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Payroll.Terms;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Payroll.Claims;

/// <summary>Claims that nobody decided.</summary>
internal sealed class PendingClaims(NpgsqlDataSource db) : IPendingDecisions
{
    private const string Read = """
        select c.claim_id, c.person_id, people.called(c.person_id, p.email) as email,
               c.amount_cents, c.currency, c.service, c.vendor, c.filed_at
          from compensation.claim c
          left join people.v_person p on p.person_id = c.person_id
         where c.is_approved is null and ($2::uuid is null or c.person_id = $2)
         order by c.filed_at, c.claim_id
         limit $1
        """;

    public string Reads => Permissions.ClaimsRead;

    public async Task<IReadOnlyList<PendingDecision>> ListAsync(InboxReader reader, int most, CancellationToken ct) =>
        await db.ReadAsync(Read, Of, [most, reader.Only], ct);

    private static PendingDecision Of(Row row)
    {
        var (id, email) = (row.Id<ClaimId>("claim_id"), row.Text("email"));
        var pays = PayForms.Text(PayForms.Cash, row.Bigint("amount_cents"), row.Text("currency"));
        return new PendingDecision(
            "claim", $"{id}", $"{pays} to {email}, for {row.Text("service")} of {row.Text("vendor")}",
            FiledClaim.AskedOf(id, row.Uuid("person_id"), email), row.Instant("filed_at"))
        {
            Link = "/admin/claims", AskersLink = "/claims", Command = "guerdon claim list --all --open",
        };
    }
}
