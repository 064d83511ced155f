using Guerdon.Storage;
using Npgsql;

namespace Guerdon.People.Employees;

/// <summary>
/// What opens something for a person ends with their last day of employment, which itself still counts; days are UTC.
/// It ends at once where the company's directory says so.
/// </summary>
public static class AccessEnd
{
    /// <summary>Where nodes hear whose last day changed: ids, with blanks between them. The table tells it.</summary>
    public const string Channel = "people_last_days";

    /// <summary>Where nodes hear whose access was ended or given back at once, for pages that are open.</summary>
    public const string PagesChannel = "people_access";

    /// <summary>Of some people those whose access was ended at once, whatever their last day.</summary>
    public static async Task<IReadOnlySet<PersonId>> EndedAsync(
        NpgsqlDataSource db, IReadOnlySet<PersonId> people, CancellationToken ct) =>
        (await db.ReadAsync(
            EndedSql, row => row.Id<PersonId>("person_id"), [people.Select(person => person.Value).ToArray()], ct))
        .ToHashSet();

    private const string EndedSql = "select person_id from people.access_end where person_id = any ($1)";

    /// <summary>The first moment that no longer counts.</summary>
    public static DateTimeOffset After(DateOnly lastDay) =>
        new(lastDay.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    /// <summary>Whether somebody's last day is over; never where none is known.</summary>
    public static bool IsOver(DateOnly? lastDay, DateTimeOffset now) => lastDay is { } day && After(day) <= now;

    /// <summary>When somebody's access ends: with their last day, or before it where it was ended at once; null: not as
    /// far as is known.</summary>
    /// <param name="lastDay">Of employment.</param>
    /// <param name="endedAt">When the directory ended it.</param>
    public static DateTimeOffset? Of(DateOnly? lastDay, DateTimeOffset? endedAt)
    {
        DateTimeOffset? after = lastDay is { } day ? After(day) : null;
        return endedAt is null || after < endedAt ? after : endedAt;
    }

    /// <summary>Those in a notification.</summary>
    public static IReadOnlySet<PersonId> Read(string payload)
    {
        var people = new HashSet<PersonId>();
        foreach (var text in payload.Split(' '))
            if (PersonId.TryParse(text, out var id)) people.Add(id);
        return people;
    }
}
