using System.Runtime.CompilerServices;
using Guerdon.Kernel;
using Guerdon.Ledger.Audit;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Grants.Runs;

/// <summary>
/// Recomputes grant lines, which carry no digest of their own: each line's evidence from what it says, each chunk's
/// content from its lines, each run's totals, and what was posted against the ledger, whose chain has the evidence.
/// </summary>
public static class VerifyGrants
{
    private const string Lines = $"""
        select {GrantLines.Columns}, l.run_id, l.chunk, l.rehearsal, l.key
          from compensation.grant_line l order by l.run_id, l.chunk, l.line
        """;

    private const string Chunks =
        "select run_id, chunk, asset, lines, total_milli, content from compensation.grant_chunk";

    private const string Unfounded = """
        select format('wallet_id=%s, seq=%s', e.wallet_id, e.seq) as entry, e.amount_milli
          from ledger.v_entry e
         where e.kind in (ledger.kind_grant(), ledger.kind_award()) and e.from_account = ledger.account_elsewhere()
           and e.at >= $1
           and not exists (select from compensation.grant_line l
                            where l.person_id = e.wallet_id and l.key = e.key and not l.rehearsal)
         order by e.at, e.wallet_id, e.seq limit 1000
        """;

    private static readonly string PostedSql = Sql.Read("Grants/Runs/VerifyPosted.sql");

    /// <summary>Reads only; what goes on meanwhile does not disturb it.</summary>
    public static async IAsyncEnumerable<Finding> RunAsync(
        NpgsqlDataSource db, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var snapshot =
            await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        await Db.WithoutTimeLimitAsync(connection, ct);

        var chunks = await StoredChunk.ReadAsync(
            connection, Chunks, [], row => (row.Uuid("run_id"), row.Int4("chunk")), ct);
        await foreach (var finding in LinesAsync(connection, chunks, ct)) yield return finding;
        foreach (var ((run, chunk), stored) in chunks)
            yield return new("compensation.grant_line", Name(run, chunk),
                $"its {stored.Lines} lines are gone");

        var posted = connection.StreamAsync(
            PostedSql, row => new Finding(row.Text("table"), row.Text("id"), row.Text("problem")), [], ct);
        await foreach (var finding in posted) yield return finding;
    }

    /// <summary>
    /// Grants in the ledger that no grant line asked for. Guerdon books none; whoever has the application's password
    /// could: those since a seal that was saved are found, and all others noted, as evidence may begin with them.
    /// </summary>
    public static async IAsyncEnumerable<Finding> UnfoundedAsync(
        NpgsqlDataSource db, VerifyOptions options, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Db.WithoutTimeLimitAsync(connection, ct);
        var since = options.SavedThrough?.AddDays(1).ToDateTime(default, DateTimeKind.Utc) ?? DateTime.UnixEpoch;
        var unfounded = connection.StreamAsync(
            Unfounded, row => (Entry: row.Text("entry"), Milli: row.Bigint("amount_milli")), [since], ct);
        var noted = 0;
        await foreach (var (entry, milli) in unfounded)
            if (options.SavedThrough is null) noted++;
            else
                yield return new("ledger.entry", entry, $"it grants {milli} milli-tokens, and no grant line says why");
        if (noted > 0) options.Notes.Add($"No grant line says why {Wording.Count(noted, "grant")} of the ledger's "
            + (noted == 1 ? "was" : "were") + " made.");
    }

    // Chunks that are left over now have no lines at all, since those with lines were taken out.
    private static async IAsyncEnumerable<Finding> LinesAsync(
        NpgsqlConnection connection, Dictionary<(Guid, int), StoredChunk> chunks,
        [EnumeratorCancellation] CancellationToken ct)
    {
        var lines = connection.StreamAsync(
            Lines,
            row => (GrantLines.Prepared(row), row.Text("key"),
                (Run: row.Uuid("run_id"), Chunk: row.Int4("chunk"), IsRehearsal: row.Bool("rehearsal"))),
            [], ct);
        Open? open = null;
        await foreach (var (line, key, of) in lines)
        {
            var run = of.Run;
            if (open is null || open.Of != of)
            {
                if (open?.Close(chunks) is { } finding) yield return finding;
                open = new Open(of);
            }

            if (!open.Content.Add(line))
                yield return Wrong(
                    run, line, "its evidence does not match what it says: it was changed outside Guerdon");
            else if (line.Grant.Key != key)
                yield return Wrong(run, line, "its key is not that of its plan, kind, term and person");
        }

        if (open?.Close(chunks) is { } last) yield return last;
    }

    private static Finding Wrong(Guid run, StoredLine line, string problem) =>
        new("compensation.grant_line", $"run_id={run}, line={line.Line}", problem);

    private static string Name(Guid run, int chunk) => $"run_id={run}, chunk={chunk}";

    // Lines that say otherwise than their chunk whether they are a rehearsal are none of it.
    private sealed record Open((Guid Run, int Chunk, bool IsRehearsal) Of)
    {
        public ChunkContent Content { get; } = new();

        public Finding? Close(Dictionary<(Guid, int), StoredChunk> chunks)
        {
            using (Content)
            {
                if (Of.IsRehearsal) return null; // it has no chunks, since it is never posted
                if (!chunks.Remove((Of.Run, Of.Chunk), out var stored))
                    return Wrong($"its {Content.Lines} lines are of no chunk");
                if (stored.Lines != Content.Lines)
                    return Wrong($"it has {Content.Lines} lines, {stored.Lines} were prepared");
                return stored.Is(Content) ? null : Wrong("its lines are not those that were prepared");
            }
        }

        private Finding Wrong(string problem) => new("compensation.grant_line", Name(Of.Run, Of.Chunk), problem);
    }
}
