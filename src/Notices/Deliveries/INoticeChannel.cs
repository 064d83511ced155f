using Guerdon.People;

namespace Guerdon.Notices.Deliveries;

/// <summary>A notice that is due by one channel.</summary>
/// <param name="Notice">Which.</param>
/// <param name="Tries">How many there are with this one.</param>
/// <param name="Person">Whom it tells.</param>
/// <param name="Kind">One of <see cref="NoticeKinds"/>, or of an earlier program's.</param>
/// <param name="Subject">The id of what it is about.</param>
/// <param name="Text">For the person.</param>
/// <param name="GivenAt">When it was given.</param>
/// <param name="Email">The person's address now; null: nobody is on file.</param>
/// <param name="LeftOn">The person's last day; null: none is set.</param>
/// <param name="ByEmail">What the person chose for this kind; null: nothing.</param>
/// <param name="LeasedUntil">Whoever took it has it until then, and is known by it.</param>
internal sealed record DueNotice(
    NoticeId Notice, int Tries, PersonId Person, string Kind, string Subject, string Text, DateTimeOffset GivenAt,
    string? Email, DateOnly? LeftOn, bool? ByEmail, DateTimeOffset LeasedUntil);

/// <summary>By which notices are sent: the interface to somebody else's server.</summary>
internal interface INoticeChannel
{
    /// <summary>As the database has it.</summary>
    string Name { get; }

    /// <summary>How many notices may be sent at once, from one node.</summary>
    int AtOnce { get; }

    /// <summary>How it ends without being sent: this person is not told by this channel, or cannot be; null: it is
    /// sent.</summary>
    Outcome? WithoutSending(DueNotice notice, DateOnly today);

    /// <summary>What one worker sends by, one notice after another.</summary>
    INoticeSession Open();
}

/// <summary>A connection, made when the first notice is sent, and again where it broke.</summary>
internal interface INoticeSession : IAsyncDisposable
{
    /// <summary>Sends one. What cannot be sent is an outcome.</summary>
    /// <exception cref="OperationCanceledException">It took too long, or the node stops.</exception>
    Task<Outcome> SendAsync(DueNotice notice, CancellationToken ct);
}
