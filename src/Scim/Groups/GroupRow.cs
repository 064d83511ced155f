using Guerdon.Storage;

namespace Guerdon.Scim.Groups;

/// <summary>A group of the directory as it is saved, without its members.</summary>
/// <param name="Id">Given once.</param>
/// <param name="DisplayName">As the directory writes it.</param>
/// <param name="ExternalId">The directory's own id.</param>
/// <param name="Version">One more with each change, also of its members.</param>
/// <param name="CreatedAt">When it was first sent.</param>
/// <param name="ChangedAt">When it or its members were last changed.</param>
internal sealed record GroupRow(
    ScimGroupId Id, string DisplayName, string? ExternalId, long Version, DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt)
{
    /// <summary>What <see cref="Of"/> reads, of <c>scim.group r</c>.</summary>
    public const string Columns =
        "r.group_id, r.display_name, r.external_id, r.version, r.created_at, r.changed_at";

    public static GroupRow Of(Row row) => new(
        row.Id<ScimGroupId>("group_id"), row.Text("display_name"), row.TextOrNull("external_id"),
        row.Bigint("version"), row.Instant("created_at"), row.Instant("changed_at"));
}
