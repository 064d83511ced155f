using Guerdon.Kernel;
using Guerdon.Ledger.Transfers;
using Guerdon.Payroll.Settings;
using Guerdon.Payroll.Terms;
using Guerdon.People;

namespace Guerdon.Payroll.Files;

/// <summary>Somebody payroll pays.</summary>
/// <param name="Employee">What payroll knows them by; null: nobody said.</param>
internal sealed record PaidPerson(
    PersonId Id, string Email, string Name, string Role, string Country, string? Employee);

/// <summary>What payroll may have to know of, before it has a code.</summary>
/// <param name="Source"><c>pay_line</c>, <c>grant</c> or <c>vest</c>.</param>
/// <param name="SourceId">The pay line, or the transfer.</param>
/// <param name="Lot">Of the grant; 0 for a pay line.</param>
/// <param name="Person">Whose.</param>
/// <param name="TaxClass">Which with the form and the country gives the code.</param>
/// <param name="Form"><c>cash</c>, <c>time_off</c>, <c>equity</c> or <c>token</c>.</param>
/// <param name="Amount">Hundredths of the currency or of a day, whole units of equity; negative: a reversal.</param>
/// <param name="Currency">Of money and of tokens; else null.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="PayOn">The day from which payroll may take it, or on which it was granted or vested.</param>
/// <param name="RecordedOn">When it was recorded.</param>
/// <param name="Explanation">For whoever reads the file.</param>
/// <param name="Corrects">The pay line that it reverses.</param>
internal sealed record PayrollItem(
    string Source, Guid SourceId, int Lot, PaidPerson Person, string TaxClass, string Form, long Amount,
    string? Currency, string Unit, DateOnly PayOn, DateOnly RecordedOn, string Explanation, Guid? Corrects)
{
    /// <summary>The transfer that granted or vested; null for a pay line.</summary>
    public TransferKind? Kind { get; init; }
}

/// <summary>One line of a payroll file.</summary>
internal sealed record PayrollLine(PayrollItem Item, EarningCode Code, DateOnly Due);

/// <summary>Which items a file has. No I/O.</summary>
internal static class PayrollRules
{
    /// <summary>The lines that are due, by employee; and what keeps a file from being made.</summary>
    /// <param name="items">All that the layout has not had.</param>
    /// <param name="settings">In effect on the period's last day.</param>
    /// <param name="from">The first day of the first period that the layout was used for. What was due before and was
    /// on record then was paid by other means.</param>
    /// <param name="last">The period's last day.</param>
    public static (IReadOnlyList<PayrollLine> Lines, IReadOnlyList<string> Missing) Due(
        IEnumerable<PayrollItem> items, PayrollSettings settings, DateOnly from, DateOnly last)
    {
        var (lines, missing) = (new List<PayrollLine>(), new SortedSet<string>(StringComparer.Ordinal));
        foreach (var item in items)
        {
            var code = settings.CodeOf(item.TaxClass, item.Form, item.Person.Country);
            if (code is null && item.Kind is not null) continue; // a grant that is not pay
            var due = code?.Recognised == Recognition.Convert ? item.RecordedOn : item.PayOn;
            if (due > last || (due < from && item.RecordedOn < from) || item.Amount == 0) continue;
            if (code is null) missing.Add(NoCode(item));
            else if (item.Kind is { } kind && !Counts(kind, code.Recognised)) continue;
            else if (item.Person.Employee is null) missing.Add(NoEmployee(item.Person, settings.EmployeeId));
            else lines.Add(new PayrollLine(item, code, due));
        }

        return ([.. lines.OrderBy(l => l.Item.Person.Employee, StringComparer.Ordinal).ThenBy(l => l.Due)
            .ThenBy(l => l.Item.Source, StringComparer.Ordinal).ThenBy(l => l.Item.SourceId).ThenBy(l => l.Item.Lot)],
            [.. missing]);
    }

    /// <summary>Whether a layout can say a line. What it cannot stays in the plain one.</summary>
    public static bool Takes(string layout, LayoutTerms? terms, PayrollLine line) => layout switch
    {
        PayrollLayout.Plain => true,
        PayrollLayout.Gusto => !line.Code.IsMemo && line.Item.Form == "cash" && line.Item.Currency == terms?.Currency,
        // Their earnings are money: half a day off there would be paid as half a dollar. A memo is only noted.
        _ => line.Item.Currency is null ? line.Code.IsMemo : line.Item.Currency == terms?.Currency,
    };

    /// <summary>The worth of a part of a grant in the owner's currency, in the smallest unit and in whole minor units;
    /// parts add up to the whole.</summary>
    /// <param name="kind">Vest: so much after what vested before; else so much of the grant, negative
    /// where it goes back.</param>
    /// <param name="milli">How much moved.</param>
    /// <param name="vestedBefore">Milli-tokens.</param>
    /// <param name="lot">The grant: milli-tokens, nano-USD, and nano-USD a unit of the currency.</param>
    /// <param name="currency">The owner's; null: one with hundredths.</param>
    public static long Worth(
        TransferKind kind, long milli, long vestedBefore, (long GrantedMilli, long UsdNanos, long RateNanos) lot,
        string? currency = null)
    {
        return kind switch
        {
            TransferKind.Vest => Upto(vestedBefore + milli) - Upto(vestedBefore),
            TransferKind.Revoke or TransferKind.Forfeit => -Upto(milli),
            _ => Upto(milli),
        };

        long Upto(long part)
        {
            // In two steps, since the three factors together pass 128 bits; the first is exact to a nano-USD.
            var nanos = (2 * (Int128)part * lot.UsdNanos + lot.GrantedMilli) / (2 * (Int128)lot.GrantedMilli);
            var (step, per) = ((Int128)Currencies.Step(currency), (Int128)Currencies.PerUnit(currency));
            var divisor = lot.RateNanos * step; // rounded once, to the smallest unit there is
            return checked((long)((2 * nanos * per + divisor) / (2 * divisor) * step));
        }
    }

    /// <summary>An amount as files have it: <c>1234.50</c>, or whole units of equity.</summary>
    public static string Amount(PayrollItem item)
    {
        if (item.Currency is { } currency && item.Form != PayForms.TimeOff)
            return Currencies.Plain(item.Amount, currency);
        var scale = item.Form == PayForms.Equity ? 0 : 2;
        return Decimals.Format(item.Amount, scale, scale).Replace(",", "", StringComparison.Ordinal);
    }

    private static bool Counts(TransferKind kind, Recognition at) => kind switch
    {
        TransferKind.Award or TransferKind.Forfeit => at == Recognition.Grant,
        TransferKind.Vest => at == Recognition.Vest,
        _ => true, // a grant that is the owner's at once, and what is revoked of it
    };

    private static string NoCode(PayrollItem item) =>
        $"No code for tax class {item.TaxClass} in form {item.Form} for country {item.Person.Country}: "
        + "add it to codes.";

    private static string NoEmployee(PaidPerson person, string kind) =>
        $"{person.Email} has no identity {kind}, which employee_id asks for: import it with people.";
}
