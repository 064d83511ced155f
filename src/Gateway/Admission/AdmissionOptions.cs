using System.ComponentModel.DataAnnotations;

namespace Guerdon.Gateway.Admission;

/// <summary>
/// How escrow is drawn, held and returned. A dead node's escrow is back within lease and twice the heartbeat.
/// </summary>
public sealed record AdmissionOptions
{
    public const string Section = "Gateway:Admission";

    /// <summary>How long a node is taken to live after its last sign of life.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a node shows that it lives and looks for dead ones; at most a third of the lease.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long escrow that nobody uses is kept.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan ReturnAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many requests like the present one a draw is made for beyond it.</summary>
    [Range(0, 1_000)]
    public int DrawAhead { get; init; } = 8;

    /// <summary>The share of what is available that a draw takes ahead of need, at most one in this many.</summary>
    [Range(1, 1_000)]
    public int DrawAheadShare { get; init; } = 8;

    /// <summary>
    /// How long a request waits for tokens that others hold, before its output is cut short or it is refused.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan WaitForTokens { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// An output cap that is still worth having: it is granted at once, a lower one only after the wait.
    /// </summary>
    [Range(1, 1_000_000)]
    public long UsefulOutput { get; init; } = 4_096;

    /// <summary>What a caller is told to wait where tokens will return.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a request waits for the database when it must draw.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan DrawWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A call without a cap of its own may generate as much as its model can only where the wallet covers that so many
    /// times; else it is capped by what the person's answers from the model have lately been.
    /// </summary>
    [Range(1, 1_000)]
    public int UncappedRoom { get; init; } = 4;

    /// <summary>How long a request that waits for other nodes' escrow waits before it asks them again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:05")]
    public TimeSpan AskAgainAfter { get; init; } = TimeSpan.FromMilliseconds(200);
}
