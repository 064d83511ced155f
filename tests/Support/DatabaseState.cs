using Npgsql;

namespace Guerdon.Tests;

/// <summary>All rows of a database, as a digest of each table: the same as before where nothing was written.</summary>
public static class DatabaseState
{
    private const string Tables = """
        select format('%I.%I', n.nspname, c.relname)
          from pg_class c
          join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p') and not c.relispartition
           and n.nspname not in ('pg_catalog', 'information_schema')
        """;

    /// <summary>What a server that runs writes where it refuses everything: its lease, and who was refused.</summary>
    public static readonly string[] OfAServer = ["gateway.node", "host.act", "host.act_head", "kernel.change"];

    /// <param name="db">Which.</param>
    /// <param name="ct">Stops it.</param>
    /// <param name="except">Tables that a node keeps writing by itself, with their schemas.</param>
    public static async Task<SortedDictionary<string, string>> ReadAsync(
        NpgsqlDataSource db, CancellationToken ct, params string[] except)
    {
        var state = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await using (var list = db.CreateCommand(Tables))
        await using (var row = await list.ExecuteReaderAsync(ct))
            while (await row.ReadAsync(ct)) state[row.GetString(0)] = "";
        foreach (var table in state.Keys.ToList())
        {
            if (except.Contains(table))
            {
                state.Remove(table);
                continue;
            }

            await using var digest = db.CreateCommand(
                $"select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) from {table} t");
            state[table] = (string)(await digest.ExecuteScalarAsync(ct))!;
        }

        return state;
    }
}
