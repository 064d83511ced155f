using System.Globalization;

namespace Guerdon.Payroll.Terms;

/// <summary>Days in which conversions may be asked for, both ends included (UTC).</summary>
/// <param name="Name">For people.</param>
/// <param name="From">The first day; of a yearly window, its month and day in a year that counts for nothing.</param>
/// <param name="To">The last day; of a yearly window that passes the turn of the year, in the year after.</param>
/// <param name="IsYearly">It comes again each year.</param>
public sealed record ConversionWindow(string Name, DateOnly From, DateOnly To, bool IsYearly)
{
    /// <summary>The year in which a yearly window is written down; not a leap year.</summary>
    public const int AnyYear = 2001;

    /// <summary>One time that the window is open.</summary>
    public readonly record struct Opening(string Name, DateOnly From, DateOnly To)
    {
        public bool Has(DateOnly day) => From <= day && day <= To;

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"{Name} ({From:yyyy-MM-dd} to {To:yyyy-MM-dd})");
    }

    /// <summary>The opening that a day lies in, or null.</summary>
    public Opening? On(DateOnly day) =>
        Openings(day.Year - 1, day.Year).Where(o => o.Has(day)).Select(o => (Opening?)o).FirstOrDefault();

    /// <summary>The first opening that begins after a day, or null.</summary>
    public Opening? After(DateOnly day) => Openings(day.Year, day.Year + 1)
        .Where(o => o.From > day).OrderBy(o => o.From).Select(o => (Opening?)o).FirstOrDefault();

    /// <summary>Whether some day lies in both.</summary>
    public bool Overlaps(ConversionWindow other)
    {
        if (IsYearly && !other.IsYearly) return other.Overlaps(this);
        return Openings(From.Year, To.Year).Take(1).Any(
            mine => other.Openings(mine.From.Year - 1, mine.To.Year).Any(o => o.From <= mine.To && mine.From <= o.To));
    }

    private IEnumerable<Opening> Openings(int first, int last) => IsYearly
        ? Enumerable.Range(first - AnyYear, last - first + 1)
            .Select(years => new Opening(Name, From.AddYears(years), To.AddYears(years)))
        : [new Opening(Name, From, To)];
}
