using Guerdon.Kernel;

namespace Guerdon.Notices.Deliveries;

/// <summary>The ways that there are beside the page, as the database has them.</summary>
internal static class NoticeWays
{
    public const string Email = "email", Webhook = "webhook";

    public static readonly IReadOnlyList<string> All = [Email, Webhook];

    /// <summary>Why a word names no way, or null; so does null, which is any.</summary>
    public static Refused? Unknown(string? way) => way is null || All.Contains(way)
        ? null : NoticeRefusals.WayUnknown.With($"There is no way '{way}'.");
}
