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

    /// <summary>The page where administrators look at it; null: there is none.</summary>
    public string? Link { get; init; }

    /// <summary>The page where whoever asked sees it, where that is another.</summary>
    public string? AskersLink { get; init; }

    /// <summary>The command that shows it, or decides what the inbox has shown whole.</summary>
    public required string Command { get; init; }

    /// <summary>The reader has said already what they have to say, such as a vote; it waits for others.</summary>
    public bool IsAnswered { get; init; }
}

/// <summary>What waits of one kind. Implemented above, by whichever module owns it, from its own rows.</summary>
public interface IPendingDecisions
{
    /// <summary>All that nobody decided, by whoever asked and when, the oldest first.</summary>
    /// <param name="reader">Who reads, with the person whose account they have: of some things it depends on the reader
    /// whether they are for them.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="ct">Stops it.</param>
    Task<IReadOnlyList<PendingDecision>> ListAsync(Actor reader, int most, CancellationToken ct);
}
