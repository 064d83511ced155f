using Guerdon.Kernel;

namespace Guerdon.Approvals.Inputs;

/// <summary>Since when people have what they have. What held then or was to come, and all that was applied since, is
/// what a proposal is compared with besides what it takes the place of: else a change for one is made of two for all.
/// </summary>
/// <param name="At">Versions that were applied by then hold for people.</param>
/// <param name="Day">From which day on.</param>
public readonly record struct HeldSince(DateTimeOffset At, DateOnly Day)
{
    /// <summary>So many days a version holds before it is what people have, where no grant says so.</summary>
    public const int Days = 31;

    /// <summary>Nobody had anything yet: every version is compared with, and nothing at all.</summary>
    public static readonly HeldSince Never = new(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.UtcDay());

    /// <summary>31 days ago.</summary>
    /// <param name="today">Today (UTC).</param>
    /// <param name="first">The first day of what is proposed, which may be earlier.</param>
    public static HeldSince Ago(DateOnly today, DateOnly first) =>
        new HeldSince(today.AddDays(-Days).UtcStart(), today.AddDays(-Days)).NotAfter(first);

    /// <summary>The same from another day on, where that is earlier.</summary>
    public HeldSince NotAfter(DateOnly first) => this with { Day = first < Day ? first : Day };
}

/// <summary>A version as it was applied, of a kind that has versions of a file.</summary>
/// <param name="Version">Its number.</param>
/// <param name="From">Its first day.</param>
/// <param name="AppliedAt">When it was applied.</param>
/// <param name="Yaml">The file.</param>
public readonly record struct InputRow(int Version, DateOnly From, DateTimeOffset AppliedAt, string Yaml);
