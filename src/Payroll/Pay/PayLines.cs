using Guerdon.Kernel;
using Guerdon.Notices;
using Guerdon.People;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Payroll.Pay;

/// <summary>Pay lines as they are kept. A line is only ever added, in the commit of its notice.</summary>
public static class PayLines
{
    /// <summary>The most in one answer.</summary>
    public const int Most = 1_000;

    private static readonly string ReadSql = Sql.Read("Payroll/Pay/ReadPayLines.sql");

    private const string InsertSql = """
        insert into compensation.pay_line (
            pay_line_id, person_id, kind, form, tax_class, amount, currency, unit, pay_on, explanation, notice_id,
            conversion_id, claim_id, corrects, created_at, approved_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::uuid, $13::uuid, $14::uuid, $15, $16)
        """;

    /// <summary>What writes a line behind its notice. It fails where the line or its cause has one already.</summary>
    internal static IReadOnlyList<Func<NpgsqlBatchCommand>> Insert(PayLine line, NewNotice notice) =>
    [
        notice.Insert,
        () => Db.Batched(
            InsertSql, line.Id.Value, line.Person.Value, line.Kind, line.Form, line.TaxClass, line.Amount,
            line.Currency, line.Unit, line.PayOn, line.Explanation, notice.Id.Value, line.Conversion?.Value,
            line.Claim?.Value, line.Corrects?.Value, line.CreatedAt, line.ApprovedBy),
    ];

    public static async Task<PayLine?> FindAsync(NpgsqlDataSource db, PayLineId id, CancellationToken ct) =>
        (await ReadAsync(db, [id.Value, null, null, null, null, 1], ct)).FirstOrDefault();

    /// <summary>A person's newest thousand.</summary>
    public static async Task<IReadOnlyList<PayLine>> OfAsync(
        NpgsqlDataSource db, PersonId person, CancellationToken ct) =>
        await ReadAsync(db, [null, person.Value, null, null, null, Most], ct);

    /// <summary>Everybody's that payroll may take from a day on, up to another, newest first.</summary>
    /// <param name="db">Where they are.</param>
    /// <param name="from">The first <see cref="PayLine.PayOn"/>; null: any.</param>
    /// <param name="to">The last; null: any.</param>
    /// <param name="before">The last line of the page before; null: the first page.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<IReadOnlyList<PayLine>> PageAsync(
        NpgsqlDataSource db, DateOnly? from, DateOnly? to, PayLineId? before, CancellationToken ct) =>
        await ReadAsync(db, [null, null, from, to, before?.Value, Most], ct);

    private static async Task<List<PayLine>> ReadAsync(
        NpgsqlDataSource db, object?[] values, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var command = Db.Command(connection, ReadSql, values);
        await using var row = await command.ExecuteReaderAsync(ct);
        var lines = new List<PayLine>();
        while (await row.ReadAsync(ct))
            lines.Add(new PayLine
            {
                Id = new(row.GetGuid(0)), Person = new(row.GetGuid(1)), Email = row.GetString(2),
                Kind = row.GetString(3), Form = row.GetString(4), TaxClass = row.GetString(5), Amount = row.GetInt64(6),
                Currency = row.IsDBNull(7) ? null : row.GetString(7), Unit = row.GetString(8),
                PayOn = row.GetFieldValue<DateOnly>(9), Explanation = row.GetString(10), Notice = new(row.GetGuid(11)),
                Conversion = row.IsDBNull(12) ? null : new(row.GetGuid(12)),
                Claim = row.IsDBNull(13) ? null : new(row.GetGuid(13)),
                Corrects = row.IsDBNull(14) ? null : new(row.GetGuid(14)),
                CreatedAt = row.GetFieldValue<DateTimeOffset>(15), ApprovedBy = row.GetString(16),
            });
        return lines;
    }
}
