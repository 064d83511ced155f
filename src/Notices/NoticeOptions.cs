using System.ComponentModel.DataAnnotations;

namespace Guerdon.Notices;

/// <summary>How notices are sent by the channels that are set; where none is, they stand on the page alone.</summary>
internal sealed record NoticeOptions
{
    public const string Section = "Notices";

    /// <summary>How often each node looks for what is due.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one try may take: connecting, sending and being answered.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan TryWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a notice is tried by one channel before it counts as failed. With the waits as they stand, 24
    /// tries take two to three days.</summary>
    [Range(1, 100)]
    public int Tries { get; init; } = 24;

    /// <summary>How long after the first try the second follows; each further wait is twice as long.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest wait between two tries.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromHours(4);
}
