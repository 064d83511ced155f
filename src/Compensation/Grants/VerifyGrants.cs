using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Npgsql;
using Stipend.Kernel;

namespace Stipend.Compensation;

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

    private static readonly string PostedSql = Sql.Read("Compensation/Grants/VerifyPosted.sql");

    /// <summary>Reads only; what goes on meanwhile does not disturb it.</summary>
    public static async IAsyncEnumerable<Finding> RunAsync(
        NpgsqlDataSource db, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var snapshot =
            await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        await Db.WithoutTimeLimitAsync(connection, ct);

        var chunks = await ChunksAsync(connection, ct);
        await foreach (var finding in LinesAsync(connection, chunks, ct)) yield return finding;
        foreach (var ((run, chunk), stored) in chunks)
            yield return new("compensation.grant_line", Name(run, chunk),
                $"its {stored.Lines} lines are gone");

        await using var command = Db.Command(connection, PostedSql);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct)) yield return new(row.GetString(0), row.GetString(1), row.GetString(2));
    }

    // What is left in chunks has no lines at all.
    private static async IAsyncEnumerable<Finding> LinesAsync(
        NpgsqlConnection connection, Dictionary<(Guid, int), Stored> chunks,
        [EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = Db.Command(connection, Lines);
        await using var row = await command.ExecuteReaderAsync(ct);
        Open? open = null;
        while (await row.ReadAsync(ct))
        {
            var line = GrantLines.Prepared(row);
            var (run, chunk) = (row.GetGuid(GrantLines.Own), row.GetInt32(GrantLines.Own + 1));
            if (Problem(line, row.GetString(GrantLines.Own + 3)) is { } wrong)
                yield return new("compensation.grant_line", $"run_id={run}, line={line.Line}", wrong);
            if (row.GetBoolean(GrantLines.Own + 2)) continue; // a rehearsal has no chunks: it is never posted

            if (open is null || (open.Run, open.Chunk) != (run, chunk))
            {
                if (open?.Close(chunks) is { } finding) yield return finding;
                open = new(run, chunk);
            }

            open.Add(line);
        }

        if (open?.Close(chunks) is { } last) yield return last;
    }

    private static string? Problem(KeptLine line, string key) =>
        !line.Grant.Evidence().AsSpan().SequenceEqual(line.Evidence)
            ? "its evidence does not match what it says: it was changed outside Stipend"
            : line.Grant.Key != key ? "its key is not that of its plan, kind, term and person" : null;

    private static async Task<Dictionary<(Guid, int), Stored>> ChunksAsync(
        NpgsqlConnection connection, CancellationToken ct)
    {
        var chunks = new Dictionary<(Guid, int), Stored>();
        await using var command = Db.Command(connection, Chunks);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            chunks[(row.GetGuid(0), row.GetInt32(1))] = new(
                row.GetInt16(2), row.GetInt32(3), row.GetInt64(4), row.GetFieldValue<byte[]>(5));
        return chunks;
    }

    private static string Name(Guid run, int chunk) => $"run_id={run}, chunk={chunk}";

    private sealed record Stored(short Asset, int Lines, long TotalMilli, byte[] Content);

    private sealed class Open(Guid run, int chunk)
    {
        private readonly IncrementalHash content = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private int lines;
        private long totalMilli;
        private bool isMixed;
        private short? asset;

        public Guid Run => run;
        public int Chunk => chunk;

        public void Add(KeptLine line)
        {
            lines++;
            totalMilli = unchecked(totalMilli + line.Grant.Amount.Tokens.Milli);
            isMixed |= asset is { } other && other != (short)line.Grant.Asset;
            asset = (short)line.Grant.Asset;
            content.AppendData(line.Grant.Evidence());
        }

        public Finding? Close(Dictionary<(Guid, int), Stored> chunks)
        {
            using (content)
            {
                var hash = content.GetHashAndReset();
                if (!chunks.Remove((run, chunk), out var stored))
                    return new("compensation.grant_line", Name(run, chunk), $"its {lines} lines are of no chunk");
                if (stored.Lines != lines)
                    return new("compensation.grant_line", Name(run, chunk),
                        $"it has {lines} lines, {stored.Lines} were prepared");
                return stored.TotalMilli != totalMilli || isMixed || stored.Asset != asset
                    || !hash.AsSpan().SequenceEqual(stored.Content)
                    ? new("compensation.grant_line", Name(run, chunk), "its lines are not those that were prepared")
                    : null;
            }
        }
    }
}
