using Guerdon.Kernel;

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
}
