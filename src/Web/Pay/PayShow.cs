using Stipend.Compensation;

namespace Stipend.Web;

/// <summary>Words of conversion and claims as pages write them.</summary>
internal static class PayShow
{
    public static string Form(string name) => name switch
    {
        PayForms.Cash => "Money",
        PayForms.TimeOff => "Days off",
        _ => "Equity",
    };

    public static string Span(TimeSpan span) =>
        span.Ticks % TimeSpan.TicksPerDay == 0 ? $"{span.TotalDays:0} days" : $"{span.TotalHours:0} hours";
}
