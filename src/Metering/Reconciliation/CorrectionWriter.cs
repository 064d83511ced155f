using Npgsql;
using NpgsqlTypes;
using Stipend.Kernel;
using Stipend.Ledger;

namespace Stipend.Metering.Reconciliation;

/// <summary>What a reconciliation writes beside its transfers: rows, day totals, and that it is applied.</summary>
internal static class CorrectionWriter
{
    private static readonly string AppendSql = Sql.Read("Metering/Reconciliation/AppendCorrections.sql");
    private static readonly string AddDayTotalsSql = Sql.Read("Metering/Rollups/AddDayTotals.sql");

    private const string AppliedSql =
        "insert into metering.reconciliation_applied (reconciliation_id, applied_by, applied_at) values ($1, $2, $3)";

    public static InSameCommit With(
        IReadOnlyList<CorrectionRow> rows, IReadOnlyList<Correction> corrections, ReconciliationId id, string by,
        DateTimeOffset at)
    {
        var before = corrections.ToDictionary(c => c.Call.Id, c => c.Call);
        return new()
        {
            Commands = [() => Applied(id, by, at), () => Append(rows), () => AddDayTotals(rows, before)],
        };
    }

    // First: where it is applied already, nothing else is tried.
    private static NpgsqlBatchCommand Applied(ReconciliationId id, string by, DateTimeOffset at)
    {
        var command = new NpgsqlBatchCommand(AppliedSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id.Value });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = by });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = at.UtcDateTime });
        return command;
    }

    private static NpgsqlBatchCommand Append(IReadOnlyList<CorrectionRow> rows)
    {
        var command = new NpgsqlBatchCommand(AppendSql);
        Add(NpgsqlDbType.Uuid, r => r.Wallet.Value);
        Add(NpgsqlDbType.TimestampTz, r => r.StartedAt);
        Add(NpgsqlDbType.Uuid, r => r.Request.Value);
        Add(NpgsqlDbType.Integer, r => r.Version);
        Add(NpgsqlDbType.Uuid, r => r.Reconciliation.Value);
        Add(NpgsqlDbType.Uuid, r => r.Report.Value);
        Add(NpgsqlDbType.Text, r => r.Provider);
        Add(NpgsqlDbType.Uuid, r => r.Priced.PriceId);
        Add(NpgsqlDbType.Bigint, r => r.Priced.TokenValueNanos);
        foreach (var tokens in TokenClasses.All) Add(NpgsqlDbType.Bigint, r => tokens.Of(r.Usage));
        Add(NpgsqlDbType.Bigint, r => r.Usage.Reasoning);
        Add(NpgsqlDbType.Bigint, r => r.Priced.Cost.Money.Nanos);
        Add(NpgsqlDbType.Bigint, r => r.Priced.Cost.Charge.Milli);
        Add(NpgsqlDbType.Bigint, r => r.Charged.Milli);
        Add(NpgsqlDbType.Bigint, r => r.DeltaMilli);
        Add(NpgsqlDbType.Uuid, r => r.SettledBy);
        Add(NpgsqlDbType.Text, r => r.Reason);
        Add(NpgsqlDbType.Bytea, r => r.Digest());
        return command;

        void Add<T>(NpgsqlDbType type, Func<CorrectionRow, T> column) =>
            command.Parameters.Add(Columns.Of(type, rows, column));
    }

    // The day's requests stay as many; its sums move by what each call moved.
    private static NpgsqlBatchCommand AddDayTotals(
        IReadOnlyList<CorrectionRow> rows, Dictionary<RequestId, Estimate> before)
    {
        var totals = rows.GroupBy(r => (r.Wallet, Day: DateOnly.FromDateTime(r.StartedAt), before[r.Request].Called))
            .ToList();
        var command = new NpgsqlBatchCommand(AddDayTotalsSql);
        command.Parameters.Add(Columns.Of(NpgsqlDbType.Uuid, totals, t => t.Key.Wallet.Value));
        command.Parameters.Add(Columns.Of(NpgsqlDbType.Date, totals, t => t.Key.Day));
        command.Parameters.Add(Columns.Of(NpgsqlDbType.Text, totals, t => t.Key.Called));
        Add(_ => 0);
        Add(r => r.Usage.TotalInput - before[r.Request].Now.TotalInput);
        Add(r => r.Usage.Output - before[r.Request].Now.Output);
        Add(r => r.Priced.Cost.Money.Nanos - before[r.Request].NowCostNanos);
        Add(r => r.DeltaMilli);
        return command;

        void Add(Func<CorrectionRow, long> figure) => command.Parameters.Add(
            Columns.Of(NpgsqlDbType.Bigint, totals, t => t.Sum(figure)));
    }
}
