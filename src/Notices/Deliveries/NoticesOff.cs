namespace Guerdon.Notices.Deliveries;

/// <summary>The channels that are switched off on purpose, by <c>Off=true</c>. One that a node knows nothing of is left
/// as it is: another node may send by it.</summary>
/// <param name="Channels">Members of <see cref="NoticeChannels"/>.</param>
internal sealed record NoticesOff(IReadOnlyList<string> Channels)
{
    public static NoticesOff None { get; } = new([]);
}
