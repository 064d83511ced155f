namespace Guerdon.People.Spans;

/// <summary>Whom somebody reports to from a day on, until the person's next one; null: nobody.</summary>
internal readonly record struct Reporting(Guid Person, DateOnly StartsOn, Guid? Manager);

/// <summary>People who would be above themselves. No I/O.</summary>
internal static class ManagerLoops
{
    /// <summary>The first circle there is on any day, each reporting to the one after and the last to the first, with
    /// its first day; null: there is none.</summary>
    /// <param name="all">Of everybody; those of one person in the order of their days.</param>
    public static (DateOnly Day, IReadOnlyList<Guid> People)? Find(IEnumerable<Reporting> all)
    {
        var spans = all.GroupBy(r => r.Person).ToDictionary(g => g.Key, g => g.ToArray());
        // On its first day a circle has a link that begins then. So it is found by going up from each link on its day.
        foreach (var (person, day, manager) in spans.Values.SelectMany(of => of).OrderBy(r => r.StartsOn))
            if (manager is not null && From(person, day, spans) is { } circle) return (day, circle);
        return null;
    }

    private static List<Guid>? From(Guid person, DateOnly day, Dictionary<Guid, Reporting[]> spans)
    {
        var (path, seen) = (new List<Guid> { person }, new HashSet<Guid> { person });
        while (On(spans, path[^1], day) is { } next)
        {
            if (next == person) return path;
            if (!seen.Add(next)) return null; // another's circle, which is found from its own links
            path.Add(next);
        }

        return null;
    }

    // As a day before the first span is answered everywhere: by the first.
    private static Guid? On(Dictionary<Guid, Reporting[]> spans, Guid person, DateOnly day)
    {
        if (!spans.TryGetValue(person, out var of)) return null;
        var at = 0;
        for (var i = 1; i < of.Length && of[i].StartsOn <= day; i++) at = i;
        return of[at].Manager;
    }
}
