using System.Globalization;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Scim.Answers;

/// <summary>Versions of resources as HTTP has them: weak tags, since answers differ in what they show.</summary>
internal static class Versions
{
    public static string ETag(long version) => string.Create(CultureInfo.InvariantCulture, $"W/\"{version}\"");

    /// <summary>Why a change is refused that was asked for on the condition of a version; null: it is not.</summary>
    public static Refused? WhyNot(HttpRequest request, long version) =>
        WhyNot(request.Headers.IfMatch is { Count: > 0 } wanted ? wanted.ToString() : null, version);

    /// <summary>The same of the tags themselves; null: there is no condition.</summary>
    public static Refused? WhyNot(string? wanted, long version) => wanted is null || Names(wanted, version)
        ? null
        : ScimRefusals.VersionOther.With($"The resource has version {ETag(version)}.");

    /// <summary>Whether the caller has this version already.</summary>
    public static bool IsKnown(HttpRequest request, long version) =>
        request.Headers.IfNoneMatch is { Count: > 0 } known && Names(known.ToString(), version);

    private static bool Names(string tags, long version)
    {
        foreach (var tag in tags.Split(',', StringSplitOptions.TrimEntries))
            if (tag == "*" || tag == ETag(version) || $"W/{tag}" == ETag(version)) return true;
        return false;
    }
}
