using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Scim.Groups;

/// <summary>Groups in the database. A change is one transaction that begins by writing the group's row: those of one
/// group come one after another, each whole.</summary>
internal sealed class GroupStore(NpgsqlDataSource db, TimeProvider clock)
{
    private const string ById = $"select {GroupRow.Columns} from scim.group r where r.group_id = $1";

    private const string Insert = """
        insert into scim.group (
            group_id, display_name, folded_name, external_id, version, created_at, changed_at)
        values ($1, $2, $3, $4, 1, $5, $5)
        on conflict do nothing
        """;

    private const string Update = $"""
        update scim.group r
           set display_name = coalesce($2, display_name), folded_name = coalesce($3, folded_name),
               external_id = case when $4 then $5 else external_id end, version = version + 1, changed_at = $6
         where group_id = $1
        returning {GroupRow.Columns}
        """;

    private const string Remove = "delete from scim.group r where r.group_id = $1";

    public Task<GroupRow?> FindAsync(ScimGroupId id, CancellationToken ct) =>
        db.FirstAsync(ById, GroupRow.Of, [id.Value], ct);

    public Task<Result<GroupRow>> CreateAsync(GroupDraft draft, ScimGroupId id, CancellationToken ct) =>
        Attempts.RunAsync(() => TryCreateAsync(draft, id, ct));

    private async Task<Result<GroupRow>> TryCreateAsync(GroupDraft draft, ScimGroupId id, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        var (now, name) = (clock.NowMicros(), draft.DisplayName!);
        if (await connection.ExecuteAsync(
            Insert, [id.Value, name, name.ToLowerInvariant(), draft.ExternalId, now], ct) == 0) return Taken(name);
        if (await ApplyAsync(connection, id, draft, now, ct) is { } refused) return refused;
        await transaction.CommitAsync(ct);
        return new GroupRow(id, name, draft.ExternalId, 1, now, now);
    }

    /// <summary>Changes a group and its members, all or nothing.</summary>
    /// <param name="id">Which.</param>
    /// <param name="draft">What it becomes.</param>
    /// <param name="mayBe">Why not, by the version that it had.</param>
    /// <param name="ct">Stops it.</param>
    public Task<Result<GroupRow>> ChangeAsync(
        ScimGroupId id, GroupDraft draft, Func<long, Refused?> mayBe, CancellationToken ct) =>
        Attempts.RunAsync(() => TryChangeAsync(id, draft, mayBe, ct));

    private async Task<Result<GroupRow>> TryChangeAsync(
        ScimGroupId id, GroupDraft draft, Func<long, Refused?> mayBe, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        var now = clock.NowMicros();
        GroupRow? row;
        try
        {
            row = await connection.FirstAsync(
                Update,
                GroupRow.Of,
                [id.Value, draft.DisplayName, draft.DisplayName?.ToLowerInvariant(), draft.SetsExternalId,
                    draft.ExternalId, now], ct);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return Taken(draft.DisplayName!);
        }

        if (row is null) return NoSuch($"{id}");
        if (mayBe(row.Version - 1) is { } other) return other;
        if (await ApplyAsync(connection, id, draft, now, ct) is { } refused) return refused;
        await transaction.CommitAsync(ct);
        return row;
    }

    /// <returns>Why not; null: the group is gone.</returns>
    public Task<Refused?> DeleteAsync(ScimGroupId id, Func<long, Refused?> mayBe, CancellationToken ct) =>
        Attempts.RunAsync(() => TryDeleteAsync(id, mayBe, ct));

    private async Task<Refused?> TryDeleteAsync(ScimGroupId id, Func<long, Refused?> mayBe, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        if (await connection.FirstAsync(ById + " for update", GroupRow.Of, [id.Value], ct) is not { } was)
            return NoSuch($"{id}");
        if (mayBe(was.Version) is { } refused) return refused;
        await connection.ExecuteAsync(Remove, [id.Value], ct);
        await transaction.CommitAsync(ct);
        return null;
    }

    public static Refused NoSuch(string id) =>
        ScimRefusals.NotFound.With($"There is no group {Wording.Shortened(id)}.");

    // A user who is deleted at the same time is gone for either.
    private static async Task<Refused?> ApplyAsync(
        NpgsqlConnection connection, ScimGroupId id, GroupDraft draft, DateTimeOffset now, CancellationToken ct)
    {
        try
        {
            return await MemberStore.ApplyAsync(connection, id, draft.Members, now, ct);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return ScimRefusals.ValueInvalid.With("members names a user who was just deleted.");
        }
    }

    private static Refused Taken(string name) =>
        ScimRefusals.NotUnique.With($"There is a group '{Wording.Shortened(name)}'.");
}
