using System.Globalization;
using Guerdon.Payroll.Terms;

namespace Guerdon.Unit.Payroll;

/// <summary>When conversions may be asked for, beside a walk over each day.</summary>
public class ConversionWindowTests
{
    // Their days, and whether they come again each year; the last passes the turn of the year.
    private static readonly ConversionWindow[] All =
    [
        Of("2026-03-10", "2026-03-20", false), Of("2026-03-20", "2026-03-20", false),
        Of("2026-12-20", "2027-01-10", false), Of("2001-03-10", "2001-03-20", true),
        Of("2001-03-21", "2001-03-21", true), Of("2001-12-20", "2002-01-10", true),
        Of("2001-01-10", "2001-02-01", true), Of("2001-01-11", "2001-02-01", true),
        Of("2001-02-28", "2001-03-01", true), Of("2027-01-11", "2027-01-15", false),
    ];

    private static ConversionWindow Of(string from, string to, bool isYearly) => new("w", Day(from), Day(to), isYearly);

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static IEnumerable<DateOnly> Days =>
        Enumerable.Range(0, 3 * 365).Select(n => new DateOnly(2025, 7, 1).AddDays(n));

    // By month and day, as it is written down.
    private static bool IsOpen(ConversionWindow window, DateOnly day)
    {
        if (!window.IsYearly) return window.From <= day && day <= window.To;
        var (at, from, to) = (day.Month * 100 + day.Day, window.From.Month * 100 + window.From.Day,
            window.To.Month * 100 + window.To.Day);
        return window.To.Year == window.From.Year ? from <= at && at <= to : from <= at || at <= to;
    }

    [Fact]
    public void On_EachDay_IsTheOpeningThatItLiesIn()
    {
        foreach (var window in All)
            foreach (var day in Days)
            {
                var opening = window.On(day);
                Assert.Equal(IsOpen(window, day), opening is not null);
                if (opening is not { } open) continue;
                Assert.True(open.Has(open.From) && open.Has(open.To) && open.Has(day));
                Assert.False(IsOpen(window, open.From.AddDays(-1)) || IsOpen(window, open.To.AddDays(1)));
            }
    }

    [Fact]
    public void After_EachDay_IsTheNextThatBegins()
    {
        foreach (var window in All)
            foreach (var day in Days)
            {
                var begins = Enumerable.Range(1, 400).Select(day.AddDays)
                    .Where(d => IsOpen(window, d) && !IsOpen(window, d.AddDays(-1))).Select(d => (DateOnly?)d);
                Assert.Equal(begins.FirstOrDefault(), After(window, day));
            }

        // One that does not come again may be years away.
        static DateOnly? After(ConversionWindow window, DateOnly day) =>
            window.After(day)?.From is { } from && from <= day.AddDays(400) ? from : null;
    }

    [Fact]
    public void Overlaps_EachTwo_HaveADayInCommon()
    {
        foreach (var one in All)
            foreach (var other in All)
                Assert.Equal(Days.Any(day => IsOpen(one, day) && IsOpen(other, day)), one.Overlaps(other));
    }

    [Fact]
    public void ToString_OfAnOpening_NamesItsDays() => Assert.Equal(
        "w (2026-12-20 to 2027-01-10)", All[5].On(Day("2027-01-03")).ToString());
}
