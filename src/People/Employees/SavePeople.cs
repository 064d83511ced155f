using Npgsql;
using Stipend.Kernel;

namespace Stipend.People;

/// <summary>What an import does, or would do.</summary>
internal readonly record struct Saved(int Created, int Updated);

/// <summary>Writes checked rows in one transaction, all or none. The same rows again change nothing.</summary>
internal static class SavePeople
{
    private static readonly string Upsert = Sql.Read("People/Employees/UpsertPeople.sql");
    private static readonly string DropReplaced = Sql.Read("People/Identities/DropReplaced.sql");
    private static readonly string FindClashes = Sql.Read("People/Identities/FindClashes.sql");
    private static readonly string AddIdentities = Sql.Read("People/Identities/AddIdentities.sql");

    // Two imports at once would each see half of the other.
    private const string OneAtATime = "select pg_advisory_xact_lock(hashtextextended('people.import', 0))";

    // Told by the commit.
    private const string TellNodes = $"select pg_notify('{PeopleDirectory.Changed}', '')";

    /// <summary>Steps: 1 lock, 2 teams, 3 people, 4 identities, 5 commit, or roll back where it is a
    /// rehearsal.</summary>
    /// <param name="db">The database.</param>
    /// <param name="rows">Checked rows of one file.</param>
    /// <param name="errors">Takes what only the database can find; then nothing is kept.</param>
    /// <param name="keep">False: a rehearsal, the same statements without the commit.</param>
    /// <param name="clock">For new ids.</param>
    /// <param name="ct">Cancels it as a whole.</param>
    public static async Task<Saved> RunAsync(
        NpgsqlDataSource db, IReadOnlyList<PersonRow> rows, RowErrors errors, bool keep, TimeProvider clock,
        CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var now = clock.GetUtcNow();

        await ExecuteAsync(connection, "set local statement_timeout = 0", [], ct); // a company in one file
        await ExecuteAsync(connection, OneAtATime, [], ct); // 1
        await TeamTree.GrowAsync(connection, rows.Select(r => r.Team).Distinct(), now, ct); // 2

        var ids = rows.Select(_ => Guid.CreateVersion7(now)).ToArray(); // 3
        var written = await IdsAsync(connection, Upsert, PersonArrays(ids, rows), ct);

        var identities = Identities(rows); // 4
        object[] triple = [identities.Select(i => i.Email).ToArray(), identities.Select(i => i.Kind).ToArray(),
            identities.Select(i => i.Value).ToArray()];
        await ExecuteAsync(connection, DropReplaced, triple, ct);
        await AddClashesAsync(connection, [.. triple, identities.Select(i => i.Line).ToArray()], errors, ct);
        var identified = await IdsAsync(connection, AddIdentities, triple, ct);

        await ExecuteAsync(connection, TellNodes, [], ct); // 5
        if (keep && errors.Count == 0) await transaction.CommitAsync(ct);
        var created = written.Intersect(ids).ToHashSet();
        return new Saved(created.Count, written.Union(identified).Count(id => !created.Contains(id)));
    }

    private static object[] PersonArrays(Guid[] ids, IReadOnlyList<PersonRow> rows)
    {
        T[] Column<T>(Func<PersonRow, T> of) => [.. rows.Select(of)];
        return
        [
            ids, Column(r => r.Email), Column(r => r.Name), Column(r => r.Team), Column(r => r.Role),
            Column(r => r.Level), Column(r => r.Country), Column(r => r.CostCentre), Column(r => r.HiredOn),
            Column(r => r.LeftOn), Column(r => r.BasePayCents), Column(r => r.TotalPayCents), Column(r => r.Currency),
            Column(r => r.IsBot),
        ];
    }

    // A blank leaves what is known: absence from a file is no statement about it.
    private static List<(string Email, string Kind, string Value, int Line)> Identities(IReadOnlyList<PersonRow> rows)
    {
        var all = new List<(string, string, string, int)>();
        foreach (var row in rows)
        {
            if (row.GithubLogin is { } login) all.Add((row.Email, PersonColumns.GithubLogin, login, row.Line));
            if (row.ProviderUserId is { } user) all.Add((row.Email, PersonColumns.ProviderUserId, user, row.Line));
        }

        return all;
    }

    private static async Task AddClashesAsync(
        NpgsqlConnection connection, object[] values, RowErrors errors, CancellationToken ct)
    {
        await using var command = Command(connection, FindClashes, values);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            errors.Add(reader.GetInt32(0), reader.GetString(1),
                $"'{reader.GetString(2)}' is {reader.GetString(3)}'s; give that person another in the same file.");
    }

    private static async Task<HashSet<Guid>> IdsAsync(
        NpgsqlConnection connection, string sql, object[] values, CancellationToken ct)
    {
        var ids = new HashSet<Guid>();
        await using var command = Command(connection, sql, values);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) ids.Add(reader.GetGuid(0));
        return ids;
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, object[] values, CancellationToken ct)
    {
        await using var command = Command(connection, sql, values);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] values)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
