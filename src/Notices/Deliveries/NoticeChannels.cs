using Guerdon.Kernel;

namespace Guerdon.Notices.Deliveries;

/// <summary>The channels that there are beside the page, as the database has them.</summary>
internal static class NoticeChannels
{
    public const string Email = "email", Webhook = "webhook";

    public static readonly IReadOnlyList<string> All = [Email, Webhook];

    /// <summary>Why a word names no channel, or null; null itself means any.</summary>
    public static Refused? Unknown(string? name) => name is null || All.Contains(name)
        ? null : NoticeRefusals.ChannelUnknown.With($"There is no channel '{name}'.");
}
