namespace Guerdon.People.Employees;

/// <summary>
/// What opens something for a person ends with their last day of employment, which itself still counts; days are UTC.
/// </summary>
public static class AccessEnd
{
    /// <summary>Where nodes hear whose last day changed: ids, with blanks between them. The table tells it.</summary>
    public const string Channel = "people_last_days";

    /// <summary>The first moment that no longer counts.</summary>
    public static DateTimeOffset After(DateOnly lastDay) =>
        new(lastDay.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    /// <summary>Whether somebody's last day is over; never where none is known.</summary>
    public static bool IsOver(DateOnly? lastDay, DateTimeOffset now) => lastDay is { } day && After(day) <= now;

    /// <summary>Those in a notification.</summary>
    public static IReadOnlySet<PersonId> Read(string payload)
    {
        var people = new HashSet<PersonId>();
        foreach (var text in payload.Split(' '))
            if (PersonId.TryParse(text, out var id)) people.Add(id);
        return people;
    }
}
