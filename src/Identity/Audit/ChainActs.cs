using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Guerdon.Identity.Audit;

/// <summary>
/// Gives committed acts their places in the chain. Not when they are written, since all writers of a company would then
/// wait for one another until each had committed. Each pass leaves its head as a guarded row, whose line is in the
/// day's seal.
/// </summary>
internal sealed class ChainActs(NpgsqlDataSource db, TimeProvider clock, ILogger<ChainActs> log)
    : Job(new(TimeSpan.FromSeconds(5)) { OneNode = "host.ChainActs" }, db, clock, log)
{
    private const int MostAtOnce = 1_000;
    private const string Lock = "host.act chain";

    private const string LastSql = "select seq, hash from host.act_head order by seq desc limit 1";

    private const string WaitingSql = $"""
        select {ChainedAct.Columns} from host.act where seq is null order by at, act_id limit 1000
        """;

    private const string SetSql = """
        update host.act a set seq = u.seq, hash = u.hash
          from unnest($1::uuid[], $2::bigint[], $3::bytea[]) as u (act_id, seq, hash) where a.act_id = u.act_id
        """;

    private const string HeadSql = "insert into host.act_head (seq, hash, chained_at) values ($1, $2, $3)";

    /// <returns>0, since this is done every few seconds.</returns>
    protected override async Task<int> WorkAsync(CancellationToken ct)
    {
        while (await PassAsync(Database, Clock, ct) == MostAtOnce) { }
        return 0;
    }

    /// <summary>Chains what waits. Repeating it is safe.</summary>
    /// <returns>How many acts; at most 1,000.</returns>
    public static async Task<int> PassAsync(NpgsqlDataSource db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        // Of nobody's act: a row of its own would be what the next pass finds.
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Locks.InTransactionAsync(connection, Lock, ct);
        var waiting = await connection.ReadAsync(WaitingSql, ChainedAct.Of, [], ct);
        if (waiting.Count == 0) return 0;

        var (seq, head) = await connection.FirstAsync(
            LastSql, row => (row.Bigint("seq"), row.Bytes("hash")), [], ct) is ( > 0, _) last
            ? last : (0, ChainedAct.Genesis);
        var chained = new List<(Guid Id, long Seq, byte[] Hash)>();
        foreach (var act in waiting)
        {
            head = act.HashAfter(head, ++seq);
            chained.Add((act.Row.ActId, seq, head));
        }

        await connection.ExecuteAsync(SetSql,
        [
            Columns.Of(NpgsqlDbType.Uuid, chained.ToArray(), c => c.Id),
            Columns.Of(NpgsqlDbType.Bigint, chained.ToArray(), c => c.Seq),
            Columns.Of(NpgsqlDbType.Bytea, chained.ToArray(), c => c.Hash),
        ], ct);
        await connection.ExecuteAsync(HeadSql, [seq, head, clock.NowMicros()], ct);
        await transaction.CommitAsync(ct);
        return waiting.Count;
    }
}
