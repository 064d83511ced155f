namespace Guerdon.Notices.Deliveries;

/// <summary>The ways that are switched off on purpose, by <c>Off=true</c>. A way that a node knows nothing of is left
/// as it is: another node may send by it.</summary>
/// <param name="Ways">Members of <see cref="NoticeWays"/>.</param>
internal sealed record NoticesOff(IReadOnlyList<string> Ways)
{
    public static NoticesOff None { get; } = new([]);
}
