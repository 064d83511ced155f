using Guerdon.Grants.Lines;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Transfers;
using Guerdon.People;
using Guerdon.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Guerdon.Grants.Runs;

/// <summary>A line as it is saved: where it stands in its run, and the transfer that posted it.</summary>
internal sealed record StoredLine(
    int Line, GrantLine Grant, byte[] Evidence, TransferId? Transfer = null, DateTimeOffset? PostedAt = null,
    int? Lot = null)
{
    /// <summary>Whose it is, where the line was read for people to see.</summary>
    public string? Name { get; init; }

    /// <summary>Their address, likewise.</summary>
    public string? Email { get; init; }
}

/// <summary>Writes and reads grant lines.</summary>
internal static class GrantLines
{
    /// <summary>Lines posted together; with the transfer that funds them, 500 transfers.</summary>
    public const int ChunkSize = 499;

    private const string Copy = """
        copy compensation.grant_line (
            run_id, line, chunk, rehearsal, plan, kind, term, person_id, key, amount_milli, usd_nanos, pay_cents,
            currency, rate_nanos, token_value_nanos, tax_class, expires_at, source, explanation, evidence, asset,
            attempt, vest_from, pay_currency)
        from stdin (format binary)
        """;

    internal const string Columns = """
        l.line, l.plan, l.kind, l.term, l.person_id, l.amount_milli, l.usd_nanos, l.pay_cents, l.currency, l.rate_nanos,
        l.token_value_nanos, l.tax_class, l.expires_at, l.source, l.explanation, l.evidence, l.asset, l.attempt,
        l.vest_from, l.pay_currency
        """;

    private const string Run =
        $"select {Columns}, l.chunk from compensation.grant_line l where l.run_id = $1 order by l.line";

    private const string Chunk =
        $"select {Columns} from compensation.grant_line l where l.run_id = $1 and l.chunk = $2 order by l.line";

    // The key must be looked for in the chain of the wallet that it was granted to: others may have the same one.
    private const string Posted = $"""
        select {Columns}, e.transfer_id, e.at, e.lot
          from compensation.grant_line l
          left join ledger.v_entry e
            on e.wallet_id = l.person_id and e.key = l.key and e.from_account = ledger.account_elsewhere()
         where l.run_id = $1
        """;

    private const string Page = $"""
        select {Columns}, e.transfer_id, e.at, e.lot, p.name, p.email
          from compensation.grant_line l
          left join ledger.v_entry e
            on e.wallet_id = l.person_id and e.key = l.key and e.from_account = ledger.account_elsewhere()
          left join people.v_person p on p.person_id = l.person_id
         where l.run_id = $1 and l.line > $2 order by l.line limit $3
        """;

    private const string PostedChunk = Posted + " and l.chunk = $2 order by l.line";

    public static Task<NpgsqlBinaryImporter> BeginAsync(NpgsqlConnection connection, CancellationToken ct) =>
        connection.BeginBinaryImportAsync(Copy, ct);

    /// <summary>Where a line stands.</summary>
    /// <param name="Run">Its run.</param>
    /// <param name="Rehearsal">The run posts nothing.</param>
    /// <param name="Number">Its own, from 1.</param>
    /// <param name="Chunk">What it is posted with, from 0.</param>
    public readonly record struct Place(RunId Run, bool Rehearsal, int Number, int Chunk);

    public static async Task WriteAsync(
        NpgsqlBinaryImporter copy, Place at, GrantLine line, byte[] evidence, CancellationToken ct)
    {
        await copy.StartRowAsync(ct);
        await copy.WriteAsync(at.Run.Value, ct);
        await copy.WriteAsync(at.Number, ct);
        await copy.WriteAsync(at.Chunk, ct);
        await copy.WriteAsync(at.Rehearsal, ct);
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
        await copy.WriteAsync(evidence, ct);
        await copy.WriteAsync((short)line.Asset, ct);
        await copy.WriteAsync(line.Attempt, ct);
        if (line.VestFrom is { } from) await copy.WriteAsync(from, ct);
        else await copy.WriteNullAsync(ct);
        if (line.PayCurrency is { } paid) await copy.WriteAsync(paid, ct);
        else await copy.WriteNullAsync(ct);
    }

    /// <summary>All lines of a run in order, each with the number of its chunk, as they come.</summary>
    public static IAsyncEnumerable<(int Chunk, StoredLine Line)> OfRunAsync(
        NpgsqlConnection connection, RunId run, CancellationToken ct) =>
        connection.StreamAsync(Run, row => (row.Int4("chunk"), Prepared(row)), [run.Value], ct);

    public static Task<List<StoredLine>> ChunkAsync(NpgsqlDataSource db, RunId run, int chunk, CancellationToken ct) =>
        db.ReadAsync(Chunk, Prepared, [run.Value, chunk], ct);

    /// <summary>A chunk's lines with the transfers and lots that they became.</summary>
    public static Task<List<StoredLine>> PostedChunkAsync(
        NpgsqlDataSource db, RunId run, int chunk, CancellationToken ct) =>
        db.ReadAsync(PostedChunk, WithTransfer, [run.Value, chunk], ct);

    public static Task<List<StoredLine>> PageAsync(
        NpgsqlDataSource db, RunId run, int after, int limit, CancellationToken ct) =>
        db.ReadAsync(
            Page, row => WithTransfer(row) with { Name = row.TextOrNull("name"), Email = row.TextOrNull("email") },
            [run.Value, after, limit], ct);

    private static StoredLine WithTransfer(Row row) => Prepared(row) with
    {
        Transfer = row.IdOrNull<TransferId>("transfer_id"), PostedAt = row.InstantOrNull("at"),
        Lot = row.Int4OrNull("lot"),
    };

    /// <summary>A line from <see cref="Columns"/>.</summary>
    internal static StoredLine Prepared(Row row)
    {
        var grant = new GrantLine(
            row.Text("plan"), row.Text("kind"), row.Text("term"), row.Id<PersonId>("person_id"),
            new GrantAmount(new Usd(row.Bigint("usd_nanos")), row.Tokens("amount_milli")), row.Bigint("pay_cents"),
            row.Text("currency"), row.Bigint("rate_nanos"), row.Bigint("token_value_nanos"),
            new LotTerms(row.Text("tax_class"), row.Text("source"), row.InstantOrNull("expires_at")),
            row.Text("explanation"))
        {
            Asset = (Asset)row.Smallint("asset"), Attempt = row.Int4("attempt"), VestFrom = row.DateOrNull("vest_from"),
            PayCurrency = row.TextOrNull("pay_currency"),
        };
        return new StoredLine(row.Int4("line"), grant, row.Bytes("evidence"));
    }
}
