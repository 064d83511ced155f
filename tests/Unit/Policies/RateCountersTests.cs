using Guerdon.Ledger;
using Guerdon.Policies;
using Guerdon.Unit.Dialects;

namespace Guerdon.Unit.Policies;

public sealed class RateCountersTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);
    private static readonly WalletId Ada = new(new Guid(1, 0, 0, new byte[8]));
    private static readonly WalletId Bo = new(new Guid(2, 0, 0, new byte[8]));

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Start;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Now.UtcTicks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    }

    private static RateRule Rule(
        long? requests = null, long? tokens = null, RateScope per = RateScope.Person, string[]? models = null) =>
        new(1, per, models ?? [], requests, tokens, TimeSpan.FromMinutes(1));

    // Whoever is let pass goes out and uses so many tokens at once.
    private static bool Pass(RateCounters counters, RateRule rule, WalletId wallet, string model = "m", long used = 0)
    {
        counters.Take([rule], wallet, model, Make.Price(model: model), used).Is(out var ticket, out var refused);
        ticket?.NoteUsed(used);
        ticket?.Dispose();
        return refused is null;
    }

    [Fact]
    public void Take_AnyTraffic_NeverPassesTheLimitInAnyWindowAndRetryAfterIsKept()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var chance = new Random(seed);
            var clock = new Clock();
            var (counters, rule) = (new RateCounters(clock), Rule(requests: chance.Next(1, 25)));
            var passed = new List<DateTimeOffset>();
            var promised = DateTimeOffset.MinValue;
            for (var call = 0; call < 400; call++)
            {
                clock.Now += TimeSpan.FromMilliseconds(chance.Next(0, chance.Next(2) == 0 ? 200 : 6_000));
                counters.Take([rule], Ada, "m", Make.Price(), 0).Is(out var ticket, out var refused);
                var wait = refused?.RetryAfter ?? TimeSpan.Zero;
                ticket?.NoteSent();
                ticket?.Dispose();
                if (refused is null) passed.Add(clock.Now);
                else Assert.InRange(wait, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(61));
                Assert.False(refused is not null && clock.Now >= promised && promised > DateTimeOffset.MinValue,
                    "It was told to come back by now.");
                promised = refused is null ? DateTimeOffset.MinValue : clock.Now + wait;
            }

            for (var first = 0; first < passed.Count; first++)
                Assert.InRange(
                    passed.Count(at => at >= passed[first] && at < passed[first].AddMinutes(1)), 1,
                    rule.Requests!.Value);
            Assert.True(passed.Count > rule.Requests, "Nothing came free.");
        }
    }

    [Fact]
    public void Take_AfterTheWindow_IsWholeAgain()
    {
        var clock = new Clock();
        var (counters, rule) = (new RateCounters(clock), Rule(requests: 3));
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => Pass(counters, rule, Ada)));
        clock.Now += TimeSpan.FromSeconds(59);
        Assert.False(Pass(counters, rule, Ada));
        clock.Now += TimeSpan.FromSeconds(2);
        Assert.True(Pass(counters, rule, Ada));
        clock.Now += TimeSpan.FromDays(100);
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => Pass(counters, rule, Ada)));
    }

    [Theory]
    [InlineData(0, true, false)]
    [InlineData(1, false, true)]
    [InlineData(2, true, true)]
    public void Take_Scope_CountsWhatBelongsTogether(int per, bool otherPerson, bool otherModel)
    {
        var (counters, rule) = (new RateCounters(new Clock()), Rule(requests: 1, per: (RateScope)per));
        Assert.True(Pass(counters, rule, Ada, "a"));
        Assert.False(Pass(counters, rule, Ada, "a"));
        Assert.Equal(otherPerson, Pass(counters, rule, Bo, "a"));
        Assert.Equal(otherModel, Pass(counters, rule, Ada, "b"));
    }

    [Fact]
    public void Take_OtherModel_IsNotTheRules()
    {
        var (counters, rule) = (new RateCounters(new Clock()), Rule(requests: 1, models: ["gpt-*"]));
        Assert.True(Pass(counters, rule, Ada, "gpt-5"));
        Assert.False(Pass(counters, rule, Ada, "gpt-6"));
        Assert.True(Pass(counters, rule, Ada, "claude"));
    }

    [Fact]
    public void Take_TokensInFlight_CountUntilTheyAreKnown()
    {
        var counters = new RateCounters(new Clock());
        var rule = Rule(tokens: 1_000);
        // The first may be larger than the limit.
        var first = counters.Take([rule], Ada, "m", Make.Price(), 5_000).ValueOrDefault;
        var refused = counters.Take([rule], Ada, "m", Make.Price(), 10).Refused!;
        Assert.Equal(("gateway.rate_limited", TimeSpan.FromSeconds(1)), (refused.Refusal.Code, refused.RetryAfter));
        Assert.Equal("The limit is reached: rule 1: 1,000 tokens a minute per person.", refused.Detail);

        first!.NoteUsed(300);
        first.Dispose();
        Assert.True(Pass(counters, rule, Ada, used: 600));
        Assert.True(Pass(counters, rule, Ada, used: 600)); // 900 of 1,000 are used: it may pass, the next may not
        Assert.False(Pass(counters, rule, Ada, used: 1));
    }

    [Fact]
    public void NoteHeld_LowerThanTheWorstCase_LetsOthersPass()
    {
        var counters = new RateCounters(new Clock());
        var rule = Rule(tokens: 1_000);
        var first = counters.Take([rule], Ada, "m", Make.Price(), 128_000).ValueOrDefault;
        Assert.False(Pass(counters, rule, Ada));

        first!.NoteHeld(400); // the cap was lowered
        Assert.True(Pass(counters, rule, Ada, used: 500));
        first.NoteUsed(50); // one attempt failed, and the next holds as much again
        first.NoteHeld(450);
        Assert.False(Pass(counters, rule, Ada));
        first.NoteUsed(0);
        first.Dispose();
        Assert.True(Pass(counters, rule, Ada, used: 450)); // 550 were used
        Assert.False(Pass(counters, rule, Ada));
    }

    [Fact]
    public void ShareAmong_SeveralNodes_EachAllowsItsPartAndAtLeastOne()
    {
        RateCounters[] desks = [new(new Clock()), new(new Clock()), new(new Clock())];
        var rule = Rule(requests: 11);
        foreach (var counters in desks) counters.ShareAmong(3);

        Assert.Equal(9, desks.Sum(counters => Enumerable.Range(0, 20).Count(_ => Pass(counters, rule, Ada))));
        Assert.Contains("one of 3: rule 1: 11 requests a minute per person.",
            desks[0].Take([rule], Ada, "m", Make.Price(), 0).Refused!.Detail, StringComparison.Ordinal);
        desks[0].ShareAmong(1);
        Assert.Equal(8, Enumerable.Range(0, 20).Count(_ => Pass(desks[0], rule, Ada)));
        Assert.Equal(1, Enumerable.Range(0, 20).Count(_ => Pass(desks[1], Rule(tokens: 2), Bo, used: 1)));
    }

    [Fact]
    public void ForgetIdle_EmptyWindows_AreDroppedAndOthersKept()
    {
        var clock = new Clock();
        var counters = new RateCounters(clock, mostCounters: 3);
        var rule = Rule(requests: 1, tokens: 100, per: RateScope.PersonAndModel);
        Assert.True(Pass(counters, rule, Ada, "a"));
        Assert.True(Pass(counters, rule, Ada, "b"));
        var running = counters.Take([rule], Ada, "c", Make.Price(model: "c"), 10).ValueOrDefault;
        var refused = counters.Take([rule], Bo, "a", Make.Price(model: "a"), 10).Refused!;
        Assert.Equal(("gateway.rate_limited", TimeSpan.FromSeconds(30)), (refused.Refusal.Code, refused.RetryAfter));
        Assert.Contains("no room to count for rule 1", refused.Detail, StringComparison.Ordinal);

        counters.ForgetIdle();
        Assert.Equal(3, counters.Count);
        clock.Now += TimeSpan.FromSeconds(62);
        counters.ForgetIdle();
        Assert.Equal(1, counters.Count); // of the call that is still running
        Assert.True(Pass(counters, rule, Bo, "a"));
        running!.NoteUsed(100);
        running.Dispose();
        Assert.False(Pass(counters, rule, Ada, "c"));
    }

    [Fact]
    public void Take_ManyAtOnceWhileIdleOnesAreForgotten_NeverPassesTheLimit()
    {
        var (counters, rule) = (new RateCounters(new Clock()), Rule(requests: 500, tokens: 1_000_000));
        var passed = 0;
        Parallel.For(0, 4_000, new() { MaxDegreeOfParallelism = 4 }, i =>
        {
            if (i % 7 == 0) counters.ForgetIdle();
            if (!counters.Take([rule], Ada, "m", Make.Price(), 1).Is(out var ticket, out _)) return;
            if (i % 3 == 0) { ticket.Dispose(); return; } // it was not sent
            ticket.NoteUsed(1);
            ticket.Dispose();
            Interlocked.Increment(ref passed);
        });
        Assert.Equal(500, passed);
    }

    [Fact]
    public void Take_RefusedByALaterRuleOrNeverSent_DoesNotCount()
    {
        var counters = new RateCounters(new Clock());
        RateRule[] rules = [Rule(requests: 2), Rule(requests: 1, per: RateScope.Model) with { Number = 2 }];
        Assert.True(Pass(counters, rules[1], Ada));
        for (var i = 0; i < 5; i++)
            Assert.Contains("rule 1: 1 request a minute per model",
                counters.Take(rules, Ada, "m", Make.Price(model: "m"), 0).Refused!.Detail, StringComparison.Ordinal);
        for (var i = 0; i < 5; i++) counters.Take([rules[0]], Ada, "m", Make.Price(), 0).ValueOrDefault!.Dispose();
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => Pass(counters, rules[0], Ada)));
    }
}
