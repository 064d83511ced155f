using Guerdon.Scim.Schemas;

namespace Guerdon.Scim.Queries;

internal enum ColumnKind
{
    Text,
    Instant,
    Flag,
    Id,
}

/// <summary>What an attribute is in SQL.</summary>
/// <param name="Sql">A column, or an expression.</param>
/// <param name="Kind">What it is.</param>
internal sealed record Column(string Sql, ColumnKind Kind)
{
    /// <summary>What ids are written with, before their 32 digits.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Its value as a text.</summary>
    public string Text => Kind == ColumnKind.Id ? $"('{Prefix}_' || replace({Sql}::text, '-', ''))" : Sql;
}

/// <summary>An attribute whose values are rows of another table.</summary>
/// <param name="From">The rows of one resource, up to the <c>where</c> that more is added to.</param>
/// <param name="Parts">Columns by the names of parts.</param>
internal sealed record RowSet(string From, IReadOnlyDictionary<string, Column> Parts);

/// <summary>How resources of a type lie in the database: as <c>r</c>.</summary>
/// <param name="Type">Of the resources.</param>
/// <param name="From">The table.</param>
/// <param name="Key">Its primary key, a uuid.</param>
/// <param name="Json">What of them is JSON, folded.</param>
/// <param name="Columns">Attributes that have columns, by their paths.</param>
/// <param name="RowSets">Attributes whose values are rows, by their names.</param>
internal sealed record ResourceTable(
    ResourceType Type, string From, string Key, string Json, IReadOnlyDictionary<string, Column> Columns,
    IReadOnlyDictionary<string, RowSet> RowSets)
{
    public static readonly ResourceTable Users = new(
        ResourceType.User, "scim.user r", "r.user_id", "r.folded",
        new Dictionary<string, Column>
        {
            ["id"] = new("r.user_id", ColumnKind.Id) { Prefix = ScimUserId.Prefix },
            ["userName"] = new("r.user_name", ColumnKind.Text),
            ["externalId"] = new("r.external_id", ColumnKind.Text),
            ["active"] = new("r.active", ColumnKind.Flag),
            ["meta.resourceType"] = new("'User'", ColumnKind.Text),
            ["meta.created"] = new("r.created_at", ColumnKind.Instant),
            ["meta.lastModified"] = new("r.changed_at", ColumnKind.Instant),
        },
        new Dictionary<string, RowSet>
        {
            ["groups"] = new(
                "scim.member m join scim.group o on o.group_id = m.group_id where m.user_id = r.user_id",
                new Dictionary<string, Column>
                {
                    ["value"] = new("m.group_id", ColumnKind.Id) { Prefix = ScimGroupId.Prefix },
                    ["display"] = new("o.folded_name", ColumnKind.Text),
                    ["type"] = new("'direct'", ColumnKind.Text),
                }),
        });

    public static readonly ResourceTable Groups = new(
        ResourceType.Group, "scim.group r", "r.group_id",
        $"jsonb_build_object('schemas', jsonb_build_array('{GroupSchema.Core.Id.ToLowerInvariant()}'))",
        new Dictionary<string, Column>
        {
            ["id"] = new("r.group_id", ColumnKind.Id) { Prefix = ScimGroupId.Prefix },
            ["displayName"] = new("r.folded_name", ColumnKind.Text),
            ["externalId"] = new("r.external_id", ColumnKind.Text),
            ["meta.resourceType"] = new("'Group'", ColumnKind.Text),
            ["meta.created"] = new("r.created_at", ColumnKind.Instant),
            ["meta.lastModified"] = new("r.changed_at", ColumnKind.Instant),
        },
        new Dictionary<string, RowSet>
        {
            [GroupSchema.Members] = new(
                "scim.member m join scim.user o on o.user_id = m.user_id where m.group_id = r.group_id", MemberParts),
        });

    /// <summary>Parts of members, of <c>scim.member m</c> and its user <c>o</c>.</summary>
    public static IReadOnlyDictionary<string, Column> MemberParts => new Dictionary<string, Column>
    {
        ["value"] = new("m.user_id", ColumnKind.Id) { Prefix = ScimUserId.Prefix },
        ["display"] = new("coalesce(o.folded ->> 'displayName', o.user_name)", ColumnKind.Text),
        ["type"] = new("'user'", ColumnKind.Text),
    };

    public Column? ColumnOf(AttributePath path) =>
        path.Extension is null ? Columns.GetValueOrDefault(path.ToString()) : null;

    public RowSet? RowsOf(AttributePath path) =>
        path.Extension is null ? RowSets.GetValueOrDefault(path.Attribute!.Name) : null;
}
