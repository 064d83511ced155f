using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Grants.Runs;

/// <summary>
/// Takes somebody's own lines out of a run for many that is being approved, into a small run of their own which another
/// administrator decides. In the approval's transaction, with the run locked and its lines checked.
/// </summary>
internal sealed class SetAside(TimeProvider clock)
{
    private const string Own = """
        select count(*)::int as lines, coalesce(sum(amount_milli), 0)::bigint as milli,
               coalesce(sum(usd_nanos), 0)::bigint as usd_nanos, array_agg(distinct chunk) as chunks
          from compensation.grant_line where run_id = $1 and person_id = $2
        """;

    private static readonly string InsertRun = Sql.Read("Grants/Runs/SetAsideRun.sql");
    private static readonly string MoveLines = Sql.Read("Grants/Runs/SetAsideLines.sql");
    private static readonly string Recount = Sql.Read("Grants/Runs/RecountChunks.sql");

    private const string AddTotals = """
        update compensation.grant_run
           set lines = lines + $2, total_milli = total_milli + $3, total_usd_nanos = total_usd_nanos + $4
         where run_id = $1
        """;

    private const string Digest =
        "update compensation.grant_run set content = compensation.run_digest(run_id) where run_id = any ($1)";

    /// <summary>How much of a run is one person's.</summary>
    public readonly record struct Share(int Lines, long TotalMilli, long TotalUsdNanos, int[] Chunks);

    public static Task<Share> ShareAsync(
        NpgsqlConnection connection, RunId run, Guid person, CancellationToken ct) =>
        connection.SingleAsync(
            Own,
            row => new Share(
                row.Int4("lines"), row.Bigint("milli"), row.Bigint("usd_nanos"),
                row.IsNull("chunks") ? [] : row.Get<int[]>("chunks")),
            [run.Value, person], ct);

    /// <summary>Moves one person's lines to a run of their own.</summary>
    /// <param name="connection">In the approval's transaction.</param>
    /// <param name="run">Where they are.</param>
    /// <param name="person">Whose; not all of the run.</param>
    /// <param name="asker">Who counts as having asked for the small run.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<RunId> MoveAsync(
        NpgsqlConnection connection, RunId run, Guid person, Actor asker, CancellationToken ct)
    {
        var share = await ShareAsync(connection, run, person, ct);
        var own = Id.New<RunId>(clock);
        await connection.ExecuteAsync(InsertRun,
            [run.Value, own.Value, clock.GetUtcNow(), asker.Name, asker.Account, asker.Person], ct);
        await connection.ExecuteAsync(MoveLines, [run.Value, own.Value, person], ct);
        await connection.ExecuteAsync(Recount, [run.Value, share.Chunks], ct);
        await connection.ExecuteAsync(Recount, [own.Value, share.Chunks], ct);
        await connection.ExecuteAsync(AddTotals, [own.Value, share.Lines, share.TotalMilli, share.TotalUsdNanos], ct);
        await connection.ExecuteAsync(
            AddTotals, [run.Value, -share.Lines, -share.TotalMilli, -share.TotalUsdNanos], ct);
        await connection.ExecuteAsync(Digest, [new[] { run.Value, own.Value }], ct);
        return own;
    }
}
