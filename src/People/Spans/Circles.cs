using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.People.Spans;

/// <summary>A circle of managers, for people to read.</summary>
internal static class Circles
{
    private const string Names = """
        select p.name from unnest($1::uuid[]) with ordinality as r (person_id, place)
          join people.v_person p using (person_id) order by r.place
        """;

    public static async Task<IReadOnlyList<string>> NamesAsync(
        NpgsqlConnection connection, IReadOnlyList<Guid> people, CancellationToken ct) =>
        await connection.ReadAsync(Names, row => row.Text("name"), [people.ToArray()], ct);

    /// <summary>Ann reports to Bob, Bob to Cy, Cy to Ann.</summary>
    public static string InWords(DateOnly day, IReadOnlyList<string> names) =>
        $"From {day.Iso()} on these would be above themselves: "
        + string.Join(", ", names.Select((name, i) => $"{name} reports to {names[(i + 1) % names.Count]}")) + ".";
}
