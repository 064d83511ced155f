using Guerdon.Grants.Vesting;
using Guerdon.Kernel;
using Guerdon.Ledger.Transfers;
using Guerdon.Plans;
using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Guerdon.Grants.Runs;

/// <summary>
/// Posts what is approved, a chunk at a time, each all or none: the transfers, where its vesting stands and that it is
/// posted are one commit. Killed anywhere, it goes on where it stopped; two at once do no harm, since the same lines
/// make the same transfers and the ledger posts a transfer once.
/// </summary>
internal sealed partial class GrantPosting(
    NpgsqlDataSource db, LedgerWriter ledger, TimeProvider clock, ILogger<GrantPosting> log)
{
    private const string OpenRuns = """
        select distinct r.run_id from compensation.grant_run r join compensation.grant_chunk c using (run_id)
         where r.decision = 'approved' and r.reversed_at is null and c.posted_at is null
         order by r.run_id
        """;

    private static readonly string OpenChunks = Sql.Read("Grants/Runs/OpenChunks.sql");

    private const string MarkPosted =
        "update compensation.grant_chunk set posted_at = $3 where run_id = $1 and chunk = $2 and posted_at is null";

    private const string BeginVesting = """
        insert into compensation.vesting (run_id, line, person_id, next_on)
        select $1, * from unnest($2::int[], $3::uuid[], $4::date[]) on conflict do nothing
        """;

    /// <summary>Posts all that is approved and not posted yet, of every run.</summary>
    public async Task FinishAsync(CancellationToken ct)
    {
        foreach (var run in await OpenRunsAsync(ct))
            if (await PostAsync(run, ct) is { } refused) Log.Refused(log, run.Value, refused.Refusal.Code);
    }

    /// <summary>Posts what is left of one run. Safe to repeat and to run twice at once.</summary>
    /// <returns>Why it went no further, or null.</returns>
    public async Task<Refused?> PostAsync(RunId run, CancellationToken ct)
    {
        var open = await OpenChunksAsync(run, ct);
        if (open.Chunks.Count == 0) return null;
        if (!open.IsAsApproved)
            return GrantRefusals.RunChanged.With($"{run} has another digest than the one that was approved.");

        var plan = PlanFile.ReadApplied(open.Yaml);
        var next = ReadAsync(run, open.Chunks[0], plan, ct);
        for (var i = 0; i < open.Chunks.Count; i++)
        {
            var (chunk, ready) = (open.Chunks[i], await next);
            // Read while this one is posted, so that the lanes of the ledger never wait for the next.
            if (i + 1 < open.Chunks.Count) next = ReadAsync(run, open.Chunks[i + 1], plan, ct);
            if (await PostAsync(run, chunk, ready, ct) is { } refused) return refused;
        }

        return null;
    }

    private Task<Posting?> ReadAsync(RunId run, Chunk chunk, Plan plan, CancellationToken ct) => Task.Run(async () =>
    {
        var lines = await GrantLines.ChunkAsync(db, run, chunk.Number, ct);
        return !IsAsPrepared(lines, chunk.Content) ? null : new Posting(
            ChunkTransfers.Of(run, chunk.Number, PoolId.Of(plan.Pool), lines), With(run, chunk, plan, lines));
    }, ct);

    private async Task<Refused?> PostAsync(RunId run, Chunk chunk, Posting? ready, CancellationToken ct)
    {
        if (ready is null)
            return GrantRefusals.RunChanged.With($"Chunk {chunk.Number} of {run} is not what was approved.");

        var posted = await ledger.PostAsync(ready.Transfers, ready.With, ct);
        // A repeat does not write what belongs to it. It still has to be written, since the first
        // attempt did not get so far.
        if (posted.All(p => p.Replayed)) await ledger.PostAsync([], ready.With, ct);
        return posted.FirstOrDefault(p => !p.Done) is { Refused: { } why }
            ? KernelRefusals.PostingRefused.With($"The ledger refused chunk {chunk.Number} of {run}: {why}")
            : null;
    }

    // Whoever approved saw these lines; what was changed in the table since is not posted.
    private static bool IsAsPrepared(List<StoredLine> lines, byte[] content)
    {
        using var chunk = new ChunkContent();
        foreach (var line in lines) chunk.Add(line);
        return chunk.Matches(content);
    }

    private InSameCommit With(RunId run, Chunk chunk, Plan plan, List<StoredLine> lines)
    {
        var now = clock.GetUtcNow();
        var vesting = lines.Where(l => l.Grant.VestFrom is not null).ToArray();
        var commands = new List<Func<NpgsqlBatchCommand>>
        {
            () => Db.Batched(MarkPosted, run.Value, chunk.Number, now),
        };
        commands.AddRange(GrantNotices.Of(run, lines, now));
        if (vesting.Length > 0)
            commands.Add(() => Db.InBatch(BeginVesting, run.Value,
                Columns.Of(NpgsqlDbType.Integer, vesting, l => l.Line),
                Columns.Of(NpgsqlDbType.Uuid, vesting, l => l.Grant.Person.Value),
                Columns.Of(NpgsqlDbType.Date, vesting, l => VestingState.FirstOn(plan, l.Grant))));
        return new InSameCommit { Commands = commands };
    }

    private Task<List<RunId>> OpenRunsAsync(CancellationToken ct) =>
        db.ReadAsync(OpenRuns, row => row.Id<RunId>("run_id"), [], ct);

    private async Task<(List<Chunk> Chunks, string Yaml, bool IsAsApproved)> OpenChunksAsync(
        RunId run, CancellationToken ct)
    {
        var (yaml, isAsApproved) = ((string?)null, true);
        var chunks = await db.ReadAsync(
            OpenChunks,
            row =>
            {
                if (yaml is null) (yaml, isAsApproved) = (row.Text("yaml"), row.Bool("is_as_approved")); // in each row
                return new Chunk(row.Int4("chunk"), row.Bytes("content"));
            },
            [run.Value], ct);
        return (chunks, yaml ?? "", isAsApproved);
    }

    private readonly record struct Chunk(int Number, byte[] Content);

    private sealed record Posting(IReadOnlyList<Transfer> Transfers, InSameCommit With);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Grant run {Run} could not be posted further: {Code}")]
        public static partial void Refused(ILogger log, Guid run, string code);
    }
}
