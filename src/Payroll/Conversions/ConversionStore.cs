using Guerdon.Kernel;
using Guerdon.Ledger.Lots;
using Guerdon.Payroll.Terms;
using Guerdon.People;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Payroll.Conversions;

/// <summary>Conversions as they are kept. Rows are only added.</summary>
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
        NpgsqlDataSource db, ConversionId id, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var command = Db.Command(connection, StepsSql, id.Value);
        await using var row = await command.ExecuteReaderAsync(ct);
        var steps = new List<ConversionStep>();
        while (await row.ReadAsync(ct))
            steps.Add(new ConversionStep(
                row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3),
                row.IsDBNull(4) ? null : row.GetString(4))
            {
                ByPerson = Optional(row, 5), ByAccount = Optional(row, 6),
            });
        return steps;
    }

    internal static async Task<ConvertedSoFar> SoFarAsync(
        NpgsqlDataSource db, PersonId person, PayForm form, ConversionWindow.Opening window, DateOnly today,
        CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var command = Db.Command(
            connection, SoFarSql, person.Value, PayForms.NameOf(form), window.From, window.To, today);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return new ConvertedSoFar(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2));
    }

    /// <summary>What writes a request with its lots and its first steps.</summary>
    internal static IEnumerable<Func<NpgsqlBatchCommand>> Insert(Conversion c, int number, Guid terms)
    {
        yield return () => Db.Batched(
            InsertSql, c.Id.Value, c.Person.Value, number, c.Key, c.Form, c.TaxClass, c.AskedMilli, c.AmountMilli,
            c.Units, c.Currency, c.Unit, c.Rate.Units, c.Rate.Milli, terms, c.Window,
            DateOnly.FromDateTime(c.RequestedAt.UtcDateTime), c.RequestedBy, c.RequestedByPerson, c.RequestedAt,
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

    private static async Task<List<Conversion>> ReadAsync(
        NpgsqlDataSource db, object?[] values, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var command = Db.Command(connection, ReadSql, values);
        await using var row = await command.ExecuteReaderAsync(ct);
        var conversions = new List<Conversion>();
        while (await row.ReadAsync(ct)) conversions.Add(Read(row));
        return conversions;
    }

    private static Conversion Read(NpgsqlDataReader row)
    {
        var (lots, amounts) = (row.GetFieldValue<int[]>(29), row.GetFieldValue<long[]>(30));
        return new Conversion
        {
            Id = new(row.GetGuid(0)), Person = new(row.GetGuid(1)), Email = row.GetString(2), Key = row.GetString(3),
            Form = row.GetString(4), TaxClass = row.GetString(5), AskedMilli = row.GetInt64(6),
            AmountMilli = row.GetInt64(7), Units = row.GetInt64(8), Currency = Text(row, 9), Unit = row.GetString(10),
            Rate = new(row.GetInt64(11), row.GetInt64(12)), Window = row.GetString(13),
            RequestedBy = row.GetString(14), RequestedByPerson = Optional(row, 15),
            RequestedByAccount = Optional(row, 31), RequestedAt = At(row, 16),
            LockUntil = At(row, 17), NoticeDays = row.GetInt32(18),
            Now = new(row.GetInt32(19), row.GetString(20), row.GetString(21), At(row, 23), Text(row, 24))
            {
                ByPerson = Optional(row, 22), ByAccount = Optional(row, 32),
            },
            Approval = row.IsDBNull(25) ? null
                : new(row.GetInt32(25), ConversionState.Approved, row.GetString(26), At(row, 28), null)
                {
                    ByPerson = Optional(row, 27), ByAccount = Optional(row, 33),
                },
            Lots = [.. lots.Zip(amounts, (lot, amount) => new LotPart(lot, amount))],
            WorthNanos = Whole(row, 34), PaysNanos = Whole(row, 35), Name = row.GetString(36),
        };
    }

    private static DateTimeOffset At(NpgsqlDataReader row, int i) => row.GetFieldValue<DateTimeOffset>(i);

    private static string? Text(NpgsqlDataReader row, int i) => row.IsDBNull(i) ? null : row.GetString(i);

    private static long? Whole(NpgsqlDataReader row, int i) => row.IsDBNull(i) ? null : row.GetInt64(i);

    private static Guid? Optional(NpgsqlDataReader row, int i) => row.IsDBNull(i) ? null : row.GetGuid(i);
}
