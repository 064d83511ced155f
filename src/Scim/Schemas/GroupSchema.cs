using static Guerdon.Scim.Schemas.SchemaParts;

namespace Guerdon.Scim.Schemas;

/// <summary>What a group consists of (RFC 7643, 4.2). Its members are users.</summary>
internal static class GroupSchema
{
    public const string Members = "members";

    public static readonly ScimSchema Core = new(
        "urn:ietf:params:scim:schemas:core:2.0:Group", "Group", "A group of the directory.",
        [
            Text("displayName", "The group's name.") with { IsRequired = true, IsUnique = true },
            Complex(Members, "The users who are members.",
                Text("value", "The user's id.") with { IsCaseExact = true, Mutability = Mutability.Immutable },
                Link("$ref", "Where the user is.", "User") with { Mutability = Mutability.Immutable },
                Text("display", "The user's name.") with { Mutability = Mutability.ReadOnly },
                Text("type", "Always User.") with
                {
                    Mutability = Mutability.Immutable, CanonicalValues = ["User"],
                }) with { IsMulti = true },
        ]);
}
