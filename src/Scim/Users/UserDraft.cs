using System.Text.Json;
using System.Text.Json.Nodes;
using Guerdon.Kernel;
using Guerdon.Scim.Documents;
using Guerdon.Scim.Schemas;
using Npgsql;
using NpgsqlTypes;

namespace Guerdon.Scim.Users;

/// <summary>A user as it is to be saved, with what it is found by.</summary>
/// <param name="Resource">Without <c>active</c>, which has a column.</param>
/// <param name="UserName">Folded.</param>
/// <param name="ExternalId">As the directory gave it.</param>
/// <param name="IsActive">Null: nobody says.</param>
internal sealed record UserDraft(JsonObject Resource, string UserName, string? ExternalId, bool? IsActive)
{
    /// <summary>Whether the request itself named <c>active</c>, also where it says what was so before.</summary>
    public bool SaysActive { get; init; }

    /// <summary>From the body of a POST or PUT.</summary>
    public static Result<UserDraft> Read(JsonObject sent) =>
        ResourceReader.Read(ResourceType.User, sent).Is(out var resource, out var refused)
            ? Of(resource).Select(draft => draft with { SaysActive = draft.IsActive is not null }) : refused;

    /// <summary>From a resource in the schema's form.</summary>
    public static Result<UserDraft> Of(JsonObject resource)
    {
        bool? active = resource["active"]?.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };
        resource.Remove("active");
        var (userName, externalId) = (Text(resource, "userName")!, Text(resource, "externalId"));
        if (ResourceKeys.WhyNot(("userName", userName), ("externalId", externalId)) is { } refused) return refused;
        return new UserDraft(resource, userName.ToLowerInvariant(), externalId, active);
    }

    /// <summary>Whether name and external id are what they were.</summary>
    public bool HasNamesOf(UserRow was) =>
        UserName == Text(was.Resource, "userName")?.ToLowerInvariant()
        && ExternalId == Text(was.Resource, "externalId");

    /// <summary>The primary e-mail address; null: none is.</summary>
    public string? PrimaryAddress => Emails.Where(ValueReader.IsPrimary).Select(AddressOf).FirstOrDefault();

    /// <summary>The addresses at work, and those of which nobody says where; the first hundred.</summary>
    public string[] WorkAddresses =>
    [
        .. Emails.Where(email => Text(email, "type")?.ToLowerInvariant() is null or "work")
            .Select(AddressOf).OfType<string>().Distinct().Take(100),
    ];

    private IEnumerable<JsonObject> Emails => (Resource["emails"] as JsonArray ?? []).OfType<JsonObject>();

    private static string? AddressOf(JsonObject email) => Text(email, "value")?.ToLowerInvariant();

    public NpgsqlParameter Json => Jsonb(Resource);

    public NpgsqlParameter FoldedJson => Jsonb(Folded.Of(ResourceType.User, Resource));

    private static NpgsqlParameter Jsonb(JsonObject value) =>
        new() { Value = value.ToJsonString(), NpgsqlDbType = NpgsqlDbType.Jsonb };

    private static string? Text(JsonObject resource, string name) => resource[name]?.GetValue<string>();
}
