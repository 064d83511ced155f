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

    public async Task<IReadOnlyList<PendingDecision>> ListAsync(Actor reader, int most, CancellationToken ct)
    {
        var pending = new List<PendingDecision>();
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var command = Db.Command(connection, Read, most, clock.GetUtcNow());
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct)) pending.Add(Of(row));
        return pending;
    }

    private static PendingDecision Of(NpgsqlDataReader row)
    {
        var (id, email, isReversal) = (new ConversionId(row.GetGuid(0)), row.GetString(2), row.GetBoolean(7));
        var (person, asker) = (row.GetGuid(1), Db.ActorAt(row, 9)!);
        var subject = $"{new Tokens(row.GetInt64(3))} reward tokens of {email} to "
            + PayForms.Text(row.GetString(4), row.GetInt64(5), row.GetString(6));
        return new PendingDecision(
            isReversal ? "conversion_reversal" : "conversion", $"{id}",
            isReversal ? $"Reverse the conversion of {subject}" : $"Convert {subject}",
            isReversal ? Conversion.ReversalOf(id, person, email, asker)
                : Conversion.RequestOf(id, person, email, asker),
            row.GetFieldValue<DateTimeOffset>(12))
        {
            Link = "/admin/conversions", AskersLink = isReversal ? null : "/convert",
            Command = isReversal ? $"guerdon convert reverse {id} --approve --step {row.GetInt32(8)}"
                : $"guerdon convert approve {id}",
        };
    }
}
