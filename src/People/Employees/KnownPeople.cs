using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.People.Employees;

/// <summary>Somebody who is on file.</summary>
internal sealed record KnownPerson(Guid Id, string Email, string Name)
{
    /// <summary>As an error names them.</summary>
    public string Named => $"{Name} ({new PersonId(Id)})";
}

/// <summary>Whom the rows of a file can mean.</summary>
internal sealed class KnownPeople
{
    private static readonly string FindPeople = Sql.Read("People/Employees/FindKnown.sql");
    private static readonly string FindIdentities = Sql.Read("People/Employees/FindKnownIdentities.sql");

    private const string Find = "select person_id, email, name from people.v_person where person_id = $1 or email = $2";

    public Dictionary<Guid, KnownPerson> ById { get; } = [];
    public Dictionary<string, KnownPerson> ByEmail { get; } = new(StringComparer.Ordinal);
    public Dictionary<Identity, Guid> ByIdentity { get; } = [];

    public static async Task<KnownPeople> ReadAsync(
        NpgsqlConnection connection, IReadOnlyList<PersonRow> rows, CancellationToken ct)
    {
        var known = new KnownPeople();
        var finding = rows.SelectMany(r => r.Finding).Distinct().ToArray();
        string[] kinds = [.. finding.Select(i => i.Kind)], values = [.. finding.Select(i => i.Value)];
        var (managerIds, managerEmails) = ManagersOf(rows);
        Guid[] ids = [.. rows.Where(r => r.Id is not null).Select(r => r.Id!.Value.Value), .. managerIds];
        foreach (var person in await connection.ReadAsync(
            FindPeople, row => new KnownPerson(row.Uuid("person_id"), row.Text("email"), row.Text("name")),
            [ids, rows.Select(r => r.Email).Concat(managerEmails).ToArray(), kinds, values], ct))
            known.Add(person);
        foreach (var (identity, person) in await connection.ReadAsync(
            FindIdentities, row => (new Identity(row.Text("kind"), row.Text("value")), row.Uuid("person_id")),
            [kinds, values], ct))
            known.ByIdentity.Add(identity, person);
        return known;
    }

    /// <summary>Somebody by <c>prs_…</c> id or by address in any case; null: nobody.</summary>
    public static async Task<KnownPerson?> FindAsync(NpgsqlConnection at, string idOrEmail, CancellationToken ct)
    {
        if (idOrEmail.Contains('\0', StringComparison.Ordinal)) return null; // PostgreSQL has no such text
        var id = PersonId.TryParse(idOrEmail.Trim(), out var known) ? known.Value : Guid.Empty;
        return await at.FirstAsync(
            Find, row => new KnownPerson(row.Uuid("person_id"), row.Text("email"), row.Text("name")),
            [id, idOrEmail.Trim().ToLowerInvariant()], ct);
    }

    private static (HashSet<Guid> Ids, HashSet<string> Emails) ManagersOf(IReadOnlyList<PersonRow> rows)
    {
        var (ids, emails) = (new HashSet<Guid>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var row in rows)
        {
            if (row.Dated.ManagerText is not { Length: > 0 } text) continue;
            if (PersonId.TryParse(text, out var id)) ids.Add(id.Value);
            else emails.Add(text);
        }

        return (ids, emails);
    }

    public void Add(KnownPerson person)
    {
        ById.Add(person.Id, person);
        ByEmail.Add(person.Email, person);
    }
}
