using Guerdon.Kernel;
using Guerdon.Ledger.Transfers;
using Guerdon.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Guerdon.Metering.Reconciliation;

/// <summary>What a reconciliation writes beside its transfers: rows, day totals, and that it is applied.</summary>
internal static class CorrectionWriter
{
    private static readonly string AppendSql = Sql.Read("Metering/Reconciliation/AppendCorrections.sql");
    private static readonly string AddDayTotalsSql = Sql.Read("Metering/Rollups/AddDayTotals.sql");

    private const string AppliedSql = """
        insert into metering.reconciliation_applied (
            reconciliation_id, applied_by, applied_at, applied_by_account, applied_by_person, applied_alone, set_aside)
        values ($1, $2, $3, $4, $5, $6, $7)
        """;

    /// <summary>That a reconciliation is applied.</summary>
    /// <param name="Id">Which.</param>
    /// <param name="By">Who applied it.</param>
    /// <param name="At">When.</param>
    /// <param name="Alone">As the only administrator, who had asked for it.</param>
    /// <param name="SetAside">Calls left out: of whoever applies or asked.</param>
    public readonly record struct AppliedRow(
        ReconciliationId Id, Actor By, DateTimeOffset At, bool Alone, int SetAside);

    public static InSameCommit With(
        IReadOnlyList<CorrectionRow> rows, IReadOnlyList<Correction> corrections, AppliedRow applied)
    {
        var before = corrections.ToDictionary(c => c.Call.Id, c => c.Call);
        return new()
        {
            Commands = [() => Applied(applied), () => Append(rows), () => AddDayTotals(rows, before)],
        };
    }

    // The first command, so that nothing else is tried where it is applied already.
    private static NpgsqlBatchCommand Applied(AppliedRow applied)
    {
        var command = new NpgsqlBatchCommand(AppliedSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = applied.Id.Value });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = applied.By.Name });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = applied.At.UtcDateTime });
        foreach (var id in (Guid?[])[applied.By.Account, applied.By.Person])
            command.Parameters.Add(new NpgsqlParameter
            {
                Value = (object?)id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid,
            });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = applied.Alone });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = applied.SetAside });
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

    // The correction adds no request, so the day's count stays and only its sums move.
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
