using Npgsql;
using NpgsqlTypes;
using Stipend.Kernel;
using Stipend.Ledger;
using Stipend.People;

namespace Stipend.Compensation;

/// <summary>A line as it is kept: where it stands in its run, and the transfer that posted it.</summary>
internal sealed record KeptLine(
    int Line, GrantLine Grant, byte[] Evidence, TransferId? Transfer, DateTimeOffset? PostedAt);

/// <summary>Writes and reads grant lines.</summary>
internal static class GrantLines
{
    /// <summary>Lines posted together; with the transfer that funds them, 500 transfers.</summary>
    public const int ChunkSize = 499;

    private const string Copy = """
        copy compensation.grant_line (
            run_id, line, chunk, rehearsal, plan, kind, term, person_id, key, amount_milli, usd_nanos, pay_cents,
            currency, rate_nanos, token_value_nanos, tax_class, expires_at, source, explanation, evidence)
        from stdin (format binary)
        """;

    private const string Columns = """
        select line, plan, kind, term, person_id, amount_milli, usd_nanos, pay_cents, currency, rate_nanos,
               token_value_nanos, tax_class, expires_at, source, explanation, evidence, transfer_id, posted_at
          from compensation.grant_line

        """;

    private const string Chunk = Columns + "where run_id = $1 and chunk = $2 order by line";
    private const string Page = Columns + "where run_id = $1 and line > $2 order by line limit $3";

    private const string Had = """
        select person_id, kind from compensation.grant_line
         where not rehearsal and plan = $1 and term in ($2, 'once')
        """;

    private const string MarkPosted = """
        update compensation.grant_line l set transfer_id = p.transfer_id, posted_at = $4
          from unnest($2::int[], $3::uuid[]) as p (line, transfer_id)
         where l.run_id = $1 and l.line = p.line and l.transfer_id is null
        """;

    /// <summary>Who was granted what kind for a period, or at all where it comes once; posted or not.</summary>
    public static async Task<HashSet<(Guid Person, string Kind)>> HadAsync(
        NpgsqlConnection connection, string plan, Period period, CancellationToken ct)
    {
        var had = new HashSet<(Guid, string)>();
        await using var command = Db.Command(connection, Had, plan, period.ToString());
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) had.Add((reader.GetGuid(0), string.Intern(reader.GetString(1))));
        return had;
    }

    public static Task<NpgsqlBinaryImporter> BeginAsync(NpgsqlConnection connection, CancellationToken ct) =>
        connection.BeginBinaryImportAsync(Copy, ct);

    public static async Task WriteAsync(
        NpgsqlBinaryImporter copy, RunId run, bool rehearsal, int number, GrantLine line, CancellationToken ct)
    {
        await copy.StartRowAsync(ct);
        await copy.WriteAsync(run.Value, ct);
        await copy.WriteAsync(number, ct);
        await copy.WriteAsync((number - 1) / ChunkSize, ct);
        await copy.WriteAsync(rehearsal, ct);
        foreach (var text in (string[])[line.Plan, line.Kind, line.Term]) await copy.WriteAsync(text, ct);
        await copy.WriteAsync(line.Person.Value, ct);
        await copy.WriteAsync(line.Key, ct);
        await copy.WriteAsync(line.Amount.Tokens.Milli, ct);
        await copy.WriteAsync(line.Amount.Money.Nanos, ct);
        await copy.WriteAsync(line.PayCents, ct);
        await copy.WriteAsync(line.Currency, ct);
        await copy.WriteAsync(line.RateNanos, ct);
        await copy.WriteAsync(line.TokenValueNanos, ct);
        await copy.WriteAsync(line.Terms.TaxClass, ct);
        if (line.Terms.ExpiresAt is { } end) await copy.WriteAsync(end, NpgsqlDbType.TimestampTz, ct);
        else await copy.WriteNullAsync(ct);
        await copy.WriteAsync(line.Terms.Source, ct);
        await copy.WriteAsync(line.Explanation, ct);
        await copy.WriteAsync(line.Evidence(), ct);
    }

    public static Task<List<KeptLine>> ChunkAsync(NpgsqlDataSource db, RunId run, int chunk, CancellationToken ct) =>
        ReadAsync(db, Chunk, [run.Value, chunk], ct);

    public static Task<List<KeptLine>> PageAsync(
        NpgsqlDataSource db, RunId run, int after, int limit, CancellationToken ct) =>
        ReadAsync(db, Page, [run.Value, after, limit], ct);

    public static async Task MarkPostedAsync(
        NpgsqlDataSource db, RunId run, int[] lines, Guid[] transfers, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var command = Db.Command(connection, MarkPosted, run.Value, lines, transfers, now);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<List<KeptLine>> ReadAsync(
        NpgsqlDataSource db, string sql, object[] values, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var command = Db.Command(connection, sql, values);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var lines = new List<KeptLine>();
        while (await reader.ReadAsync(ct)) lines.Add(LineOf(reader));
        return lines;
    }

    private static KeptLine LineOf(NpgsqlDataReader row)
    {
        DateTimeOffset? At(int i) => row.IsDBNull(i) ? null : row.GetFieldValue<DateTimeOffset>(i);
        var grant = new GrantLine(
            row.GetString(1), row.GetString(2), row.GetString(3), new PersonId(row.GetGuid(4)),
            new GrantAmount(new Usd(row.GetInt64(6)), new Tokens(row.GetInt64(5))), row.GetInt64(7), row.GetString(8),
            row.GetInt64(9), row.GetInt64(10), new LotTerms(row.GetString(11), row.GetString(13), At(12)),
            row.GetString(14));
        return new KeptLine(
            row.GetInt32(0), grant, row.GetFieldValue<byte[]>(15),
            row.IsDBNull(16) ? null : new TransferId(row.GetGuid(16)), At(17));
    }
}
