using Npgsql;

namespace Guerdon.Storage;

/// <summary>What somebody is doing, of which every transaction that it leads to has a row.</summary>
public abstract class Act
{
    /// <summary>The row for one transaction; each has an id of its own.</summary>
    public abstract ActStamp Stamp();
}

/// <summary>The row of an act, for one transaction.</summary>
/// <param name="Id">Of the row.</param>
/// <param name="Row">All of it, as JSON whose members are called as the columns.</param>
public sealed record ActStamp(Guid Id, string Row)
{
    // Gone with the transaction. The row itself is written by a trigger, with the first guarded row that is.
    private const string SetSql =
        "select set_config('guerdon.act', $1, true), set_config('guerdon.act_row', $2, true)";

    private const string ClearSql = "select set_config('guerdon.act', '', true)";

    /// <summary>Says in a batch that what follows in the same transaction is of this act.</summary>
    public NpgsqlBatchCommand Set() => Db.InBatch(SetSql, $"{Id:D}", Row);

    /// <summary>Says in a batch that what follows is of no act.</summary>
    public static NpgsqlBatchCommand Clear() => Db.InBatch(ClearSql);

    /// <summary>Says in a transaction that what follows is of this act.</summary>
    public Task SetAsync(NpgsqlConnection connection, CancellationToken ct) =>
        connection.ExecuteAsync(SetSql, [$"{Id:D}", Row], ct);
}

/// <summary>
/// What is being done at the moment, by whoever called: it flows with the call, as the present culture does, so that no
/// handler has to pass it on (docs/adr/0052-acts.md). Transactions say it to the database: those that
/// <see cref="BeginAsync"/> opens, single statements of <see cref="Rows"/> that change something
/// (<c>ExecuteAsync</c>, <c>ChangeAsync</c>), the ledger's lanes.
/// </summary>
public static class Acting
{
    private static readonly AsyncLocal<Holder?> Now = new();

    /// <summary>The row for a transaction that begins now; null: nobody acts.</summary>
    public static ActStamp? Stamp() => Now.Value?.Act?.Stamp();

    /// <summary>From now on this is what is being done, until the result is disposed of; also by what was begun
    /// meanwhile and outlives it.</summary>
    /// <param name="act">Null: nothing of anybody's.</param>
    public static IDisposable As(Act? act)
    {
        var holder = new Holder(act, Now.Value);
        Now.Value = holder;
        return holder;
    }

    /// <summary>Begins a transaction that changes something. Its rows are of the act that goes on.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public static async Task<NpgsqlTransaction> BeginAsync(this NpgsqlConnection connection, CancellationToken ct)
    {
        var transaction = await connection.BeginTransactionAsync(ct);
        if (Stamp() is { } stamp) await stamp.SetAsync(connection, ct);
        return transaction;
    }

    /// <summary>The same for a batch that is a transaction of its own: call it before anything is added.</summary>
    public static void Begin(this NpgsqlBatch batch)
    {
        if (Stamp() is { } stamp) batch.BatchCommands.Add(stamp.Set());
    }

    private sealed class Holder(Act? act, Holder? before) : IDisposable
    {
        private volatile Act? _act = act;

        public Act? Act => _act;

        public void Dispose()
        {
            _act = null;
            Now.Value = before;
        }
    }
}
