using System.Globalization;

namespace Guerdon.Scim.Answers;

/// <summary>Times as SCIM writes them.</summary>
internal static class ScimInstant
{
    public static string Text(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
