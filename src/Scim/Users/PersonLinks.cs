using Guerdon.Kernel;
using Guerdon.People;
using Guerdon.People.Departures;
using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Scim.Users;

/// <summary>
/// Whose access a user of the directory opens: the person whom an identity of the kind <c>directory_id</c> names by the
/// user's externalId, else by its userName; else who has the userName for an address; else who has its primary or work
/// address. Several of one rank are nobody. By id ever after, unless such an identity names somebody else. Who is
/// deactivated or deleted loses access in the same commit, unless another active user is the same person's.
/// </summary>
internal sealed partial class PersonLinks(Leaving leaving, TimeProvider clock, ILogger<PersonLinks> log)
{
    /// <summary>Of identities that name a user by its externalId or userName.</summary>
    public const string Kind = "directory_id";

    /// <summary>Who says so, in records; the account is that of the token.</summary>
    private const string Directory = "the directory";

    private const string FoundSql = """
        with found as (
            select i.person_id, 0 as place from people.v_identity i where i.kind = $1 and i.value = $2
             union all
            select i.person_id, 1 from people.v_identity i where i.kind = $1 and i.value = $3
             union all
            select p.person_id, 2 from people.v_person p where p.email = $3
             union all
            select p.person_id, 3 from people.v_person p where p.email = $4
             union all
            select p.person_id, 4 from people.v_person p where p.email = any ($5))
        select distinct person_id, place from found where place = (select min(place) from found)
        """;

    // The last place that an identity has: it is HR's word on whose user it is.
    private const int Stated = 1;

    private const string LinkSql =
        "insert into scim.person_link (user_id, person_id, linked_at) values ($1, $2, $3) on conflict do nothing";

    private const string UnlinkSql = "delete from scim.person_link where user_id = $1";

    private const string PersonSql = "select person_id from scim.person_link where user_id = $1";

    private const string OtherActiveSql = """
        select exists (
            select from scim.person_link l
              join scim.user u on u.user_id = l.user_id
             where l.person_id = $2 and l.user_id <> $1 and u.active)
        """;

    private readonly ILogger _log = log;

    /// <summary>Links a user to a person, where there is one, and gives or takes their access as far as the request
    /// says so: who is only linked by it keeps what they have.</summary>
    /// <param name="connection">With the transaction that changed the user.</param>
    /// <param name="user">Whom.</param>
    /// <param name="draft">What the user is now.</param>
    /// <param name="wasActive">Before; null: the user is new.</param>
    /// <param name="by">Whose token the directory has.</param>
    /// <param name="ct">Stops it.</param>
    public async Task FollowAsync(
        NpgsqlConnection connection, ScimUserId user, UserDraft draft, bool? wasActive, Actor by, CancellationToken ct)
    {
        if (await LinkAsync(connection, user, draft, ct) is not { } person) return;
        if (draft.IsActive is true)
        {
            if (wasActive is not true)
                await leaving.ResumeAsync(connection, person, $"The directory activated {user}.", Of(by), ct);
        }
        else if (wasActive is not false || draft.SaysActive)
        {
            await EndAsync(connection, user, person, $"The directory deactivated {user}.", by, ct);
        }
    }

    /// <summary>Takes access before a user is deleted.</summary>
    public async Task GoAsync(NpgsqlConnection connection, UserRow was, Actor by, CancellationToken ct)
    {
        var person = UserDraft.Of(was.Whole()).Is(out var draft, out _)
            ? await LinkAsync(connection, was.Id, draft, ct) // who was imported since is linked first
            : await PersonAsync(connection, was.Id, ct);
        if (person is { } known)
            await EndAsync(connection, was.Id, known, $"The directory deleted {was.Id}.", by, ct);
    }

    private async Task<PersonId?> LinkAsync(
        NpgsqlConnection connection, ScimUserId user, UserDraft draft, CancellationToken ct)
    {
        var linked = await PersonAsync(connection, user, ct);
        var found = await connection.ReadAsync(
            FoundSql, row => (Person: row.Id<PersonId>("person_id"), Place: row.Int4("place")),
            [Kind, draft.ExternalId, draft.UserName, draft.PrimaryAddress, draft.WorkAddresses], ct);
        if (linked is not null && (found is not [{ Place: <= Stated } named] || named.Person == linked)) return linked;
        if (found.Count > 1) Log.Several(_log, user, found.Count);
        if (found is not [var one]) return null;
        if (linked is not null) await connection.ExecuteAsync(UnlinkSql, [user.Value], ct);
        await connection.ExecuteAsync(LinkSql, [user.Value, one.Person.Value, clock.NowMicros()], ct);
        return one.Person;
    }

    private static async Task<PersonId?> PersonAsync(
        NpgsqlConnection connection, ScimUserId user, CancellationToken ct) =>
        await connection.ScalarAsync<Guid?>(PersonSql, [user.Value], ct) is { } person ? new PersonId(person) : null;

    // Two users of one person who go at once each see what became of the other.
    private async Task EndAsync(
        NpgsqlConnection connection, ScimUserId user, PersonId person, string reason, Actor by, CancellationToken ct)
    {
        await Leaving.LockAsync(connection, ct);
        if (!await connection.ScalarAsync<bool>(OtherActiveSql, [user.Value, person.Value], ct))
            await leaving.EndAsync(connection, person, reason, Of(by), ct);
    }

    private static Actor Of(Actor by) => by with { Name = Directory };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning,
            Message = "{User} has addresses of {People} people, and is linked to none: give one of them an identity of "
                + "the kind directory_id.")]
        public static partial void Several(ILogger log, ScimUserId user, int people);
    }
}
