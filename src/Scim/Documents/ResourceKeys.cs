using Guerdon.Kernel;

namespace Guerdon.Scim.Documents;

/// <summary>Values that resources are found by.</summary>
internal static class ResourceKeys
{
    /// <summary>The longest, in characters: an index holds it.</summary>
    public const int MostChars = 256;

    /// <summary>Why one of them cannot be saved; null: all can.</summary>
    public static Refused? WhyNot(params ReadOnlySpan<(string Name, string? Value)> keys)
    {
        foreach (var (name, value) in keys)
            if (value?.Length > MostChars)
                return ScimRefusals.ValueInvalid.With(
                    $"{name} has {value.Length:#,0} characters; {MostChars} are the most.");
        return null;
    }
}
