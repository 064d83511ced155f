namespace Stipend.Pricing;

internal static class Instants
{
    /// <summary>The instant as the database keeps it: in UTC, to the microsecond.</summary>
    public static DateTimeOffset Storable(DateTimeOffset at)
    {
        var utc = at.ToUniversalTime();
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
