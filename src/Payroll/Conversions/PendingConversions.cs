using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Payroll.Terms;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Payroll.Conversions;

/// <summary>Conversions that can be approved, and reversals that somebody asked for.</summary>
internal sealed class PendingConversions(NpgsqlDataSource db, TimeProvider clock) : IPendingDecisions
{
    private static readonly string Read = Sql.Read("Payroll/Conversions/PendingConversions.sql");

    public string Reads => Permissions.ConversionsRead;

    public async Task<IReadOnlyList<PendingDecision>> ListAsync(InboxReader reader, int most, CancellationToken ct) =>
        await db.ReadAsync(Read, Of, [most, clock.GetUtcNow(), reader.Only], ct);

    private static PendingDecision Of(Row row)
    {
        var (id, email) = (row.Id<ConversionId>("conversion_id"), row.Text("email"));
        var (person, asker, isReversal) = (row.Uuid("person_id"), row.Actor("asked_by"), row.Bool("is_reversal"));
        var subject = $"{row.Tokens("amount_milli")} reward tokens of {email} to "
            + PayForms.Text(row.Text("form"), row.Bigint("units"), row.Text("unit"));
        return new PendingDecision(
            isReversal ? "conversion_reversal" : "conversion", $"{id}",
            isReversal ? $"Reverse the conversion of {subject}" : $"Convert {subject}",
            isReversal ? Conversion.ReversalOf(id, person, email, asker)
                : Conversion.RequestOf(id, person, email, asker),
            row.Instant("at"))
        {
            Link = "/admin/conversions", AskersLink = isReversal ? null : "/convert",
            Command = $"guerdon convert list --all --state {(isReversal ? "reversal_asked" : "locked")}",
        };
    }
}
