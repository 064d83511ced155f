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
        var (start, end) = (ZoneDays.StartOf(from, settings.Zone), ZoneDays.StartOf(last.AddDays(1), settings.Zone));
        var items = await connection.ReadAsync(
            PayLinesSql, row => PayLine(row, settings), [layout, last, end, settings.EmployeeId], ct);
        var taxable = settings.Codes.Where(c => c.Form == EarningCode.Token)
            .Select(c => c.TaxClass).Distinct().ToArray();
        if (taxable.Length == 0) return items;
        items.AddRange(await connection.ReadAsync(
            TaxableSql, row => Taxable(row, settings), [layout, start, end, taxable, settings.EmployeeId], ct));
        return items;
    }

    private static PayrollItem PayLine(Row row, PayrollSettings settings) => new(
        "pay_line", row.Uuid("pay_line_id"), 0, Person(row, settings), row.Text("tax_class"), row.Text("form"),
        row.Bigint("amount"), row.TextOrNull("currency"), row.Text("unit"), row.Date("pay_on"),
        ZoneDays.DayOf(row.Instant("created_at"), settings.Zone), row.Text("explanation"),
        row.UuidOrNull("corrects"));

    private static PayrollItem Taxable(Row row, PayrollSettings settings)
    {
        var (kind, currency) = ((TransferKind)row.Smallint("kind"), row.Text("currency"));
        var (day, amount) = (ZoneDays.DayOf(row.Instant("at"), settings.Zone), row.Bigint("amount_milli"));
        var worth = PayrollRules.Worth(
            kind, amount, row.Bigint("vested_before"),
            (row.Bigint("granted_milli"), row.Bigint("usd_nanos"), row.Bigint("rate_nanos")), currency);
        return new PayrollItem(
            kind == TransferKind.Vest ? "vest" : "grant", row.Uuid("transfer_id"), row.Int4("lot"),
            Person(row, settings), row.Text("tax_class"), EarningCode.Token, worth, currency, currency, day, day,
            $"{new Tokens(amount)} tokens, {row.Text("source")}", null)
        { Kind = kind };
    }

    private static PaidPerson Person(Row row, PayrollSettings settings) => new(
        row.Id<PersonId>("person_id"), row.Text("email"), row.Text("name"), row.Text("role"), row.Text("country"),
        settings.EmployeeId == PayrollSettings.Email ? row.Text("email") : row.TextOrNull("employee_id"));
}
