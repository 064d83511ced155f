using System.Text.Json.Serialization;
using Guerdon.Kernel;

namespace Guerdon.Scim;

/// <summary>A user of the directory, who need not be a person of the company.</summary>
[JsonConverter(typeof(IdConverter<ScimUserId>))]
internal readonly record struct ScimUserId(Guid Value) : IId<ScimUserId>
{
    public static string Prefix => "usr";
    public static ScimUserId From(Guid value) => new(value);
    public static bool TryParse(string? text, out ScimUserId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>A group of the directory.</summary>
[JsonConverter(typeof(IdConverter<ScimGroupId>))]
internal readonly record struct ScimGroupId(Guid Value) : IId<ScimGroupId>
{
    public static string Prefix => "grp";
    public static ScimGroupId From(Guid value) => new(value);
    public static bool TryParse(string? text, out ScimGroupId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}
