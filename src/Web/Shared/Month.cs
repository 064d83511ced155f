using Guerdon.Kernel;

namespace Guerdon.Web.Shared;

/// <summary>A calendar month, UTC.</summary>
/// <param name="First">Its first day.</param>
public readonly record struct Month(DateOnly First)
{
    /// <summary>Its first instant.</summary>
    public DateTimeOffset From => new(First.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    /// <summary>The first instant after it.</summary>
    public DateTimeOffset To => new(First.AddMonths(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    public Month Before => new(First.AddMonths(-1));
    public Month After => new(First.AddMonths(1));

    /// <summary>Such as <c>November 2026</c>.</summary>
    public string Name => new Period(First).InWords;

    public static Month Of(DateTimeOffset at) => new(new DateOnly(at.UtcDateTime.Year, at.UtcDateTime.Month, 1));

    /// <summary>Reads <c>2026-11</c>; anything else is the month of <paramref name="now"/>.</summary>
    public static Month Read(string? text, DateTimeOffset now) =>
        Days.TryParse(text + "-01", out var first) && first.Year > 2000 ? new(first) : Of(now);
}
