using Guerdon.Storage;
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
        var teams = await connection.ReadAsync(
            ReadAll, row => KeyValuePair.Create(row.Text("path"), row.Uuid("team_id")), [], ct);
        var ids = new Dictionary<string, Guid>(teams, StringComparer.Ordinal);
        var missing = WithAncestors(paths).Where(path => !ids.ContainsKey(path)).ToArray();
        if (missing.Length == 0) return;

        foreach (var path in missing) ids.Add(path, Guid.CreateVersion7(now));
        var parents = missing.Select(path => ParentOf(path) is { } parent ? ids[parent] : (Guid?)null);
        await connection.ExecuteAsync(
            Insert, [missing.Select(path => ids[path]).ToArray(), missing, parents.ToArray()], ct);
    }

    private static string? ParentOf(string path) => path.LastIndexOf('/') is > 0 and var end ? path[..end] : null;
}
