using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.People.Employees;

/// <summary>
/// Gives a person another e-mail address. They stay who they are: id, wallet, keys and records. Their account follows,
/// where it had the address before. Doing it again changes nothing.
/// </summary>
public static class ChangeEmail
{
    /// <param name="Email">The new address, in any case.</param>
    public sealed record Request(string? Email);

    private const string Find = "select email from people.v_person where person_id = $1";
    private const string Holder = "select person_id, name from people.v_person where email = $2 and person_id <> $1";
    private const string Update = "update people.person set email = $2 where person_id = $1";

    internal static async Task<Results<Ok<EmailChange>, ProblemHttpResult>> Handle(
        string personOrEmail, Request request, PeopleDirectory people, NpgsqlDataSource db, CancellationToken ct)
    {
        if (await people.FindAsync(personOrEmail, ct) is not { } person)
            return PeopleRefusals.PersonNotFound.ToProblem($"There is no '{personOrEmail}'.");
        return (await RunAsync(db, person, request.Email, ct)).ToHttp();
    }

    /// <summary>Changes it, or says why not.</summary>
    public static async Task<Result<EmailChange>> RunAsync(
        NpgsqlDataSource db, Person person, string? address, CancellationToken ct)
    {
        if (!EmailAddress.TryRead(address, out var email))
            return PeopleRefusals.EmailInvalid.With($"'{address}' is not an e-mail address.");

        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await Locks.InTransactionAsync(connection, PeopleWrites.Lock, ct);
        var was = await connection.ScalarAsync<string>(Find, [person.Id.Value], ct)
            ?? throw new InvalidOperationException($"{person.Id} is gone, though people are never removed.");
        if (await HolderAsync(connection, person.Id, email, ct) is { } holder)
            return Taken(email, holder, person);
        try
        {
            if (was != email) await connection.ExecuteAsync(Update, [person.Id.Value, email], ct);
        }
        catch (PostgresException e) when (TakenAddresses.Are(e))
        {
            return Taken(email, TakenAddresses.Of(e)[0].Owner, person);
        }

        await Notify.InTransactionAsync(connection, PeopleDirectory.Changed, ct);
        await transaction.CommitAsync(ct);
        return new EmailChange(person.Id, was, email);
    }

    private static Task<string?> HolderAsync(
        NpgsqlConnection connection, PersonId person, string email, CancellationToken ct) =>
        connection.FirstAsync(
            Holder, row => new KnownPerson(row.Uuid("person_id"), email, row.Text("name")).Named,
            [person.Value, email], ct);

    private static Refused Taken(string email, string owner, Person person) => PeopleRefusals.EmailTaken.With(
        $"'{email}' is {owner}'s, so that {person.Name} ({person.Id}) cannot have it.");
}

/// <summary>What the database says where accounts of others have addresses that people are to get.</summary>
internal static class TakenAddresses
{
    public static bool Are(PostgresException e) => e.SqlState == "ST003";

    public static IReadOnlyList<(string Email, string Owner)> Of(PostgresException e) =>
        [.. e.MessageText.Split('\n').Select(line => line.Split('\t', 2)).Select(p => (p[0], p[^1]))];
}
