using Guerdon.Notices;
using Guerdon.Notices.Deliveries;

namespace Guerdon.Unit.Notices;

/// <summary>When a notice that could not be sent is tried again, and when no more.</summary>
public sealed class DeliveryTimesTests
{
    private static readonly NoticeOptions Options = new();
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(8, 128)]
    [InlineData(9, 240)]
    [InlineData(24, 240)]
    [InlineData(100, 240)]
    public void WaitAfter_Tries_DoublesUpToTheLongestLessAFifth(int tries, int minutes)
    {
        for (var i = 0; i < 200; i++)
        {
            var wait = DeliveryTimes.WaitAfter(tries, new(Guid.NewGuid()), Options);
            Assert.InRange(wait.TotalMinutes, minutes * 0.8, minutes);
        }
    }

    [Fact]
    public void WaitAfter_ManyNotices_DoNotComeBackTogether()
    {
        var waits = Enumerable.Range(0, 1_000)
            .Select(_ => DeliveryTimes.WaitAfter(3, new(Guid.NewGuid()), Options)).ToArray();
        Assert.True(waits.Distinct().Count() > 500);
        Assert.InRange(waits.Average(wait => wait.TotalMinutes), 3.5, 3.7);
    }

    [Fact]
    public void WaitAfter_LongestShorterThanFirst_IsTheFirst() => Assert.InRange(
        DeliveryTimes.WaitAfter(5, new(Guid.NewGuid()), Options with { LongestWait = TimeSpan.FromSeconds(1) })
            .TotalSeconds, 48, 60);

    [Fact]
    public void LeaseOf_WhatWasTaken_IsLongerThanAllTriesTogether() =>
        Assert.True(DeliveryTimes.LeaseOf(10, Options) > Options.TryWithin * 10);

    [Theory]
    [InlineData("Sent", 1, "sent")]
    [InlineData("Skipped", 1, "skipped")]
    [InlineData("Never", 1, "failed")]
    [InlineData("Later", 23, "waiting")]
    [InlineData("Later", 24, "failed")]
    [InlineData("Away", 23, "waiting")]
    [InlineData("Away", 24, "failed")]
    public void EndOf_Outcome_WaitsWhileThereAreTriesLeft(string outcome, int tries, string state)
    {
        var notice = new DueNotice(
            new(Guid.NewGuid()), tries, new(Guid.NewGuid()), "grant", "x", "Words.", Now, null, null, null,
            Now);
        var end = DeliveryTimes.EndOf(new(Enum.Parse<OutcomeKind>(outcome), "why"), notice, Now, Options);
        Assert.Equal(state, end.State);
        Assert.Equal(state == "sent" ? null : "why", end.Reason);
        Assert.Equal(state == "waiting", end.NextAt > Now);
    }

    [Fact]
    public void Outcome_LongReason_IsCutToWhatTheDatabaseTakes() =>
        Assert.Equal(200, Outcome.Later(new string('x', 500)).Reason.Length);
}
