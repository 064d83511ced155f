using Guerdon.Kernel;
using Guerdon.Notices;
using Guerdon.People;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Payroll.Pay;

/// <summary>Pay lines in the database. A line is only ever added, in the commit of its notice.</summary>
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

    /// <summary>What writes a line after its notice. It fails where the line or its cause has one already.</summary>
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

    private static Task<List<PayLine>> ReadAsync(NpgsqlDataSource db, object?[] values, CancellationToken ct) =>
        db.ReadAsync(ReadSql, Read, values, ct);

    private static PayLine Read(Row row) => new()
    {
        Id = row.Id<PayLineId>("pay_line_id"), Person = row.Id<PersonId>("person_id"), Email = row.Text("email"),
        Kind = row.Text("kind"), Form = row.Text("form"), TaxClass = row.Text("tax_class"),
        Amount = row.Bigint("amount"), Currency = row.TextOrNull("currency"), Unit = row.Text("unit"),
        PayOn = row.Date("pay_on"), Explanation = row.Text("explanation"), Notice = row.Id<NoticeId>("notice_id"),
        Conversion = row.IdOrNull<ConversionId>("conversion_id"), Claim = row.IdOrNull<ClaimId>("claim_id"),
        Corrects = row.IdOrNull<PayLineId>("corrects"), CreatedAt = row.Instant("created_at"),
        ApprovedBy = row.Text("approved_by"),
    };
}
