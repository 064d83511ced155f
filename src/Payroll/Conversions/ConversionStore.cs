using Guerdon.Kernel;
using Guerdon.Ledger.Lots;
using Guerdon.Payroll.Terms;
using Guerdon.People;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Payroll.Conversions;

/// <summary>Conversions in the database. Rows are only added.</summary>
public static class ConversionStore
{
    private const int Most = 1_000;

    private static readonly string ReadSql = Sql.Read("Payroll/Conversions/ReadConversions.sql");
    private static readonly string InsertSql = Sql.Read("Payroll/Conversions/InsertConversion.sql");
    private static readonly string SoFarSql = Sql.Read("Payroll/Conversions/ConvertedSoFar.sql");

    private const string InsertLot = """
        insert into compensation.conversion_lot (conversion_id, lot, amount_milli) values ($1, $2, $3)
        """;

    private const string InsertStep = """
        insert into compensation.conversion_step (
            conversion_id, number, state, by_name, by_person, at, reason, by_account)
        values ($1, $2, $3, $4, $5::uuid, $6, $7, $8::uuid)
        """;

    private const string StepsSql = """
        select number, state, by_name, at, reason, by_person, by_account from compensation.v_conversion_step
         where conversion_id = $1 order by number
        """;

    public static async Task<Conversion?> FindAsync(NpgsqlDataSource db, ConversionId id, CancellationToken ct) =>
        (await ReadAsync(db, [id.Value, null, null, null, null, 1], ct)).FirstOrDefault();

    public static async Task<Conversion?> FindAsync(
        NpgsqlDataSource db, PersonId person, string key, CancellationToken ct) =>
        (await ReadAsync(db, [null, person.Value, key, null, null, 1], ct)).FirstOrDefault();

    /// <summary>The newest thousand, of a person and in a state where those are given.</summary>
    public static async Task<IReadOnlyList<Conversion>> ListAsync(
        NpgsqlDataSource db, PersonId? person, string? state, CancellationToken ct) =>
        await ReadAsync(db, [null, person?.Value, null, state, null, Most], ct);

    /// <summary>A thousand that are locked for longer than their terms say.</summary>
    internal static async Task<IReadOnlyList<Conversion>> OverdueAsync(
        NpgsqlDataSource db, DateTimeOffset now, CancellationToken ct) =>
        await ReadAsync(db, [null, null, null, ConversionState.Locked, now, Most], ct);

    public static async Task<IReadOnlyList<ConversionStep>> StepsAsync(
        NpgsqlDataSource db, ConversionId id, CancellationToken ct) =>
        await db.ReadAsync(
            StepsSql,
            row => new ConversionStep(
                row.Int4("number"), row.Text("state"), row.Text("by_name"), row.Instant("at"),
                row.TextOrNull("reason"))
            {
                ByPerson = row.UuidOrNull("by_person"), ByAccount = row.UuidOrNull("by_account"),
            },
            [id.Value], ct);

    internal static Task<ConvertedSoFar> SoFarAsync(
        NpgsqlDataSource db, PersonId person, PayForm form, ConversionWindow.Opening window, DateOnly today,
        CancellationToken ct) =>
        db.SingleAsync(
            SoFarSql,
            row => new ConvertedSoFar(row.Bigint("in_window"), row.Bigint("in_year"), row.Int4("number")),
            [person.Value, PayForms.NameOf(form), window.From, window.To, today], ct);

    /// <summary>What writes a request with its lots and its first steps.</summary>
    internal static IEnumerable<Func<NpgsqlBatchCommand>> Insert(Conversion c, int number, Guid terms)
    {
        yield return () => Db.Batched(
            InsertSql, c.Id.Value, c.Person.Value, number, c.Key, c.Form, c.TaxClass, c.AskedMilli, c.AmountMilli,
            c.Units, c.Currency, c.Unit, c.Rate.Units, c.Rate.Milli, terms, c.Window,
            c.RequestedAt.UtcDay(), c.RequestedBy, c.RequestedByPerson, c.RequestedAt,
            c.LockUntil, c.NoticeDays, c.RequestedByAccount, c.WorthNanos, c.PaysNanos);
        foreach (var part in c.Lots)
            yield return () => Db.Batched(InsertLot, c.Id.Value, part.Lot, part.AmountMilli);
        var locked = new ConversionStep(1, ConversionState.Locked, c.RequestedBy, c.RequestedAt, null)
        {
            ByPerson = c.RequestedByPerson, ByAccount = c.RequestedByAccount,
        };
        yield return Step(c.Id, locked);
        if (c.Approval is { } approval) yield return Step(c.Id, approval);
    }

    internal static Func<NpgsqlBatchCommand> Step(ConversionId id, ConversionStep step) => () => Db.Batched(
        InsertStep, id.Value, step.Number, step.State, step.By, step.ByPerson, step.At, step.Reason, step.ByAccount);

    /// <summary>Adds a step that moves no tokens.</summary>
    /// <returns>False where another step was added first.</returns>
    internal static async Task<bool> TryStepAsync(
        NpgsqlDataSource db, ConversionId id, ConversionStep step, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        batch.Begin();
        batch.BatchCommands.Add(Step(id, step)());
        try
        {
            await batch.ExecuteNonQueryAsync(ct);
            return true;
        }
        catch (PostgresException e) when (IsTaken(e))
        {
            return false;
        }
    }

    /// <summary>Whether a row of ours was there already: somebody else was first.</summary>
    internal static bool IsTaken(PostgresException e) =>
        e.SqlState == PostgresErrorCodes.UniqueViolation && e.SchemaName == "compensation";

    private static Task<List<Conversion>> ReadAsync(
        NpgsqlDataSource db, object?[] values, CancellationToken ct) => db.ReadAsync(ReadSql, Read, values, ct);

    private static Conversion Read(Row row) => new()
    {
        Id = row.Id<ConversionId>("conversion_id"), Person = row.Id<PersonId>("person_id"),
        Email = row.Text("email"), Key = row.Text("key"), Form = row.Text("form"), TaxClass = row.Text("tax_class"),
        AskedMilli = row.Bigint("asked_milli"), AmountMilli = row.Bigint("amount_milli"),
        Units = row.Bigint("units"), Currency = row.TextOrNull("currency"), Unit = row.Text("unit"),
        Rate = new(row.Bigint("rate_units"), row.Bigint("rate_milli")), Window = row.Text("window_name"),
        RequestedBy = row.Text("requested_by"), RequestedByPerson = row.UuidOrNull("requested_by_person"),
        RequestedByAccount = row.UuidOrNull("requested_by_account"), RequestedAt = row.Instant("requested_at"),
        LockUntil = row.Instant("lock_until"), NoticeDays = row.Int4("notice_days"),
        Now = new(row.Int4("step"), row.Text("state"), row.Text("by_name"), row.Instant("at"), row.TextOrNull("reason"))
        {
            ByPerson = row.UuidOrNull("by_person"), ByAccount = row.UuidOrNull("by_account"),
        },
        Approval = row.IsNull("approved_step") ? null
            : new(
                row.Int4("approved_step"), ConversionState.Approved, row.Text("approved_by"),
                row.Instant("approved_at"), null)
            {
                ByPerson = row.UuidOrNull("approved_by_person"), ByAccount = row.UuidOrNull("approved_by_account"),
            },
        Lots =
        [
            .. row.Get<int[]>("lots").Zip(row.Get<long[]>("amounts"), (lot, amount) => new LotPart(lot, amount)),
        ],
        WorthNanos = row.BigintOrNull("worth_nanos"), PaysNanos = row.BigintOrNull("pays_nanos"),
        Name = row.Text("name"),
    };
}
