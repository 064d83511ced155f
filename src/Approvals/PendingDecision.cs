using Guerdon.Kernel;

namespace Guerdon.Approvals;

/// <summary>Something that waits to be decided.</summary>
/// <param name="Kind">What it is, in one word of its own: <c>run</c>, <c>claim</c>.</param>
/// <param name="Id">As whoever decides names it.</param>
/// <param name="Subject">What it is about, in words.</param>
/// <param name="Asked">Who asked, and whom it pays.</param>
/// <param name="AskedAt">When, to the microsecond.</param>
public sealed record PendingDecision(string Kind, string Id, string Subject, Asked Asked, DateTimeOffset AskedAt)
{
    /// <summary>What the decision names, where it names more than the id: 64 hexadecimal digits over all that is
    /// decided.</summary>
    public string? Digest { get; init; }

    /// <summary>The page where those who decide look at it; null: there is none.</summary>
    public string? Link { get; init; }

    /// <summary>The page where whoever asked for it, for themselves, sees it. Null: there is none, and whoever may not
    /// read all of the kind is not shown it.</summary>
    public string? AskersLink { get; init; }

    /// <summary>The command that shows it. It only reads: whoever decides has looked at it before.</summary>
    public required string Command { get; init; }

    /// <summary>The reader has said already what they have to say, such as a vote; it waits for others.</summary>
    public bool IsAnswered { get; init; }
}

/// <summary>Who reads the inbox.</summary>
/// <param name="Who">With the person whose account they have by now.</param>
/// <param name="SeesAll">Whether they may read all of the kind, rather than what is for them.</param>
public sealed record InboxReader(Actor Who, bool SeesAll)
{
    /// <summary>Whether it is works-council mode, so that they learn of nobody what they used.</summary>
    public bool IsGroupsOnly { get; init; }

    /// <summary>Of whom alone they read; null: everybody's.</summary>
    public Guid? Only => SeesAll ? null : Who.Person ?? Guid.Empty;
}

/// <summary>What waits of one kind. Implemented above, by whichever module owns it, from its own rows.</summary>
public interface IPendingDecisions
{
    /// <summary>The permission to read all of the kind. Which one deciding needs, each thing says itself.</summary>
    string Reads { get; }

    /// <summary>All that nobody decided, by whoever asked and when, the oldest first. To whoever may not read all of
    /// the kind only what is for them, however much of others waits.</summary>
    /// <param name="reader">Who reads: of some things it depends on the reader whether they are for them.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="ct">Stops it.</param>
    Task<IReadOnlyList<PendingDecision>> ListAsync(InboxReader reader, int most, CancellationToken ct);
}
