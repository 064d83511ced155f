using Guerdon.Kernel;
using Guerdon.Ledger.Accounts;
using Guerdon.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Guerdon.Ledger.Transfers;

/// <summary>The commands that write a plan, as one batch: one round trip and one commit.</summary>
internal static class GroupCommands
{
    public static readonly string PostSql = Sql.Read("Ledger/Transfers/Post.sql");
    public static readonly string OpenLotsSql = Sql.Read("Ledger/Transfers/OpenLots.sql");

    // Escrow of a holder that gave everything back. Holders come and go, so otherwise their
    // empty positions would pile up.
    public const string DropEmptyEscrowSql = """
        delete from ledger.position p using unnest($1::uuid[], $2::smallint[], $3::uuid[], $4::int[])
               as x (wallet_id, asset, holder, lot)
         where p.wallet_id = x.wallet_id and p.asset = x.asset and p.account = ledger.account_escrow()
           and p.holder = x.holder and p.lot = x.lot and p.amount_milli = 0
        """;

    public static NpgsqlBatch Build(GroupPlan plan, NpgsqlConnection connection, NpgsqlTransaction? transaction)
    {
        var batch = new NpgsqlBatch(connection, transaction);
        if (plan.Entries.Count > 0) AddPosting(plan, batch);
        ActStamp? said = null;
        foreach (var (unit, _, writes) in plan.Outcomes)
        {
            if (!writes || unit.With is not { Commands.Count: > 0 } with) continue;
            if (unit.Act != said) batch.BatchCommands.Add(unit.Act?.Set() ?? ActStamp.Clear());
            said = unit.Act;
            foreach (var command in with.Commands) batch.BatchCommands.Add(command());
        }

        return batch;
    }

    private static void AddPosting(GroupPlan plan, NpgsqlBatch batch)
    {
        // The order in which PostgreSQL compares uuids, so that two groups lock heads in one order and cannot deadlock.
        var heads = plan.Before.OrderBy(b => b.Key.Value)
            .Select(b => (State: plan.State(b.Key), Before: b.Value)).ToArray();

        var positions = plan.Positions().ToArray();
        Array.Sort(positions, (a, b) => a.Wallet.Value.CompareTo(b.Wallet.Value));
        batch.BatchCommands.Add(Command(PostSql,
        [
            Columns.Of(NpgsqlDbType.Uuid, heads, h => h.State.Id.Value),
            Columns.Of(NpgsqlDbType.Bigint, heads, h => h.Before),
            Columns.Of(NpgsqlDbType.Bigint, heads, h => h.State.Seq),
            Columns.Of(NpgsqlDbType.Bytea, heads, h => h.State.Head),
            Columns.Of(NpgsqlDbType.TimestampTz, heads, h => h.State.At),
            .. EntryColumns([.. plan.Entries]), .. PositionColumns(positions),
            new NpgsqlParameter<DateOnly> { TypedValue = DateOnly.FromDateTime(plan.Entries.Min(e => e.At)) },
        ]));

        if (plan.Lots.Count > 0) batch.BatchCommands.Add(Command(OpenLotsSql, [.. LotColumns([.. plan.Lots])]));

        var empty = positions.Where(p => p.Key.Account == AccountKind.Escrow && p.AmountMilli == 0).ToArray();
        if (empty.Length > 0)
            batch.BatchCommands.Add(Command(DropEmptyEscrowSql,
                Columns.Of(NpgsqlDbType.Uuid, empty, p => p.Wallet.Value),
                Columns.Of(NpgsqlDbType.Smallint, empty, p => (short)p.Key.Asset),
                Columns.Of(NpgsqlDbType.Uuid, empty, p => p.Key.Holder),
                Columns.Of(NpgsqlDbType.Integer, empty, p => p.Key.Lot)));
    }

    private static IEnumerable<NpgsqlParameter> EntryColumns(Entry[] e) =>
    [
        Columns.Of(NpgsqlDbType.Uuid, e, x => x.Wallet), Columns.Of(NpgsqlDbType.Bigint, e, x => x.Seq),
        Columns.Of(NpgsqlDbType.Uuid, e, x => x.Transfer), Columns.Of(NpgsqlDbType.Uuid, e, x => x.Link),
        Columns.Of(NpgsqlDbType.Smallint, e, x => (short)x.Kind),
        Columns.Of(NpgsqlDbType.Smallint, e, x => (short)x.Asset),
        Columns.Of(NpgsqlDbType.Smallint, e, x => (short)x.From),
        Columns.Of(NpgsqlDbType.Smallint, e, x => (short)x.To),
        Columns.Of(NpgsqlDbType.Uuid, e, x => x.Other), Columns.Of(NpgsqlDbType.Uuid, e, x => x.Holder),
        Columns.Of(NpgsqlDbType.Integer, e, x => x.Lot), Columns.Of(NpgsqlDbType.Bigint, e, x => x.AmountMilli),
        Columns.Of(NpgsqlDbType.Text, e, x => x.Key), Columns.Of(NpgsqlDbType.Bytea, e, x => x.Content),
        Columns.Of(NpgsqlDbType.Uuid, e, x => x.Corrects), Columns.Of(NpgsqlDbType.Uuid, e, x => x.SourceId),
        Columns.Of(NpgsqlDbType.Bytea, e, x => x.Evidence), Columns.Of(NpgsqlDbType.TimestampTz, e, x => x.At),
        Columns.Of(NpgsqlDbType.Bytea, e, x => x.Hash),
    ];

    private static IEnumerable<NpgsqlParameter> PositionColumns(
        (WalletId Wallet, PositionKey Key, long AmountMilli)[] p) =>
    [
        Columns.Of(NpgsqlDbType.Uuid, p, x => x.Wallet.Value),
        Columns.Of(NpgsqlDbType.Smallint, p, x => (short)x.Key.Asset),
        Columns.Of(NpgsqlDbType.Smallint, p, x => (short)x.Key.Account),
        Columns.Of(NpgsqlDbType.Uuid, p, x => x.Key.Holder),
        Columns.Of(NpgsqlDbType.Integer, p, x => x.Key.Lot), Columns.Of(NpgsqlDbType.Bigint, p, x => x.AmountMilli),
    ];

    private static IEnumerable<NpgsqlParameter> LotColumns((Entry Entry, LotTerms Terms)[] l) =>
    [
        Columns.Of(NpgsqlDbType.Uuid, l, x => x.Entry.Wallet), Columns.Of(NpgsqlDbType.Integer, l, x => x.Entry.Lot),
        Columns.Of(NpgsqlDbType.Smallint, l, x => (short)x.Entry.Asset),
        Columns.Of(NpgsqlDbType.Bigint, l, x => x.Entry.AmountMilli),
        Columns.Of(NpgsqlDbType.Text, l, x => x.Terms.TaxClass), Columns.Of(NpgsqlDbType.Text, l, x => x.Terms.Source),
        Columns.Of(NpgsqlDbType.TimestampTz, l, x => x.Terms.ExpiresAt?.UtcDateTime),
        Columns.Of(NpgsqlDbType.Uuid, l, x => x.Entry.Transfer),
        Columns.Of(NpgsqlDbType.TimestampTz, l, x => x.Entry.At),
    ];

    public static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return command;
    }
}
