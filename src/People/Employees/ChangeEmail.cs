using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.People.Employees;

/// <summary>
/// Gives a person another e-mail address. They stay who they are: id, wallet, keys and books. Their account follows,
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
        var (change, no) = await RunAsync(db, person, request.Email, ct);
        return change is null ? no!.ToProblem() : TypedResults.Ok(change);
    }

    /// <summary>Changes it, or says why not.</summary>
    public static async Task<(EmailChange? Change, Refused? No)> RunAsync(
        NpgsqlDataSource db, Person person, string? address, CancellationToken ct)
    {
        if (!EmailAddress.TryRead(address, out var email))
            return (null, PeopleRefusals.EmailInvalid.With($"'{address}' is no e-mail address."));

        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var alone = new NpgsqlCommand(SavePeople.OneAtATime, connection))
            await alone.ExecuteNonQueryAsync(ct);
        var was = (string)(await Command(connection, Find, person.Id.Value).ExecuteScalarAsync(ct))!;
        if (await HolderAsync(connection, person.Id, email, ct) is { } holder)
            return (null, Taken(email, holder, person));
        try
        {
            if (was != email) await Command(connection, Update, person.Id.Value, email).ExecuteNonQueryAsync(ct);
        }
        catch (PostgresException e) when (TakenAddresses.Are(e))
        {
            return (null, Taken(email, TakenAddresses.Of(e)[0].Owner, person));
        }

        await using (var tell = new NpgsqlCommand(SavePeople.TellNodes, connection))
            await tell.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        return (new EmailChange(person.Id, was, email), null);
    }

    private static async Task<string?> HolderAsync(
        NpgsqlConnection connection, PersonId person, string email, CancellationToken ct)
    {
        await using var row = await Command(connection, Holder, person.Value, email).ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? new KnownPerson(row.GetGuid(0), email, row.GetString(1)).Named : null;
    }

    private static Refused Taken(string email, string owner, Person person) => PeopleRefusals.EmailTaken.With(
        $"'{email}' is {owner}'s, so that {person.Name} ({person.Id}) cannot have it.");

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}

/// <summary>What the database says where accounts of others have addresses that people are to get.</summary>
internal static class TakenAddresses
{
    public static bool Are(PostgresException e) => e.SqlState == "ST003";

    public static IReadOnlyList<(string Email, string Owner)> Of(PostgresException e) =>
        [.. e.MessageText.Split('\n').Select(line => line.Split('\t', 2)).Select(p => (p[0], p[^1]))];
}
