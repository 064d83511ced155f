using Guerdon.Kernel;

namespace Guerdon.Payroll.Settings;

/// <summary>
/// Pay periods under settings that change over time. A change begins on the first day of a period of both the old and
/// the new schedule, so that periods follow each other without gap or overlap. No I/O.
/// </summary>
/// <param name="versions">Those that ever come into effect, in the order of their days; at least one.</param>
public sealed class PayCalendar(IReadOnlyList<PayrollSettings> versions)
{
    /// <summary>The first day that there are settings for.</summary>
    public DateOnly Begins => versions[0].EffectiveFrom;

    /// <summary>The settings in effect on a day, or null before the first.</summary>
    public PayrollSettings? SettingsOn(DateOnly day) => versions.LastOrDefault(v => v.EffectiveFrom <= day);

    /// <summary>The settings in effect at an instant; before the first ones, those.</summary>
    public PayrollSettings SettingsAt(DateTimeOffset at) =>
        versions.LastOrDefault(v => ZoneDays.StartOf(v.EffectiveFrom, v.Zone) <= at) ?? versions[0];

    /// <summary>Whether every version says what a currency is worth.</summary>
    public bool StateRateOf(string currency) => versions.All(v => v.RateOf(currency) is not null);

    /// <summary>The period that a day lies in, or null before the first settings.</summary>
    public PayPeriod? PeriodOf(DateOnly day) => SettingsOn(day)?.Schedule.PeriodOf(day);

    /// <summary>The period that an instant lies in: it begins and ends at midnight where pay is run.</summary>
    public PayPeriod? PeriodOf(DateTimeOffset at)
    {
        var number = versions.Count - 1;
        while (number >= 0 && ZoneDays.StartOf(versions[number].EffectiveFrom, versions[number].Zone) > at) number--;
        if (number < 0) return null;

        // Where the zone changes with the settings, a day may be shorter or longer. It belongs to the old ones, so that
        // none is missing.
        var day = ZoneDays.DayOf(at, versions[number].Zone);
        var last = number + 1 < versions.Count ? versions[number + 1].EffectiveFrom.AddDays(-1) : DateOnly.MaxValue;
        return versions[number].Schedule.PeriodOf(day < last ? day : last);
    }

    /// <summary>The first instant of a period and the first after it.</summary>
    public (DateTimeOffset From, DateTimeOffset To) SpanOf(PayPeriod period)
    {
        var next = period.Last.AddDays(1);
        return (ZoneDays.StartOf(period.First, SettingsOn(period.First)!.Zone),
            ZoneDays.StartOf(next, SettingsOn(next)!.Zone));
    }

    /// <summary>The periods whose pay day lies in a calendar year: 12, 24, 26 or 27, 52 or 53.</summary>
    public IReadOnlyList<PayPeriod> PaidIn(int year)
    {
        var periods = new List<PayPeriod>();
        // Pay follows its period by a month at most, and never comes before it by more than a weekend.
        var from = new DateOnly(year, 1, 1).AddDays(-2 * PayrollSettings.MostPayAfterDays - 31);
        var next = PeriodOf(from < Begins ? Begins : from);
        for (; next is not null && next.First.Year <= year; next = PeriodOf(next.Last.AddDays(1)))
            if (next.PayDay.Year == year) periods.Add(next);

        return periods;
    }
}
