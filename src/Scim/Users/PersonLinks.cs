using Guerdon.Kernel;
using Guerdon.People;
using Guerdon.People.Departures;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Scim.Users;

/// <summary>
/// Whose access a user of the directory opens: the person who has its name or one of its addresses, or whom an identity
/// of the kind <c>directory_id</c> names; by id ever after. Who is deactivated or deleted loses access in the same
/// commit, unless another active user is the same person's.
/// </summary>
internal sealed class PersonLinks(Leaving leaving, TimeProvider clock)
{
    /// <summary>Of identities that name a user by its externalId or userName.</summary>
    public const string Kind = "directory_id";

    /// <summary>Who says so, in records.</summary>
    public static readonly Actor Directory = new("the directory", null);

    private const string LinkSql = """
        insert into scim.person_link (user_id, person_id, linked_at)
        select $1, p.person_id, $2
          from (select i.person_id, 0 as place from people.v_identity i
                 where i.kind = $3 and i.value = any ($4)
                 union all
                select o.person_id, 1 from people.v_person o where o.email = any ($5)
                 order by place limit 1) p
        on conflict do nothing
        """;

    private const string PersonSql = "select person_id from scim.person_link where user_id = $1";

    private const string OtherActiveSql = """
        select exists (
            select from scim.person_link l
              join scim.user u on u.user_id = l.user_id
             where l.person_id = $2 and l.user_id <> $1 and u.active)
        """;

    /// <summary>Links a user to a person, where there is one, and gives or takes their access as far as this changes
    /// it.</summary>
    /// <param name="connection">With the transaction that changed the user.</param>
    /// <param name="user">Whom.</param>
    /// <param name="draft">What the user is now.</param>
    /// <param name="wasActive">Before; null: the user is new.</param>
    /// <param name="ct">Stops it.</param>
    public async Task FollowAsync(
        NpgsqlConnection connection, ScimUserId user, UserDraft draft, bool? wasActive, CancellationToken ct)
    {
        var linked = await connection.ScalarAsync<Guid?>(PersonSql, [user.Value], ct);
        if (linked is null)
        {
            await connection.ExecuteAsync(
                LinkSql, [user.Value, clock.NowMicros(), Kind, draft.Identities, draft.Addresses], ct);
            linked = await connection.ScalarAsync<Guid?>(PersonSql, [user.Value], ct);
            wasActive = null; // what it says counts from now on
        }

        if (linked is not { } person || draft.IsActive == wasActive) return;
        if (draft.IsActive is true)
            await leaving.ResumeAsync(connection, new(person), $"The directory activated {user}.", Directory, ct);
        else await EndAsync(connection, user, person, $"The directory deactivated {user}.", ct);
    }

    /// <summary>The same before an active user is deleted.</summary>
    public async Task GoAsync(NpgsqlConnection connection, UserRow was, CancellationToken ct)
    {
        if (!UserDraft.Of(was.Whole()).Is(out var draft, out _)) return;
        await FollowAsync(connection, was.Id, draft, was.IsActive, ct); // who was imported since is linked first
        if (was.IsActive && await connection.ScalarAsync<Guid?>(PersonSql, [was.Id.Value], ct) is { } person)
            await EndAsync(connection, was.Id, person, $"The directory deleted {was.Id}.", ct);
    }

    private async Task EndAsync(
        NpgsqlConnection connection, ScimUserId user, Guid person, string reason, CancellationToken ct)
    {
        if (!await connection.ScalarAsync<bool>(OtherActiveSql, [user.Value, person], ct))
            await leaving.EndAsync(connection, new PersonId(person), reason, Directory, ct);
    }
}
