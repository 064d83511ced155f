using System.Text.Json;
using System.Text.Json.Nodes;
using Guerdon.Kernel;
using Guerdon.Scim.Documents;
using Guerdon.Scim.Filters;
using Guerdon.Scim.Schemas;

namespace Guerdon.Scim.Patches;

internal enum MemberAction
{
    Add,
    Remove,
    Replace,
}

/// <summary>A change of who the members of a group are.</summary>
/// <param name="Action">What is done with those named.</param>
/// <param name="Users">Who; those who are to be removed and were never there are left out.</param>
internal sealed record MemberChange(MemberAction Action, IReadOnlyList<ScimUserId> Users)
{
    /// <summary>In place of <see cref="Users"/>: the members that a filter chooses are removed.</summary>
    public Filter? Chosen { get; init; }
}

/// <summary>
/// What the operations of a PATCH do to a group. Members are rows, so nothing is read first, and changes that come at
/// the same time do not undo each other.
/// </summary>
internal sealed class GroupPatch
{
    /// <summary>The new name; null: it stays.</summary>
    public string? DisplayName { get; private set; }

    /// <summary>Whether the directory's id changes, to <see cref="ExternalId"/>.</summary>
    public bool SetsExternalId { get; private set; }

    public string? ExternalId { get; private set; }

    /// <summary>In their order.</summary>
    public List<MemberChange> Members { get; } = [];

    public static Result<GroupPatch> Read(IReadOnlyList<PatchOperation> operations)
    {
        var patch = new GroupPatch();
        foreach (var operation in operations)
            if (patch.Take(operation) is { } refused) return refused;
        return patch;
    }

    private Refused? Take(PatchOperation operation)
    {
        if (operation.Path is null)
        {
            if (operation.Value is not JsonObject values)
                return ScimRefusals.SyntaxInvalid.With("An operation without a path has no object as its value.");
            foreach (var (key, value) in values)
                if (ResourceType.Group.Resolve(key) is { Attribute.IsReadOnly: false, Part: null } at
                    && Put(at.Attribute, operation.Kind, value) is { } refused) return refused;
            return null;
        }

        if (!PatchPath.Read(ResourceType.Group, operation.Path).Is(out var path, out var wrong)) return wrong;
        if (path.At.Attribute is not { } attribute || attribute.IsReadOnly)
            return ScimRefusals.ReadOnly.With($"'{operation.Path}' is not yours to change.");
        if (path.Choice is { } choice) return Choose(path.At, choice, operation);
        if (path.At.Part is not null) // members.display and the like follow the users
            return ScimRefusals.ReadOnly.With($"{path.At} is not yours to change.");
        return operation.Kind == PatchKind.Remove && attribute.IsRequired
            ? ScimRefusals.ReadOnly.With($"{attribute.Name} always has a value.")
            : Put(attribute, operation.Kind, operation.Value);
    }

    private Refused? Put(ScimAttribute attribute, PatchKind kind, JsonNode? value)
    {
        if (attribute.Name == GroupSchema.Members) return PutMembers(kind, value);
        Refused? fault = null;
        var text = kind == PatchKind.Remove ? null
            : FilterMatch.TextOf(ValueReader.Read(attribute, value, ref fault));
        if (fault is not null) return fault;
        if (attribute.Name == "externalId") (SetsExternalId, ExternalId) = (true, text);
        else if (text is null) return ScimRefusals.ValueInvalid.With($"{attribute.Name} is empty.");
        else DisplayName = text;
        return null;
    }

    private Refused? PutMembers(PatchKind kind, JsonNode? value)
    {
        if (kind == PatchKind.Remove && value is null)
        {
            Members.Add(new(MemberAction.Replace, []));
            return null;
        }

        // An empty list empties the group; nothing at all is a mistake, and must not.
        if (value is null)
            return ScimRefusals.ValueInvalid.With("members has no value; an empty list leaves nobody in.");
        if (!MembersOf(value, mustExist: kind != PatchKind.Remove).Is(out var users, out var refused)) return refused;
        Members.Add(new(kind switch
        {
            PatchKind.Add => MemberAction.Add,
            PatchKind.Remove => MemberAction.Remove,
            _ => MemberAction.Replace,
        }, users));
        return null;
    }

    private Refused? Choose(AttributePath at, Filter choice, PatchOperation operation)
    {
        // Who a member is cannot change, and the rest follows the user.
        if (at.Part is not null) return ScimRefusals.ReadOnly.With($"{at} is not yours to change.");
        if (operation.Kind == PatchKind.Remove)
        {
            Members.Add(new(MemberAction.Remove, []) { Chosen = choice });
            return null;
        }

        // add members[value eq "usr_…"] names who is added; what else it may say of them follows the user.
        if (Filter.Equalities(choice)?.Where(one => one.Path.Part!.Name == "value").ToArray() is not [var named])
            return ScimRefusals.NoTarget.With($"'{operation.Path}' names nobody by value.");
        if (operation.Value is not null)
        {
            if (!MembersOf(operation.Value, mustExist: true).Is(out var users, out var refused)) return refused;
            if (users.Any(user => $"{user}" != named.Raw))
                return ScimRefusals.ValueInvalid.With($"'{operation.Path}' names another user than its value.");
        }

        return PutMembers(PatchKind.Add, new JsonArray(named.Raw));
    }

    /// <summary>Who is named: ids, or objects with one as their value.</summary>
    /// <param name="value">One or several.</param>
    /// <param name="mustExist">Whether an id that no user can have is refused; else it names nobody.</param>
    public static Result<ScimUserId[]> MembersOf(JsonNode? value, bool mustExist)
    {
        var users = new List<ScimUserId>();
        var sent = value switch
        {
            null => [],
            JsonArray list => [.. list],
            _ => (IReadOnlyList<JsonNode?>)[value],
        };
        for (var i = 0; i < sent.Count; i++)
        {
            var one = sent[i] is JsonObject parts ? ValueReader.Named(parts, "value") : sent[i];
            if (one?.GetValueKind() != JsonValueKind.String || one.GetValue<string>().Length == 0)
                return ScimRefusals.ValueInvalid.With($"members[{i}] has no value.");
            if (ScimUserId.TryParse(one.GetValue<string>(), out var id)) users.Add(id);
            else if (mustExist)
                return ScimRefusals.ValueInvalid.With(
                    $"members[{i}] is '{Wording.Shortened(one.GetValue<string>())}', who is no user.");
        }

        return users.ToArray();
    }
}
