namespace Guerdon.Kernel;

/// <summary>Instants as PostgreSQL keeps them: to the microsecond. What is hashed must be what is read back.</summary>
public static class Instants
{
    /// <summary>The present, in UTC.</summary>
    public static DateTime UtcMicros(this TimeProvider clock) => clock.GetUtcNow().UtcDateTime.ToMicros();

    /// <summary>Cut to the microsecond.</summary>
    public static DateTime ToMicros(this DateTime at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));

    /// <summary>In UTC, cut to the microsecond.</summary>
    public static DateTimeOffset ToMicros(this DateTimeOffset at) => new(at.UtcDateTime.ToMicros());
}
