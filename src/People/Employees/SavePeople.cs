using Guerdon.Kernel;
using Guerdon.People.Spans;
using Guerdon.People.Teams;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.People.Employees;

/// <summary>What an import does, or would do.</summary>
/// <param name="Changed">All who are new, or of whom something differs.</param>
internal readonly record struct Saved(
    int Created, int Updated, int Backdated, IReadOnlyList<EmailChange> EmailChanges,
    IReadOnlyCollection<Guid> Changed);

/// <summary>Writes checked rows in one transaction, all or none. The same rows again change nothing.</summary>
internal static class SavePeople
{
    private static readonly string Upsert = Sql.Read("People/Employees/UpsertPeople.sql");
    private static readonly string DropReplaced = Sql.Read("People/Identities/DropReplaced.sql");
    private static readonly string FindClashes = Sql.Read("People/Identities/FindClashes.sql");
    private static readonly string AddIdentities = Sql.Read("People/Identities/AddIdentities.sql");

    // Addresses that change are out of the way first, so that two people may swap theirs; to where nobody is.
    private const string Park = """
        update people.person set email = 'moving-' || gen_random_uuid() || '@moving.invalid' where person_id = any($1)
        """;

    /// <summary>Saves them in a transaction of its own.</summary>
    /// <param name="db">The database.</param>
    /// <param name="rows">Checked rows of one file.</param>
    /// <param name="errors">Takes what only the database can find; then nothing is saved.</param>
    /// <param name="keep">False: a rehearsal, the same statements without the commit.</param>
    /// <param name="by">Who imports them.</param>
    /// <param name="clock">For new ids, and which day it is.</param>
    /// <param name="ct">Cancels it as a whole.</param>
    public static async Task<Saved> RunAsync(
        NpgsqlDataSource db, IReadOnlyList<PersonRow> rows, RowErrors errors, bool keep, Actor by, TimeProvider clock,
        CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        var saved = await InTransactionAsync(connection, rows, errors, new Maker(by, clock.GetUtcNow()), ct);
        if (keep && errors.Count == 0) await transaction.CommitAsync(ct);
        return saved;
    }

    /// <summary>Steps: 1 lock, 2 whom each row means, 3 teams, 4 people, 5 what has a date of effect, 6 identities.
    /// </summary>
    /// <param name="connection">In a transaction, which the caller commits; it rolls back where there are errors.
    /// </param>
    /// <param name="rows">Checked rows of one file.</param>
    /// <param name="errors">Takes what only the database can find.</param>
    /// <param name="maker">Who saves them, and when.</param>
    /// <param name="ct">Cancels it as a whole.</param>
    public static async Task<Saved> InTransactionAsync(
        NpgsqlConnection connection, IReadOnlyList<PersonRow> rows, RowErrors errors, Maker maker, CancellationToken ct)
    {
        await Db.WithoutTimeLimitAsync(connection, ct); // a company in one file
        await Locks.InTransactionAsync(connection, PeopleWrites.Lock, ct); // 1
        var known = await KnownPeople.ReadAsync(connection, rows, ct); // 2
        var owners = RowOwners.Of(rows, known, () => Guid.CreateVersion7(maker.At), errors);
        if (errors.Count > 0) return default;

        await TeamTree.GrowAsync(connection, rows.Select(r => r.Team).Distinct(), maker.At, ct); // 3
        HashSet<Guid> written;
        try
        {
            written = await PeopleAsync(connection, rows, owners, ct); // 4
        }
        catch (PostgresException e) when (TakenAddresses.Are(e))
        {
            AddTaken(e, rows, errors);
            return default;
        }

        var (moved, backdated) = await SaveSpans.RunAsync(connection, rows, owners, known, maker, errors, ct); // 5
        var identified = await IdentitiesAsync(connection, rows, owners, errors, ct); // 6
        await Notify.InTransactionAsync(connection, PeopleDirectory.Changed, ct);
        var created = written.Where(id => !known.ById.ContainsKey(id)).ToHashSet();
        var updated = written.Union(moved).Union(identified).Where(id => !created.Contains(id)).ToHashSet();
        return new Saved(created.Count, updated.Count, backdated, owners.Changes, [.. created, .. updated]);
    }

    private static async Task<HashSet<Guid>> PeopleAsync(
        NpgsqlConnection connection, IReadOnlyList<PersonRow> rows, RowOwners owners, CancellationToken ct)
    {
        if (owners.Changes.Count > 0)
            await ExecuteAsync(connection, Park, [owners.Changes.Select(c => c.Person.Value).ToArray()], ct);
        return await IdsAsync(connection, Upsert, PersonArrays(owners.Ids, rows), ct);
    }

    // A blank leaves what is known, because absence from a file says nothing about it.
    private static async Task<HashSet<Guid>> IdentitiesAsync(
        NpgsqlConnection connection, IReadOnlyList<PersonRow> rows, RowOwners owners, RowErrors errors,
        CancellationToken ct)
    {
        var all = rows.Zip(owners.Ids).SelectMany(
            r => r.First.Identities.Select(i => (Person: r.Second, i.Kind, i.Value, r.First.Line))).ToList();
        object[] triple = [all.Select(i => i.Person).ToArray(), all.Select(i => i.Kind).ToArray(),
            all.Select(i => i.Value).ToArray()];
        await ExecuteAsync(connection, DropReplaced, triple, ct);
        await AddClashesAsync(connection, [.. triple, all.Select(i => i.Line).ToArray()], errors, ct);
        return await IdsAsync(connection, AddIdentities, triple, ct);
    }

    private static void AddTaken(PostgresException e, IReadOnlyList<PersonRow> rows, RowErrors errors)
    {
        foreach (var (email, owner) in TakenAddresses.Of(e))
            foreach (var row in rows.Where(row => row.Email == email))
                errors.Add(row.Line, PersonColumns.Email,
                    $"'{email}' is what {owner} signs in with; the row is {row.Name}. Write another address.");
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

    private static async Task AddClashesAsync(
        NpgsqlConnection connection, object[] values, RowErrors errors, CancellationToken ct)
    {
        await using var command = Command(connection, FindClashes, values);
        var clashes = await command.ReadAsync(
            row => (
                Line: row.Int4("line"), Kind: row.Text("kind"), Value: row.Text("value"), Owner: row.Text("email")),
            ct);
        foreach (var clash in clashes)
            errors.Add(clash.Line, clash.Kind,
                $"'{clash.Value}' is {clash.Owner}'s; give that person another in the same file.");
    }

    private static async Task<HashSet<Guid>> IdsAsync(
        NpgsqlConnection connection, string sql, object[] values, CancellationToken ct)
    {
        await using var command = Command(connection, sql, values);
        return [.. await command.ReadAsync(row => row.Uuid("person_id"), ct)];
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, object[] values, CancellationToken ct)
    {
        await using var command = Command(connection, sql, values);
        await command.ExecuteNonQueryAsync(ct);
    }

    // Without a time limit, since a whole company in one file takes long.
    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] values)
    {
        var command = Db.Command(connection, sql, values);
        command.CommandTimeout = 0;
        return command;
    }
}
