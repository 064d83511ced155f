using System.Globalization;
using Guerdon.Kernel;
using Guerdon.Ledger.Lots;

namespace Guerdon.Payroll.Terms;

/// <summary>The names of what is paid, and its amounts as people read them.</summary>
public static class PayForms
{
    public const string Cash = "cash", TimeOff = "time_off", Equity = "equity";

    /// <summary>All names, for errors.</summary>
    public const string Names = $"{Cash}, {TimeOff}, {Equity}";

    /// <summary>As it is stored and written in files.</summary>
    public static string NameOf(PayForm form) => form switch
    {
        PayForm.Cash => Cash,
        PayForm.TimeOff => TimeOff,
        _ => Equity,
    };

    /// <summary>The form of a name, or null.</summary>
    public static PayForm? Find(string? name) => name switch
    {
        Cash => PayForm.Cash,
        TimeOff => PayForm.TimeOff,
        Equity => PayForm.Equity,
        _ => null,
    };

    /// <summary>The one tax class whose tokens become this.</summary>
    public static TaxClass ClassOf(PayForm form) => TaxClass.All.Single(c => c.ConvertsTo == form);

    /// <summary>An amount in its unit: <c>12.50 EUR</c>, <c>1.25 days</c>, <c>3 RSU</c>.</summary>
    /// <param name="form">Its name.</param>
    /// <param name="amount">Money in its smallest unit (<see cref="Currencies"/>), hundredths of a day, whole
    /// units of equity.</param>
    /// <param name="unit">The currency's code, <c>days</c> or the name of the equity.</param>
    public static string Text(string form, long amount, string unit) => form == Equity
        ? $"{amount.ToString("#,0", CultureInfo.InvariantCulture)} {unit}"
        : $"{(form == Cash ? Currencies.Format(amount, unit) : Decimals.Format(amount, 2, 2))} {unit}";
}
