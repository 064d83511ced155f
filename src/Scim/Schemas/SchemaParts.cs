namespace Guerdon.Scim.Schemas;

/// <summary>Attributes of the usual kinds.</summary>
internal static class SchemaParts
{
    public static ScimAttribute Text(string name, string description) => new(name, AttributeType.Text, description);

    public static ScimAttribute Flag(string name, string description) => new(name, AttributeType.Boolean, description);

    public static ScimAttribute Link(string name, string description, params string[] to) =>
        new(name, AttributeType.Reference, description)
        {
            IsCaseExact = true, ReferenceTypes = to.Length == 0 ? ["external"] : to,
        };

    public static ScimAttribute Complex(string name, string description, params ScimAttribute[] parts) =>
        new(name, AttributeType.Complex, description) { Parts = parts };

    /// <summary>Several values, each with what it is called, what it is for, and whether it is the first
    /// choice.</summary>
    public static ScimAttribute Several(string name, string description, ScimAttribute value, params string[] types) =>
        Complex(name, description,
            value, Text("display", "As it is shown."),
            Text("type", "What it is for.") with { CanonicalValues = types },
            Flag("primary", "Whether it is the first choice.")) with
        { IsMulti = true };
}
