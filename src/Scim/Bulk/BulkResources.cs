using System.Text.Json.Nodes;
using Guerdon.Kernel;
using Guerdon.Scim.Answers;
using Guerdon.Scim.Groups;
using Guerdon.Scim.Patches;
using Guerdon.Scim.Schemas;
using Guerdon.Scim.Users;

namespace Guerdon.Scim.Bulk;

/// <summary>Does one operation, in a transaction of its own.</summary>
internal sealed class BulkResources(UserStore users, GroupStore groups)
{
    /// <param name="operation">With ids in it, and no bulkIds any more.</param>
    /// <param name="newId">The id of what it makes.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<BulkOutcome> RunAsync(BulkOperation operation, Guid newId, Actor by, CancellationToken ct)
    {
        string[] path = operation.Path.Trim('/').Split('/');
        var body = operation.Data ?? [];
        return (path, operation.Method) switch
        {
            (["Users"], "POST") => await CreateUserAsync(body, newId, by, ct),
            (["Groups"], "POST") => await CreateGroupAsync(body, newId, ct),
            (["Users", var id], "PUT" or "PATCH" or "DELETE") => await ChangeUserAsync(operation, body, id, by, ct),
            (["Groups", var id], "PUT" or "PATCH" or "DELETE") => await ChangeGroupAsync(operation, body, id, ct),
            (["Users" or "Groups"] or ["Users" or "Groups", _], _) => BulkOutcome.No(
                ScimRefusals.MethodNotServed.With(
                    $"{Wording.Shortened(operation.Method)} {Wording.Shortened(operation.Path)} is not served.")),
            _ => BulkOutcome.No(ScimRefusals.NotServed.With(
                $"There is nothing at '{Wording.Shortened(operation.Path)}'.")),
        };
    }

    /// <summary>Corrects a user's manager: whoever was to have one id has another, or is not there.</summary>
    public async Task PointAsync(string user, string from, string? to, Actor by, CancellationToken ct)
    {
        if (!ScimUserId.TryParse(user, out var id)) return;
        await users.ChangeAsync(id, by, was =>
        {
            if (was.Resource[UserSchema.Enterprise.Id]?["manager"]?["value"]?.GetValue<string>() != from)
                return UserDraft.Of(was.Whole());
            return PatchUser.Patched(was, [to is null ? new(PatchKind.Remove, "manager", null)
                : new(PatchKind.Replace, "manager", JsonValue.Create(to))]);
        }, ct);
    }

    private async Task<BulkOutcome> CreateUserAsync(JsonObject body, Guid id, Actor by, CancellationToken ct)
    {
        if (!UserDraft.Read(body).Is(out var draft, out var wrong)) return BulkOutcome.No(wrong);
        return Made(201, await users.CreateAsync(draft, new(id), by, ct));
    }

    private async Task<BulkOutcome> CreateGroupAsync(JsonObject body, Guid id, CancellationToken ct)
    {
        if (!GroupDraft.Read(body).Is(out var draft, out var wrong)) return BulkOutcome.No(wrong);
        return Made(201, await groups.CreateAsync(draft, new(id), ct));
    }

    private async Task<BulkOutcome> ChangeUserAsync(
        BulkOperation operation, JsonObject body, string id, Actor by, CancellationToken ct)
    {
        if (!ScimUserId.TryParse(id, out var user)) return BulkOutcome.No(UserStore.NoSuch(id));
        if (operation.Method == "DELETE")
            return Gone(
                await users.DeleteAsync(user, by, was => Versions.WhyNot(operation.Version, was.Version), ct));
        Func<UserRow, Result<UserDraft>> change;
        if (operation.Method == "PUT")
        {
            if (!UserDraft.Read(body).Is(out var draft, out var wrong)) return BulkOutcome.No(wrong);
            change = _ => draft;
        }
        else
        {
            if (!PatchOperation.ReadAll(body).Is(out var operations, out var wrong)) return BulkOutcome.No(wrong);
            change = was => PatchUser.Patched(was, operations);
        }

        return Made(200, await users.ChangeAsync(
            user, by, was => Versions.WhyNot(operation.Version, was.Version) is { } other ? other : change(was), ct));
    }

    private async Task<BulkOutcome> ChangeGroupAsync(
        BulkOperation operation, JsonObject body, string id, CancellationToken ct)
    {
        if (!ScimGroupId.TryParse(id, out var group)) return BulkOutcome.No(GroupStore.NoSuch(id));
        Refused? MayBe(long version) => Versions.WhyNot(operation.Version, version);
        if (operation.Method == "DELETE") return Gone(await groups.DeleteAsync(group, MayBe, ct));
        Result<GroupDraft> read;
        if (operation.Method == "PUT") read = GroupDraft.Read(body);
        else if (PatchOperation.ReadAll(body).Is(out var operations, out var wrong)) read = GroupDraft.Read(operations);
        else return BulkOutcome.No(wrong);
        return read.Is(out var draft, out var refused)
            ? Made(200, await groups.ChangeAsync(group, draft, MayBe, ct))
            : BulkOutcome.No(refused);
    }

    private static BulkOutcome Made(int status, Result<UserRow> user) => user.Is(out var row, out var refused)
        ? new(status, $"/Users/{row.Id}", row.Version) : BulkOutcome.No(refused);

    private static BulkOutcome Made(int status, Result<GroupRow> group) => group.Is(out var row, out var refused)
        ? new(status, $"/Groups/{row.Id}", row.Version) : BulkOutcome.No(refused);

    private static BulkOutcome Gone(Refused? refused) =>
        refused is null ? new(204, null, null) : BulkOutcome.No(refused);
}
