using Npgsql;

namespace Guerdon.People.Teams;

/// <summary>The teams, a tree by path. A team exists from the first person in it or below it.</summary>
internal static class TeamTree
{
    private const string ReadAll = "select path, team_id from people.team";

    private const string Insert = """
        insert into people.team (team_id, path, parent_id) select * from unnest($1::uuid[], $2::text[], $3::uuid[])
        """;

    /// <summary>The paths and all paths above them, parents first.</summary>
    public static IReadOnlyList<string> WithAncestors(IEnumerable<string> paths)
    {
        var all = new SortedSet<string>(StringComparer.Ordinal); // a parent sorts before what begins with it
        foreach (var path in paths)
            for (var end = path.Length; end > 0 && all.Add(path[..end]); end = path.LastIndexOf('/', end - 1)) { }

        return [.. all];
    }

    /// <summary>Adds the teams that are missing, in the caller's transaction.</summary>
    public static async Task GrowAsync(
        NpgsqlConnection connection, IEnumerable<string> paths, DateTimeOffset now, CancellationToken ct)
    {
        var ids = new Dictionary<string, Guid>(StringComparer.Ordinal);
        await using (var read = new NpgsqlCommand(ReadAll, connection))
        await using (var reader = await read.ExecuteReaderAsync(ct))
            while (await reader.ReadAsync(ct)) ids.Add(reader.GetString(0), reader.GetGuid(1));

        var missing = WithAncestors(paths).Where(path => !ids.ContainsKey(path)).ToArray();
        if (missing.Length == 0) return;

        foreach (var path in missing) ids.Add(path, Guid.CreateVersion7(now));
        var parents = missing.Select(path => ParentOf(path) is { } parent ? ids[parent] : (Guid?)null);
        await using var insert = new NpgsqlCommand(Insert, connection)
        {
            Parameters =
            {
                new() { Value = missing.Select(path => ids[path]).ToArray() },
                new() { Value = missing },
                new() { Value = parents.ToArray() },
            },
        };
        await insert.ExecuteNonQueryAsync(ct);
    }

    private static string? ParentOf(string path) => path.LastIndexOf('/') is > 0 and var end ? path[..end] : null;
}
