using System.Data;
using System.Runtime.CompilerServices;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Identity.Audit;

/// <summary>Recomputes the chain of acts:
/// <list type="number">
/// <item>each act's hash, after the one before it, and that no number is missing;</item>
/// <item>that the chain passes through every head that was noted, and ends with the last;</item>
/// <item>that each line of <c>kernel.change</c> that names an act has it.</item>
/// </list>
/// </summary>
public static class VerifyActs
{
    private const string ChainSql = $"""
        select {ChainedAct.Columns}, h.head
          from host.act a left join (select seq as head_seq, hash as head from host.act_head) h on h.head_seq = a.seq
         where a.seq is not null order by a.seq
        """;

    private const string LastHeadSql = "select coalesce(max(seq), 0) as seq from host.act_head";

    private const string LostSql = """
        select c.act_id, min(c.table_name) as table_name, min(c.row_key) as row_key from kernel.change c
         where c.act_id is not null and not exists (select from host.act a where a.act_id = c.act_id)
         group by c.act_id order by min(c.seq) limit 1000
        """;

    /// <param name="db">Read only; what goes on meanwhile does not disturb it.</param>
    /// <param name="ct">Stops it.</param>
    public static async IAsyncEnumerable<Finding> RunAsync(
        NpgsqlDataSource db, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        await Db.WithoutTimeLimitAsync(connection, ct);
        var (seq, before) = (0L, ChainedAct.Genesis);
        var chain = connection.StreamAsync(
            ChainSql, row => (Act: ChainedAct.Of(row), Head: row.BytesOrNull("head")), [], ct);
        await foreach (var (act, head) in chain)
        {
            if (act.Seq != seq + 1)
                yield return new("host.act", Name(seq + 1), act.Seq == seq + 2
                    ? "it is gone" : $"it and all others before {act.Seq} are gone");
            else if (!act.HashAfter(before, act.Seq.Value).AsSpan().SequenceEqual(act.Hash))
                yield return new("host.act", Name(act.Seq.Value), "it is not what was chained, or not in its place");
            if (head is not null && !head.AsSpan().SequenceEqual(act.Hash))
                yield return new("host.act", Name(act.Seq!.Value), "its hash is not the head that was noted");
            (seq, before) = (act.Seq!.Value, act.Hash!);
        }

        var last = await connection.ScalarAsync<long>(LastHeadSql, [], ct);
        if (last > seq) yield return new("host.act", Name(last), "it is gone, and so may be others before it");
        if (last < seq) yield return new("host.act", Name(seq), $"no head was noted of it: the last is {last}");
        foreach (var lost in await connection.ReadAsync(LostSql, LostOf, [], ct)) yield return lost;
    }

    private static Finding LostOf(Row row) => new(
        "host.act", $"act_id={row.Uuid("act_id")}",
        $"it is gone: kernel.change says that it wrote {row.Text("table_name")} ({row.Text("row_key")})");

    private static string Name(long seq) => $"seq={seq}";
}
