using System.Security.Cryptography;
using System.Text;
using Guerdon.Ledger.Audit;
using Npgsql;

namespace Guerdon.Host.Database;

/// <summary>
/// What the application's role may do: read everything, append, change the columns that change, and delete where rows
/// are removed. It owns nothing, so it can switch no guard off, empty no table and rewrite no chain.
/// </summary>
internal static class Rights
{
    private static readonly string[] Schemas =
    [
        "kernel", "host", "ledger", "pricing", "people", "metering", "gateway", "compensation", "web", "scim",
        "approvals", "openid", "privacy",
    ];

    /// <summary>Gives the role its rights, and takes all others from it.</summary>
    /// <param name="owner">A connection of the owner's.</param>
    /// <param name="role">The application's role, which must exist.</param>
    /// <param name="isAgain">Also where the same was done before.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task EnsureAsync(NpgsqlConnection owner, string role, bool isAgain, CancellationToken ct)
    {
        var script = Script(Quoted(role));
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(script));
        await using var done = new NpgsqlCommand("""
            select exists (select from host.rights where role = $1 and script = $2)
               and has_schema_privilege($1, 'ledger', 'usage') and has_table_privilege($1, 'ledger.entry', 'insert')
            """, owner) { Parameters = { new() { Value = role }, new() { Value = digest } } };
        try
        {
            if (!isAgain && await done.ExecuteScalarAsync(ct) is true) return;
            await using var grant = new NpgsqlCommand(script, owner) { CommandTimeout = 0 };
            await grant.ExecuteNonQueryAsync(ct);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedObject)
        {
            throw new DatabaseSetupException(
                $"The server has no role {role}: make it with \"create role {role} login\", or name another in "
                + "GUERDON_DB.");
        }

        await using var note = new NpgsqlCommand("""
            insert into host.rights (role, script) values ($1, $2) on conflict (role) do update set script = $2
            """, owner) { Parameters = { new() { Value = role }, new() { Value = digest } } };
        await note.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Notes whose writes, beside the applications', verify takes for Guerdon's.</summary>
    public static async Task NoteOwnerAsync(NpgsqlConnection owner, CancellationToken ct)
    {
        await using var note = new NpgsqlCommand(
            "insert into host.rights (role, script) values (current_user, '') on conflict do nothing", owner);
        await note.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The statements, from the same lists that <c>verify</c> works by.</summary>
    internal static string Script(string role)
    {
        var all = string.Join(", ", Schemas);
        var script = new StringBuilder($"""
            grant usage on schema {all} to {role};
            revoke all on all tables in schema {all} from {role}, public;
            grant select on all tables in schema {all} to {role};
            grant select on all sequences in schema {all} to {role};
            alter default privileges in schema {all} grant select on tables to {role};
            revoke execute on function kernel.log_change(), kernel.log_batch() from {role}, public;

            """);
        foreach (var table in SchemaText.Own.Guarded)
        {
            script.Append($"grant insert on {Name(table.Name)} to {role};\n");
            string[] columns = [.. table.Changing, .. table.Passing];
            if (columns.Length > 0)
                script.Append($"grant update ({string.Join(", ", columns)}) on {Name(table.Name)} to {role};\n");
            if (table.Removable) script.Append($"grant delete on {Name(table.Name)} to {role};\n");
        }

        foreach (var table in OtherTables.All.Where(table => table.Rights.Length > 0))
            script.Append($"grant {table.Rights} on {Name(table.Name)} to {role};\n");
        return script.ToString();
    }

    private static string Name(string table) => table.Replace(".position", ".\"position\"", StringComparison.Ordinal);

    private static string Quoted(string role) => '"' + role.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
}
