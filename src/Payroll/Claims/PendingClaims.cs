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
        select c.claim_id, c.person_id, coalesce(p.email, ''), c.amount_cents, c.currency, c.service, c.vendor,
               c.filed_at
          from compensation.claim c
          left join people.v_person p on p.person_id = c.person_id
         where c.is_approved is null
         order by c.filed_at, c.claim_id
         limit $1
        """;

    public async Task<IReadOnlyList<PendingDecision>> ListAsync(Actor reader, int most, CancellationToken ct)
    {
        var pending = new List<PendingDecision>();
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var command = Db.Command(connection, Read, most);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct)) pending.Add(Of(row));
        return pending;
    }

    private static PendingDecision Of(NpgsqlDataReader row)
    {
        var (id, email) = (new ClaimId(row.GetGuid(0)), row.GetString(2));
        var pays = PayForms.Text(PayForms.Cash, row.GetInt64(3), row.GetString(4));
        return new PendingDecision(
            "claim", $"{id}", $"{pays} to {email}, for {row.GetString(5)} of {row.GetString(6)}",
            FiledClaim.AskedOf(id, row.GetGuid(1), email), row.GetFieldValue<DateTimeOffset>(7))
        {
            Link = "/admin/claims", AskersLink = "/claims", Command = $"guerdon claim approve {id}",
        };
    }
}
