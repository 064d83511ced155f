namespace Guerdon.Notices.Deliveries;

/// <summary>When a notice that could not be sent is tried again. No I/O.</summary>
internal static class DeliveryTimes
{
    /// <summary>
    /// How long to wait after a number of tries: the first wait, doubled for each further try up to the longest, less
    /// up to a fifth. The fifth differs from notice to notice, so that those that failed together do not come back
    /// together; it is the same for the same notice and try, so that a test can say when.
    /// </summary>
    /// <param name="tries">How many there were; at least 1.</param>
    /// <param name="notice">Whose wait.</param>
    /// <param name="options">The first and the longest.</param>
    public static TimeSpan WaitAfter(int tries, NoticeId notice, NoticeOptions options)
    {
        var doublings = Math.Min(tries - 1, 30);
        var wait = Int128.Min(
            (Int128)options.FirstWait.Ticks << doublings,
            Math.Max(options.FirstWait.Ticks, options.LongestWait.Ticks));
        Span<byte> id = stackalloc byte[16];
        notice.Value.TryWriteBytes(id);
        var thousandths = (BitConverter.ToUInt32(id[12..]) + ((uint)tries * 7_919)) % 1_000;
        return TimeSpan.FromTicks((long)(wait - (wait * thousandths / 5_000)));
    }

    /// <summary>How long a sender has what it took: each of them may take its whole time, and the last answer must
    /// still be written.</summary>
    public static TimeSpan LeaseOf(int taken, NoticeOptions options) =>
        (options.TryWithin * taken) + TimeSpan.FromSeconds(20);

    /// <summary>What is written of a try: tried again while there are tries left, unless it was refused for good.
    /// </summary>
    public static DeliveryEnd EndOf(Outcome outcome, DueNotice notice, DateTimeOffset now, NoticeOptions options) =>
        outcome.Kind switch
        {
            OutcomeKind.Sent => new(DeliveryStates.Sent, null, now, now),
            OutcomeKind.Skipped => new(DeliveryStates.Skipped, outcome.Reason, now, now),
            OutcomeKind.Never => new(DeliveryStates.Failed, outcome.Reason, now, now),
            _ when notice.Tries >= options.Tries => new(DeliveryStates.Failed, outcome.Reason, now, now),
            _ => new(
                DeliveryStates.Waiting, outcome.Reason, now, now + WaitAfter(notice.Tries, notice.Notice, options)),
        };
}
