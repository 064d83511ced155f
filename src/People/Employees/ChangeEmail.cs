using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.People.Employees;

/// <summary>
/// Gives a person another e-mail address. They stay who they are: id, wallet, keys and records. Their account follows,
/// where it had the address before, and whoever signs in with the new one becomes the person. Doing it again changes
/// nothing.
/// </summary>
internal static class ChangeEmail
{
    /// <param name="Email">The new address, in any case.</param>
    public sealed record Request(string? Email);

    private const string Find = "select person_id, email, name from people.v_person where person_id = $1";
    private const string Holder = "select person_id, name from people.v_person where email = $2 and person_id <> $1";
    private const string Update = "update people.person set email = $2 where person_id = $1";

    /// <summary>Changes it, or says why not.</summary>
    /// <param name="connection">In a transaction, which the caller commits, or rolls back where it is refused.</param>
    /// <param name="id">Whose.</param>
    /// <param name="email">The new address, lower-cased.</param>
    /// <param name="ct">Stops it.</param>
    internal static async Task<Result<EmailChange>> WriteAsync(
        NpgsqlConnection connection, PersonId id, string email, CancellationToken ct)
    {
        await Locks.InTransactionAsync(connection, PeopleWrites.Lock, ct);
        var person = await connection.SingleAsync(
            Find, row => new KnownPerson(row.Uuid("person_id"), row.Text("email"), row.Text("name")), [id.Value], ct);
        if (await HolderAsync(connection, id, email, ct) is { } holder) return Taken(email, holder, person);
        try
        {
            if (person.Email != email) await connection.ExecuteAsync(Update, [id.Value, email], ct);
        }
        catch (PostgresException e) when (TakenAddresses.Are(e))
        {
            return Taken(email, TakenAddresses.Of(e)[0].Owner, person);
        }

        await Notify.InTransactionAsync(connection, PeopleDirectory.Changed, ct);
        return new EmailChange(id, person.Email, email);
    }

    private static Task<string?> HolderAsync(
        NpgsqlConnection connection, PersonId person, string email, CancellationToken ct) =>
        connection.FirstAsync(
            Holder, row => new KnownPerson(row.Uuid("person_id"), email, row.Text("name")).Named,
            [person.Value, email], ct);

    private static Refused Taken(string email, string owner, KnownPerson person) => PeopleRefusals.EmailTaken.With(
        $"'{email}' is {owner}'s, so that {person.Named} cannot have it.");
}

/// <summary>What the database says where accounts of others have addresses that people are to get.</summary>
internal static class TakenAddresses
{
    public static bool Are(PostgresException e) => e.SqlState == "ST003";

    public static IReadOnlyList<(string Email, string Owner)> Of(PostgresException e) =>
        [.. e.MessageText.Split('\n').Select(line => line.Split('\t', 2)).Select(p => (p[0], p[^1]))];
}
