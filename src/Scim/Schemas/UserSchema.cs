using static Guerdon.Scim.Schemas.SchemaParts;

namespace Guerdon.Scim.Schemas;

/// <summary>What a user consists of (RFC 7643, 4.1 and 4.3).</summary>
internal static class UserSchema
{
    public const string Groups = "groups";

    public static readonly ScimSchema Core = new(
        "urn:ietf:params:scim:schemas:core:2.0:User", "User", "A user of the directory.",
        [
            Text("userName", "What the user signs in to the directory with.") with
            {
                IsRequired = true, IsUnique = true,
            },
            Complex("name", "The user's name.",
                Text("formatted", "The whole name."), Text("familyName", "The family name."),
                Text("givenName", "The given name."), Text("middleName", "Middle names."),
                Text("honorificPrefix", "What is put before it."), Text("honorificSuffix", "What is put after it.")),
            Text("displayName", "The name as it is shown."),
            Text("nickName", "What the user is called in passing."),
            Link("profileUrl", "A page about the user."),
            Text("title", "The user's title."),
            Text("userType", "What the user is to the company, such as Contractor."),
            Text("preferredLanguage", "The user's languages."),
            Text("locale", "Where the user is, for formats."),
            Text("timezone", "The user's time zone."),
            Flag("active", "Whether the user may sign in."),
            new("password", AttributeType.Text, "Taken without an error, and saved nowhere.")
            {
                Mutability = Mutability.WriteOnly, Returned = Returned.Never, IsCaseExact = true,
            },
            Several("emails", "E-mail addresses.", Text("value", "The address."), "work", "home", "other"),
            Several("phoneNumbers", "Telephone numbers.", Text("value", "The number."),
                "work", "home", "mobile", "fax", "pager", "other"),
            Several("ims", "Addresses of instant messages.", Text("value", "The address.")),
            Several("photos", "Pictures.", Link("value", "Where the picture is."), "photo", "thumbnail"),
            Complex("addresses", "Postal addresses.",
                Text("formatted", "The whole address."), Text("streetAddress", "Street and number."),
                Text("locality", "City."), Text("region", "State or region."), Text("postalCode", "Postal code."),
                Text("country", "Country."),
                Text("type", "What it is for.") with { CanonicalValues = ["work", "home", "other"] },
                Flag("primary", "Whether it is the first choice.")) with { IsMulti = true },
            Complex(Groups, "The groups that the user is a member of, which are changed at the group.",
                Text("value", "The group's id.") with
                {
                    IsCaseExact = true, Mutability = Mutability.ReadOnly,
                },
                Link("$ref", "Where the group is.", "Group") with { Mutability = Mutability.ReadOnly },
                Text("display", "The group's name.") with { Mutability = Mutability.ReadOnly },
                Text("type", "Always direct.") with
                {
                    Mutability = Mutability.ReadOnly, CanonicalValues = ["direct"],
                }) with { IsMulti = true, Mutability = Mutability.ReadOnly },
            Several("entitlements", "What the user is entitled to, for the directory's own use.",
                Text("value", "The entitlement.")),
            Several("roles", "The user's roles, for the directory's own use: roles of Guerdon come from groups.",
                Text("value", "The role.")),
            Several("x509Certificates", "Certificates.",
                new("value", AttributeType.Binary, "The certificate, in base64.") { IsCaseExact = true }),
        ]);

    public static readonly ScimSchema Enterprise = new(
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "EnterpriseUser",
        "What a company knows of a user.",
        [
            Text("employeeNumber", "The number that HR gave."),
            Text("costCenter", "The cost centre."),
            Text("organization", "The organization."),
            Text("division", "The division."),
            Text("department", "The department."),
            Complex("manager", "The user's manager.",
                Text("value", "The manager's id.") with { IsCaseExact = true },
                Link("$ref", "Where the manager is.", "User"),
                Text("displayName", "The manager's name.") with { Mutability = Mutability.ReadOnly }),
        ]);
}
