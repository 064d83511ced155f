using System.Text.Json.Nodes;

namespace Guerdon.Scim.Answers;

/// <summary>What the service says of a resource (RFC 7643, 3.1).</summary>
internal static class ResourceMeta
{
    /// <param name="type">Its type's name.</param>
    /// <param name="made">When it was first sent.</param>
    /// <param name="changed">When it was last changed.</param>
    /// <param name="location">Where it is, in full.</param>
    /// <param name="version">How often it was written.</param>
    public static JsonObject Of(
        string type, DateTimeOffset made, DateTimeOffset changed, string location, long version) => new()
        {
            ["resourceType"] = type, ["created"] = ScimInstant.Text(made), ["lastModified"] = ScimInstant.Text(changed),
            ["location"] = location, ["version"] = Versions.ETag(version),
        };
}
