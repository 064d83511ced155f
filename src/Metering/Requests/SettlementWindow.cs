namespace Guerdon.Metering.Requests;

/// <summary>
/// When a batch is due. No window crosses a quarter of an hour: in every time zone midnight is at one, so that a day's
/// charges are booked on that day, wherever a statement or a pay period has its days begin. No I/O.
/// </summary>
internal static class SettlementWindow
{
    /// <summary>How long before the end of a quarter everything is due: time to book it.</summary>
    public static readonly TimeSpan BeforeEnd = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

    /// <summary>When the quarter of an hour began that an instant lies in.</summary>
    public static DateTime QuarterOf(DateTime at) => at.AddTicks(-(at.Ticks % Quarter.Ticks));

    /// <summary>Batches that were opened until then are due.</summary>
    /// <param name="now">UTC.</param>
    /// <param name="window">How long a batch takes requests.</param>
    public static DateTime DueUntil(DateTime now, TimeSpan window)
    {
        var quarter = QuarterOf(now);
        if (quarter + Quarter - now <= BeforeEnd) return now;
        var byAge = now - window;
        var before = quarter.AddMicroseconds(-1); // the last instant of the quarter before, as PostgreSQL stores them
        return byAge > before ? byAge : before;
    }
}
