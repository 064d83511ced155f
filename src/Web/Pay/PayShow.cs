using Guerdon.Ledger.Lots;
using Guerdon.Payroll.Terms;
using Guerdon.Web.Shared;

namespace Guerdon.Web.Pay;

/// <summary>Words of conversion and claims as pages write them.</summary>
public static class PayShow
{
    public static string Form(string name) => name switch
    {
        PayForms.Cash => "Money",
        PayForms.TimeOff => "Days off",
        _ => "Equity",
    };

    /// <summary>What tokens of a class become: <c>Money</c>; a class that becomes nothing by its name.</summary>
    public static string Class(string taxClass) => TaxClass.Find(taxClass)?.ConvertsTo is { } form
        ? Form(PayForms.NameOf(form)) : taxClass.Replace('_', ' ');

    /// <summary>What tokens are worth, beside what they bring: <c>worth $250.00</c>.</summary>
    public static string Worth(long? nanos) => nanos is { } worth ? $"worth {Show.Money(new(worth))}" : "";

    /// <summary>What is paid, in dollars, where it is not in dollars already: <c>($270.00)</c>.</summary>
    public static string Pays(long? nanos, string? currency) =>
        nanos is { } pays && currency != "USD" ? $"({Show.Money(new(pays))})" : "";

    public static string Span(TimeSpan span) =>
        span.Ticks % TimeSpan.TicksPerDay == 0 ? $"{span.TotalDays:0} days" : $"{span.TotalHours:0} hours";
}
