using Guerdon.Kernel;
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

    public Dictionary<Guid, KnownPerson> ById { get; } = [];
    public Dictionary<string, KnownPerson> ByEmail { get; } = new(StringComparer.Ordinal);
    public Dictionary<Identity, Guid> ByIdentity { get; } = [];

    public static async Task<KnownPeople> ReadAsync(
        NpgsqlConnection connection, IReadOnlyList<PersonRow> rows, CancellationToken ct)
    {
        var known = new KnownPeople();
        var finding = rows.SelectMany(r => r.Finding).Distinct().ToArray();
        string[] kinds = [.. finding.Select(i => i.Kind)], values = [.. finding.Select(i => i.Value)];
        await using (var command = Command(connection, FindPeople,
            rows.Where(r => r.Id is not null).Select(r => r.Id!.Value.Value).ToArray(),
            rows.Select(r => r.Email).ToArray(), kinds, values))
        await using (var row = await command.ExecuteReaderAsync(ct))
            while (await row.ReadAsync(ct)) known.Add(new(row.GetGuid(0), row.GetString(1), row.GetString(2)));

        await using (var command = Command(connection, FindIdentities, kinds, values))
        await using (var row = await command.ExecuteReaderAsync(ct))
            while (await row.ReadAsync(ct))
                known.ByIdentity.Add(new(row.GetString(0), row.GetString(1)), row.GetGuid(2));
        return known;
    }

    public void Add(KnownPerson person)
    {
        ById.Add(person.Id, person);
        ByEmail.Add(person.Email, person);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
