namespace Guerdon.Kernel;

/// <summary>Instants as PostgreSQL stores them: to the microsecond. What is hashed must be what is read back.</summary>
public static class Instants
{
    /// <summary>The present, in UTC.</summary>
    public static DateTime UtcMicros(this TimeProvider clock) => clock.GetUtcNow().UtcDateTime.ToMicros();

    /// <summary>The present, in UTC.</summary>
    public static DateTimeOffset NowMicros(this TimeProvider clock) => clock.GetUtcNow().ToMicros();

    /// <summary>The day it is now, in UTC.</summary>
    public static DateOnly Today(this TimeProvider clock) => clock.GetUtcNow().UtcDay();

    /// <summary>The day it is then, in UTC.</summary>
    public static DateOnly UtcDay(this DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    /// <summary>When a day begins (UTC).</summary>
    public static DateTimeOffset UtcStart(this DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    /// <summary>Cut to the microsecond.</summary>
    public static DateTime ToMicros(this DateTime at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));

    /// <summary>In UTC, cut to the microsecond.</summary>
    public static DateTimeOffset ToMicros(this DateTimeOffset at) => new(at.UtcDateTime.ToMicros());
}
