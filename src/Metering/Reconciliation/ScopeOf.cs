using Guerdon.Kernel;
using Guerdon.Metering.Rollups;

namespace Guerdon.Metering.Reconciliation;

/// <summary>Which days of which provider a caller means.</summary>
internal static class ScopeOf
{
    private const int MostDays = 366, UsualDays = 35;

    /// <param name="provider">As requests name it.</param>
    /// <param name="from">First day (UTC); null: 35 days with the last.</param>
    /// <param name="to">Last day; null: today.</param>
    /// <param name="clock">Today.</param>
    public static Result<Scope> Read(string? provider, DateOnly? from, DateOnly? to, TimeProvider clock)
    {
        if (provider is not { Length: > 0 and <= 64 })
            return MeteringRefusals.ScopeInvalid.With($"'{provider}' is not a provider's name.");
        var last = to ?? clock.Today();
        var first = from ?? DateOnly.FromDayNumber(Math.Max(last.DayNumber - UsualDays + 1, 0));
        if (first > last || last.DayNumber - first.DayNumber >= MostDays || last.Year > 2200)
            return MeteringRefusals.ScopeInvalid.With(
                $"{first:yyyy-MM-dd} to {last:yyyy-MM-dd} are not 1 to {MostDays} days.");
        return new Scope(provider, first, last);
    }

    /// <summary>The same for a caller who may see sums of whole months alone.</summary>
    /// <param name="provider">As requests name it.</param>
    /// <param name="from">The first of a month; null: of the last day's.</param>
    /// <param name="to">The last of a month that is over; null: of the newest.</param>
    /// <param name="clock">Today.</param>
    public static Result<Scope> ReadMonths(string? provider, DateOnly? from, DateOnly? to, TimeProvider clock)
    {
        var today = clock.Today();
        var newest = GroupUse.MonthOf(today, today);
        var last = to ?? newest.Last;
        var first = from ?? new DateOnly(last.Year, last.Month, 1);
        return first.Day != 1 || last.AddDays(1).Day != 1 || last > newest.Last
            ? MeteringRefusals.ScopeInvalid.With(
                $"{first:yyyy-MM-dd} to {last:yyyy-MM-dd} are not whole months up to {newest.Last:yyyy-MM-dd}, which "
                + "works-council mode asks for.")
            : Read(provider, first, last, clock);
    }
}
