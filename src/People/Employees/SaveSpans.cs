using Guerdon.People.Spans;
using Npgsql;

namespace Guerdon.People.Employees;

/// <summary>
/// Writes what the rows of a file change of people, from the day that each row names or from today on. Who is new is so
/// from their first day.
/// </summary>
internal static class SaveSpans
{
    /// <summary>Steps: 1 who the managers are, 2 what each row changes, 3 write it, 4 no circle of managers, 5 what is
    /// true today.</summary>
    /// <param name="connection">In the import's transaction; everybody is on file.</param>
    /// <param name="rows">Of the file.</param>
    /// <param name="owners">Whom each means.</param>
    /// <param name="known">Who was on file before, managers included.</param>
    /// <param name="maker">Who imports, and when: the day for rows that name none.</param>
    /// <param name="errors">Takes what does not fit.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>Those of whom something changes, and how many of them from a day before today.</returns>
    public static async Task<(HashSet<Guid> People, int Backdated)> RunAsync(
        NpgsqlConnection connection, IReadOnlyList<PersonRow> rows, RowOwners owners, KnownPeople known,
        Maker maker, RowErrors errors, CancellationToken ct)
    {
        var today = maker.Today;
        var managers = ManagersOf(rows, owners, known, errors); // 1
        if (errors.Count > 0) return ([], 0);

        var spans = await SpanStore.ReadAsync(connection, owners.Ids, ct);
        var (changes, notes, backdated) = (new List<SpanChange>(), new List<SpanChange>(), 0);
        for (var i = 0; i < rows.Count; i++) // 2
        {
            var (id, row) = (owners.Ids[i], rows[i]);
            var (was, from) = (spans[id], FromOf(row, isNew: !known.ById.ContainsKey(id), today));
            var made = Made(id, was, row, from, managers[i]);
            if (made.Count == 0) continue;
            changes.Add(new SpanChange(id, was, made[^1].Now, made[0].From));
            if (!known.ById.ContainsKey(id)) continue;
            notes.AddRange(made);
            if (made.Any(change => change.From < today)) backdated++;
        }

        await SpanStore.WriteAsync(connection, changes, ct); // 3
        await SpanStore.NoteAsync(connection, notes, maker, ct);
        if (changes.Any(MayCloseCircle) && await SpanStore.CircleAsync(connection, ct) is { } circle) // 4
            await AddCircleAsync(connection, circle, rows, owners, errors, ct);
        var changed = changes.Select(c => c.Person).ToHashSet();
        if (changed.Count > 0) await SpanStore.BringToTodayAsync(connection, today, [.. changed], ct); // 5
        return (changed, backdated);
    }

    // What the row says, and then the leave, where it has days of its own.
    private static List<SpanChange> Made(
        Guid id, IReadOnlyList<PersonSpan> was, PersonRow row, DateOnly from, PersonId? manager)
    {
        var made = new List<SpanChange>(1);
        Change(from, until: null, row.Over(Timeline.On(was, from), manager));
        if (row.Dated.LeaveDays(from) is var (first, last))
            Change(first, last, row.Dated.OnLeave(Timeline.On(was, first)));
        return made;

        void Change(DateOnly day, DateOnly? until, Standing standing)
        {
            var now = Timeline.Change(was, day, until, standing);
            if (!ReferenceEquals(now, was)) made.Add(new SpanChange(id, was, now, day, until));
            was = now;
        }
    }

    private static DateOnly FromOf(PersonRow row, bool isNew, DateOnly today)
    {
        if (isNew) return row.HiredOn;
        var from = row.Dated.From ?? today;
        return from > row.HiredOn ? from : row.HiredOn;
    }

    private static PersonId?[] ManagersOf(
        IReadOnlyList<PersonRow> rows, RowOwners owners, KnownPeople known, RowErrors errors)
    {
        var byEmail = new Dictionary<string, Guid>(StringComparer.Ordinal);
        var inFile = owners.Ids.ToHashSet();
        // Whose addresses are by the file's own account; of all others, those they have.
        foreach (var (email, person) in known.ByEmail)
            if (!inFile.Contains(person.Id)) byEmail[email] = person.Id;
        for (var i = 0; i < rows.Count; i++) byEmail[rows[i].Email] = owners.Ids[i];

        var managers = new PersonId?[rows.Count];
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Dated.ManagerText is not { Length: > 0 } text) continue;
            var found = PersonId.TryParse(text, out var id)
                ? inFile.Contains(id.Value) || known.ById.ContainsKey(id.Value) ? id.Value : (Guid?)null
                : byEmail.TryGetValue(text, out var owner) ? owner : null;
            if (found is null)
                errors.Add(rows[i].Line, DatedCells.Manager, $"'{text}' is nobody on file, and nobody in this file.");
            else if (found == owners.Ids[i])
                errors.Add(rows[i].Line, DatedCells.Manager, "is the person of the row; nobody reports to themselves.");
            else managers[i] = new PersonId(found.Value);
        }

        return managers;
    }

    private static bool MayCloseCircle(SpanChange change) => change.Now.Any(span => span.Standing.Manager is not null);

    private static async Task AddCircleAsync(
        NpgsqlConnection connection, (DateOnly Day, IReadOnlyList<Guid> People) circle, IReadOnlyList<PersonRow> rows,
        RowOwners owners, RowErrors errors, CancellationToken ct)
    {
        var names = await Circles.NamesAsync(connection, circle.People, ct);
        var at = Array.FindIndex(owners.Ids, circle.People.Contains);
        errors.Add(at < 0 ? 0 : rows[at].Line, DatedCells.Manager, Circles.InWords(circle.Day, names));
    }
}
