using System.Text.Json.Nodes;
using Guerdon.Kernel;
using Guerdon.Scim.Documents;
using Guerdon.Scim.Patches;
using Guerdon.Scim.Schemas;

namespace Guerdon.Scim.Groups;

/// <summary>A group as it is to be saved.</summary>
/// <param name="DisplayName">As it was sent; null: it stays.</param>
/// <param name="SetsExternalId">Whether the directory's id changes.</param>
/// <param name="ExternalId">To what.</param>
/// <param name="Members">What is done to who the members are, in this order.</param>
internal sealed record GroupDraft(
    string? DisplayName, bool SetsExternalId, string? ExternalId, IReadOnlyList<MemberChange> Members)
{
    /// <summary>From the body of a POST or PUT. Members stay where it does not name any, and none are left where its
    /// list is empty.</summary>
    public static Result<GroupDraft> Read(JsonObject sent)
    {
        if (!ResourceReader.Read(ResourceType.Group, sent).Is(out var resource, out var refused)) return refused;
        MemberChange[] members = [];
        var list = sent.FirstOrDefault(member => ResourceType.Group.Resolve(member.Key) is
        { Part: null, Attribute.Name: GroupSchema.Members }).Value; // by whichever name that resolves
        if (list is not null)
        {
            var named = GroupPatch.MembersOf(list, mustExist: true);
            if (!named.Is(out var users, out var wrong)) return wrong;
            members = [new(MemberAction.Replace, users)];
        }

        return Checked(new(
            resource["displayName"]!.GetValue<string>(), true, resource["externalId"]?.GetValue<string>(), members));
    }

    /// <summary>From the operations of a PATCH.</summary>
    public static Result<GroupDraft> Read(IReadOnlyList<PatchOperation> operations) =>
        GroupPatch.Read(operations).Is(out var patch, out var refused)
            ? Checked(new(patch.DisplayName, patch.SetsExternalId, patch.ExternalId, patch.Members))
            : refused;

    private static Result<GroupDraft> Checked(GroupDraft draft) =>
        ResourceKeys.WhyNot(("displayName", draft.DisplayName), ("externalId", draft.ExternalId)) is { } refused
            ? refused : draft;
}
