using System.Text.Json.Nodes;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Scim.Users;

/// <summary>Users in the database. A change is one transaction that holds the user's row.</summary>
internal sealed class UserStore(NpgsqlDataSource db, PersonLinks people, TimeProvider clock)
{
    private const string ById = $"select {UserRow.Columns} from scim.user r where r.user_id = $1";

    // Not for update, which would wait for whoever is just made a member: a member's row refers to the user's.
    private const string Locked = ById + " for no key update";

    private const string LockedToGo = ById + " for update";

    // In their order, so that two users who go at once do not wait for each other.
    private const string LockGroups = """
        select r.group_id from scim.group r
         where r.group_id in (select m.group_id from scim.member m where m.user_id = $1)
         order by r.group_id
           for no key update
        """;

    private const string CountInGroups = """
        update scim.group r set version = version + 1, changed_at = $2
         where r.group_id in (select m.group_id from scim.member m where m.user_id = $1)
        """;

    private const string Insert = """
        insert into scim.user (
            user_id, user_name, external_id, active, resource, folded, version, created_at, changed_at)
        values ($1, $2, $3, $4, $5, $6, 1, $7, $7)
        on conflict do nothing
        """;

    // Somebody who was deactivated and comes back: the directory's own id says that it is the same one. By name only
    // where neither has such an id, since names are handed on.
    private const string Returning = $"""
        select {UserRow.Columns} from scim.user r
         where not r.active and (r.external_id = $2 or (r.user_name = $1 and $2::text is null
               and r.external_id is null))
           for no key update
        """;

    private const string Update = """
        update scim.user
           set user_name = $2, external_id = $3, active = $4, resource = $5, folded = $6, version = version + 1,
               changed_at = $7
         where user_id = $1
        """;

    // Without the columns that are unique: naming them in an update waits for whoever refers to the row, also where
    // they stay as they were.
    private const string UpdateOthers = """
        update scim.user
           set active = $2, resource = $3, folded = $4, version = version + 1, changed_at = $5
         where user_id = $1
        """;

    private const string Remove = "delete from scim.user where user_id = $1";

    public Task<UserRow?> FindAsync(ScimUserId id, CancellationToken ct) =>
        db.FirstAsync(ById, UserRow.Of, [id.Value], ct);

    /// <summary>Saves a new user, or gives one who was deactivated their place again.</summary>
    /// <param name="draft">Whom.</param>
    /// <param name="id">The id of somebody new.</param>
    /// <param name="by">Who says so.</param>
    /// <param name="ct">Stops it.</param>
    public Task<Result<UserRow>> CreateAsync(UserDraft draft, ScimUserId id, Actor by, CancellationToken ct) =>
        Attempts.RunAsync(() => TryCreateAsync(draft, id, by, ct));

    private async Task<Result<UserRow>> TryCreateAsync(
        UserDraft draft, ScimUserId id, Actor by, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        var now = clock.NowMicros();
        var active = draft.IsActive ?? true;
        var inserted = await connection.ExecuteAsync(
            Insert,
            [id.Value, draft.UserName, draft.ExternalId, active, draft.Json, draft.FoldedJson, now], ct);
        if (inserted == 1)
        {
            await people.FollowAsync(connection, id, draft with { IsActive = active }, wasActive: null, by, ct);
            await transaction.CommitAsync(ct);
            return new UserRow(id, draft.Resource, active, 1, now, now);
        }

        // Who is to be inactive does not come back, and is there already.
        if (!active) return Taken(draft);
        if (await connection.FirstAsync(Returning, UserRow.Of, [draft.UserName, draft.ExternalId], ct) is not { } was)
            return Taken(draft);
        return await SaveAsync(transaction, was, draft with { IsActive = active }, (now, by), ct);
    }

    /// <summary>Changes a user, in whatever way; nothing is written where nothing differs.</summary>
    /// <param name="id">Whom.</param>
    /// <param name="by">Who says so.</param>
    /// <param name="change">What the user becomes, or why not, from what they are.</param>
    /// <param name="ct">Stops it.</param>
    public Task<Result<UserRow>> ChangeAsync(
        ScimUserId id, Actor by, Func<UserRow, Result<UserDraft>> change, CancellationToken ct) =>
        Attempts.RunAsync(() => TryChangeAsync(id, by, change, ct));

    private async Task<Result<UserRow>> TryChangeAsync(
        ScimUserId id, Actor by, Func<UserRow, Result<UserDraft>> change, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        if (await connection.FirstAsync(Locked, UserRow.Of, [id.Value], ct) is not { } was) return NoSuch($"{id}");
        if (!change(was).Is(out var draft, out var refused)) return refused;
        draft = draft with { IsActive = draft.IsActive ?? was.IsActive };
        if (draft.IsActive != was.IsActive || !JsonNode.DeepEquals(draft.Resource, was.Resource))
            return await SaveAsync(transaction, was, draft, (clock.NowMicros(), by), ct);
        if (draft is { SaysActive: true, IsActive: false })
        {
            // Said again, it counts again: somebody may have declined it since.
            await people.FollowAsync(connection, id, draft, was.IsActive, by, ct);
            await transaction.CommitAsync(ct);
        }

        return was;
    }

    /// <returns>Why not; null: the user is gone.</returns>
    public Task<Refused?> DeleteAsync(
        ScimUserId id, Actor by, Func<UserRow, Refused?> mayBe, CancellationToken ct) =>
        Attempts.RunAsync(() => TryDeleteAsync(id, by, mayBe, ct));

    private async Task<Refused?> TryDeleteAsync(
        ScimUserId id, Actor by, Func<UserRow, Refused?> mayBe, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        if (await connection.FirstAsync(LockedToGo, UserRow.Of, [id.Value], ct) is not { } was)
            return NoSuch($"{id}");
        if (mayBe(was) is { } refused) return refused;
        await people.GoAsync(connection, was, by, ct);
        await connection.ExecuteAsync(LockGroups, [id.Value], ct);
        await connection.ExecuteAsync(CountInGroups, [id.Value, clock.NowMicros()], ct); // they have a member less
        await connection.ExecuteAsync(Remove, [id.Value], ct);
        await transaction.CommitAsync(ct);
        return null;
    }

    public static Refused NoSuch(string id) =>
        ScimRefusals.NotFound.With($"There is no user {Wording.Shortened(id)}.");

    private async Task<Result<UserRow>> SaveAsync(
        NpgsqlTransaction transaction, UserRow was, UserDraft draft, (DateTimeOffset Now, Actor By) made,
        CancellationToken ct)
    {
        var (connection, now) = (transaction.Connection!, made.Now);
        try
        {
            if (draft.HasNamesOf(was))
                await connection.ExecuteAsync(
                    UpdateOthers, [was.Id.Value, draft.IsActive, draft.Json, draft.FoldedJson, now], ct);
            else
                await connection.ExecuteAsync(
                    Update,
                    [was.Id.Value, draft.UserName, draft.ExternalId, draft.IsActive, draft.Json, draft.FoldedJson, now],
                    ct);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return Taken(draft);
        }

        await people.FollowAsync(connection, was.Id, draft, was.IsActive, made.By, ct);
        await transaction.CommitAsync(ct);
        return was with
        {
            Resource = draft.Resource,
            IsActive = draft.IsActive!.Value,
            Version = was.Version + 1,
            ChangedAt = now,
        };
    }

    private static Refused Taken(UserDraft draft) => ScimRefusals.NotUnique.With(
        draft.ExternalId is null
            ? $"There is a user with the userName '{draft.UserName}'."
            : $"There is a user with the userName '{draft.UserName}' or the externalId '{draft.ExternalId}'.");
}
