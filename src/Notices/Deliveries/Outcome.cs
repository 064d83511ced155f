namespace Guerdon.Notices.Deliveries;

/// <summary>How a try ended.</summary>
internal enum OutcomeKind
{
    Sent,

    /// <summary>Not tried, on purpose.</summary>
    Skipped,

    /// <summary>Refused for now: tried again.</summary>
    Later,

    /// <summary>The other side cannot be reached, or takes nothing from us: what else was taken waits too.</summary>
    Away,

    /// <summary>Refused for good.</summary>
    Never,
}

/// <summary>How a try ended, and why.</summary>
/// <param name="Kind">What follows.</param>
/// <param name="Reason">Codes and names of ours alone: what the other side says may hold addresses. Empty: sent.
/// </param>
internal readonly record struct Outcome(OutcomeKind Kind, string Reason)
{
    /// <summary>The longest reason that is saved.</summary>
    public const int MostReason = 200;

    public static Outcome Sent { get; } = new(OutcomeKind.Sent, "");
    public static Outcome Skipped(string reason) => new(OutcomeKind.Skipped, Cut(reason));
    public static Outcome Later(string reason) => new(OutcomeKind.Later, Cut(reason));
    public static Outcome Away(string reason) => new(OutcomeKind.Away, Cut(reason));
    public static Outcome Never(string reason) => new(OutcomeKind.Never, Cut(reason));

    private static string Cut(string reason) => reason.Length <= MostReason ? reason : reason[..MostReason];
}
