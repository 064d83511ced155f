using Guerdon.Kernel;
using Guerdon.Payroll.Conversions;
using Guerdon.Payroll.Terms;
using Guerdon.People;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Payroll.Claims;

/// <summary>Claims and receipts in the database.</summary>
public static class ClaimStore
{
    private const int Most = 1_000;

    private static readonly string ReadSql = Sql.Read("Payroll/Claims/ReadClaims.sql");
    private static readonly string InsertSql = Sql.Read("Payroll/Claims/InsertClaim.sql");

    private const string InsertContent =
        "insert into compensation.receipt_content (sha256, content) values ($1, $2) on conflict do nothing";

    private const string InsertReceipt = """
        insert into compensation.receipt (sha256, content_type, bytes, stored_at) values ($1, $2, $3, $4)
        on conflict do nothing
        """;

    private const string DecideSql = """
        update compensation.claim
           set is_approved = $2, reason = $3, decided_by = $4, decided_by_person = $5, decided_at = $6,
               decided_by_account = $7
         where claim_id = $1 and is_approved is null
        """;

    private const string ReceiptSql = """
        select r.content_type, b.content
          from compensation.claim c
          join compensation.receipt r on r.sha256 = c.receipt
          join compensation.receipt_content b on b.sha256 = c.receipt
         where c.claim_id = $1
        """;

    public static async Task<FiledClaim?> FindAsync(NpgsqlDataSource db, ClaimId id, CancellationToken ct) =>
        (await ReadAsync(db, [id.Value, null, false, null, 1], ct)).FirstOrDefault();

    /// <summary>The newest thousand, of a person where one is given.</summary>
    public static async Task<IReadOnlyList<FiledClaim>> ListAsync(
        NpgsqlDataSource db, PersonId? person, bool onlyOpen, CancellationToken ct) =>
        await ReadAsync(db, [null, person?.Value, onlyOpen, null, Most], ct);

    /// <summary>Claims with the very same receipt.</summary>
    internal static async Task<IReadOnlyList<FiledClaim>> OfReceiptAsync(
        NpgsqlDataSource db, byte[] sha256, CancellationToken ct) =>
        await ReadAsync(db, [null, null, false, sha256, Most], ct);

    public static Task<Receipt?> ReceiptAsync(NpgsqlDataSource db, ClaimId id, CancellationToken ct) =>
        db.FirstAsync(ReceiptSql, row => new Receipt(row.Text("content_type"), row.Bytes("content")), [id.Value], ct);

    /// <summary>Writes a claim with its receipt, whose bytes are stored once.</summary>
    /// <returns>False where another claim has that receipt.</returns>
    internal static async Task<bool> TryInsertAsync(
        NpgsqlDataSource db, FiledClaim claim, byte[] sha256, Receipt receipt, TermsId terms, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection); // one transaction
        batch.Begin();
        batch.BatchCommands.Add(Db.Batched(InsertContent, sha256, receipt.Content));
        batch.BatchCommands.Add(Db.Batched(
            InsertReceipt, sha256, receipt.ContentType, receipt.Content.Length, claim.FiledAt));
        batch.BatchCommands.Add(Db.Batched(
            InsertSql, claim.Id.Value, claim.Person.Value, claim.Vendor, claim.Service, claim.SpentOn,
            claim.AmountCents, claim.Currency, claim.Purpose, sha256, terms.Value, claim.NoticeDays, claim.FiledAt));
        try
        {
            await batch.ExecuteNonQueryAsync(ct);
            return true;
        }
        catch (PostgresException e) when (ConversionStore.IsTaken(e))
        {
            return false;
        }
    }

    /// <summary>Decides a claim once, and writes what follows in the same commit.</summary>
    /// <returns>False where it was decided before.</returns>
    internal static async Task<bool> DecideAsync(
        NpgsqlDataSource db, FiledClaim decided, Actor by, IReadOnlyList<Func<NpgsqlBatchCommand>> rows,
        CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        var changed = await connection.ExecuteAsync(
            DecideSql,
            [decided.Id.Value, decided.IsApproved, decided.Reason, by.Name, by.Person, decided.DecidedAt, by.Account],
            ct);
        if (changed == 0) return false;

        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var row in rows) batch.BatchCommands.Add(row());
        await batch.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    private static Task<List<FiledClaim>> ReadAsync(NpgsqlDataSource db, object?[] values, CancellationToken ct) =>
        db.ReadAsync(ReadSql, Read, values, ct);

    private static FiledClaim Read(Row row) => new()
    {
        Id = row.Id<ClaimId>("claim_id"), Person = row.Id<PersonId>("person_id"), Email = row.Text("email"),
        Vendor = row.Text("vendor"), Service = row.Text("service"), SpentOn = row.Date("spent_on"),
        AmountCents = row.Bigint("amount_cents"), Currency = row.Text("currency"), Purpose = row.Text("purpose"),
        Receipt = Convert.ToHexStringLower(row.Bytes("receipt")), ContentType = row.Text("content_type"),
        NoticeDays = row.Int4("notice_days"), FiledAt = row.Instant("filed_at"),
        IsApproved = row.Get<bool?>("is_approved"), Reason = row.TextOrNull("reason"),
        DecidedBy = row.TextOrNull("decided_by"), DecidedAt = row.InstantOrNull("decided_at"),
        Decider = row.ActorOrNull("decided_by"), Name = row.Text("name"),
        Alike = [.. row.Get<Guid[]>("alike").Select(id => new ClaimId(id))],
    };
}
