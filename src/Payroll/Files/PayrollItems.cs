using Guerdon.Kernel;
using Guerdon.Ledger.Transfers;
using Guerdon.Payroll.Settings;
using Guerdon.People;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Payroll.Files;

/// <summary>What payroll has not had yet.</summary>
internal static class PayrollItems
{
    private static readonly string PayLinesSql = Sql.Read("Payroll/Files/PayLinesDue.sql");
    private static readonly string TaxableSql = Sql.Read("Payroll/Files/TaxableDue.sql");

    /// <param name="connection">In a transaction that no other export of the layout is in.</param>
    /// <param name="layout">Which has not had them.</param>
    /// <param name="settings">In effect on the last day.</param>
    /// <param name="from">The first day of the first period that the layout was used for.</param>
    /// <param name="last">The last day of the period.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<List<PayrollItem>> ReadAsync(
        NpgsqlConnection connection, string layout, PayrollSettings settings, DateOnly from, DateOnly last,
        CancellationToken ct)
    {
        var items = new List<PayrollItem>();
        var (start, end) = (ZoneDays.StartOf(from, settings.Zone), ZoneDays.StartOf(last.AddDays(1), settings.Zone));
        await using (var command = Db.Command(connection, PayLinesSql, layout, last, end, settings.EmployeeId))
        {
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct)) items.Add(PayLine(row, settings));
        }

        var taxable = settings.Codes.Where(c => c.Form == EarningCode.Token)
            .Select(c => c.TaxClass).Distinct().ToArray();
        if (taxable.Length == 0) return items;
        await using (var command = Db.Command(connection, TaxableSql, layout, start, end, taxable, settings.EmployeeId))
        {
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct)) items.Add(Taxable(row, settings));
        }

        return items;
    }

    private static PayrollItem PayLine(NpgsqlDataReader row, PayrollSettings settings) => new(
        "pay_line", row.GetGuid(0), 0, Person(row, 10, settings), row.GetString(2), row.GetString(1), row.GetInt64(3),
        row.IsDBNull(4) ? null : row.GetString(4), row.GetString(5), row.GetFieldValue<DateOnly>(6),
        ZoneDays.DayOf(row.GetFieldValue<DateTimeOffset>(7), settings.Zone), row.GetString(8),
        row.IsDBNull(9) ? null : row.GetGuid(9));

    private static PayrollItem Taxable(NpgsqlDataReader row, PayrollSettings settings)
    {
        var kind = (TransferKind)row.GetInt16(2);
        var day = ZoneDays.DayOf(row.GetFieldValue<DateTimeOffset>(3), settings.Zone);
        var worth = PayrollRules.Worth(
            kind, row.GetInt64(4), row.GetInt64(5), (row.GetInt64(7), row.GetInt64(8), row.GetInt64(10)),
            row.GetString(9));
        return new PayrollItem(
            kind == TransferKind.Vest ? "vest" : "grant", row.GetGuid(0), row.GetInt32(1), Person(row, 12, settings),
            row.GetString(6), EarningCode.Token, worth, row.GetString(9), row.GetString(9), day, day,
            $"{new Tokens(row.GetInt64(4))} tokens, {row.GetString(11)}", null)
        { Kind = kind };
    }

    private static PaidPerson Person(NpgsqlDataReader row, int at, PayrollSettings settings) => new(
        new PersonId(row.GetGuid(at)), row.GetString(at + 1), row.GetString(at + 2), row.GetString(at + 3),
        row.GetString(at + 4), settings.EmployeeId == PayrollSettings.Email ? row.GetString(at + 1)
            : row.IsDBNull(at + 5) ? null : row.GetString(at + 5));
}
