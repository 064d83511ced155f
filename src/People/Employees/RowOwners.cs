namespace Guerdon.People.Employees;

/// <summary>An address that changed: a person is their id.</summary>
/// <param name="Person">Whose.</param>
/// <param name="Was">Before.</param>
/// <param name="Now">From now on.</param>
internal sealed record EmailChange(PersonId Person, string Was, string Now);

/// <summary>
/// Whom each row of a file means, no I/O. In this order: its <c>person_id</c>; an identity that finds the person, such
/// as <c>payroll_id</c>; its address, unless another row has that person. Who is found otherwise than by address gets
/// the row's address, which must be free or become free by another row.
/// </summary>
internal sealed class RowOwners
{
    private readonly List<EmailChange> _changes = [];

    private RowOwners(Guid[] ids) => Ids = ids;

    /// <summary>Row by row; ids of new people are new.</summary>
    public Guid[] Ids { get; }

    public IReadOnlyList<EmailChange> Changes => _changes;

    /// <param name="rows">Of one file, each address at most once.</param>
    /// <param name="known">Whom they can mean.</param>
    /// <param name="newId">Makes an id.</param>
    /// <param name="errors">Takes what does not fit.</param>
    public static RowOwners Of(IReadOnlyList<PersonRow> rows, KnownPeople known, Func<Guid> newId, RowErrors errors)
    {
        var found = rows.Select(row => ByIdOrIdentity(row, known, errors)).ToArray();
        var lines = new Dictionary<Guid, int>(); // of those who are meant
        for (var i = 0; i < rows.Count; i++)
            if (found[i] is { } id) OnlyOnce(lines, id, rows[i], known, errors);
        for (var i = 0; i < rows.Count; i++)
            if (found[i] is null && known.ByEmail.TryGetValue(rows[i].Email, out var person)
                && lines.TryAdd(person.Id, rows[i].Line)) found[i] = person.Id;

        var addresses = rows.Zip(found).Where(r => r.Second is not null)
            .GroupBy(r => r.Second!.Value).ToDictionary(g => g.Key, g => g.First().First.Email);
        var owners = new RowOwners([.. found.Select(id => id ?? newId())]);
        for (var i = 0; i < rows.Count; i++) owners.CheckAddress(rows[i], found[i], known, addresses, errors);
        return owners;
    }

    private static Guid? ByIdOrIdentity(PersonRow row, KnownPeople known, RowErrors errors)
    {
        if (row.Id is { } id)
        {
            if (known.ById.ContainsKey(id.Value)) return id.Value;
            errors.Add(row.Line, PersonColumns.PersonId,
                $"There is no person '{id}'; leave it blank for somebody who is new.");
            return null;
        }

        Guid? owner = null;
        foreach (var identity in row.Finding)
        {
            if (!known.ByIdentity.TryGetValue(identity, out var its)) continue;
            if (owner is { } other && other != its)
                errors.Add(row.Line, identity.Kind,
                    $"'{identity.Value}' is {known.ById[its].Named}'s, but another identity of the row is "
                    + $"{known.ById[other].Named}'s.");
            owner ??= its;
        }

        return owner;
    }

    private static void OnlyOnce(
        Dictionary<Guid, int> lines, Guid id, PersonRow row, KnownPeople known, RowErrors errors)
    {
        if (!lines.TryAdd(id, row.Line))
            errors.Add(row.Line, null, $"The row is {known.ById[id].Named}, whom line {lines[id]} has already.");
    }

    private void CheckAddress(
        PersonRow row, Guid? id, KnownPeople known, Dictionary<Guid, string> addresses, RowErrors errors)
    {
        var person = id is { } its ? known.ById[its] : null;
        if (person is not null && person.Email != row.Email)
            _changes.Add(new(new PersonId(person.Id), person.Email, row.Email));
        if (!known.ByEmail.TryGetValue(row.Email, out var holder) || holder.Id == id) return;
        if (addresses.TryGetValue(holder.Id, out var next) && next != row.Email) return; // it becomes free

        errors.Add(row.Line, PersonColumns.Email,
            $"'{row.Email}' is {holder.Named}'s; the row is {person?.Named ?? row.Name}. Give {holder.Name} another "
            + "address in the same file, or correct this one.");
    }
}
