using System.Diagnostics;
using Guerdon.Notices;
using Guerdon.Notices.Deliveries;

namespace Guerdon.Database.Notices;

/// <summary>As many notices as a large company gets at once: what one costs does not grow with how many there are, and
/// memory holds a part of them at a time.</summary>
[Collection(Alone.Name)]
public sealed class NoticeVolumeTests
{
    private const int Parts = 20, OfAPart = 1_000;

    private static CancellationToken Ct => NoticeScene.Ct;

    // Of twenty parts: where each costs what there is before it, the last are six times as expensive as the first.
    private const double MostTimes = 3;

    [Fact]
    public async Task WritingAndSending_TwentyThousand_TheLastCostWhatTheFirstDid()
    {
        await using var scene = await NoticeScene.OpenAsync("email");
        var (written, sent) = (new List<TimeSpan>(), new List<TimeSpan>());
        var clock = Stopwatch.StartNew();
        for (var part = 0; part < Parts; part++)
        {
            clock.Restart();
            Assert.Equal(OfAPart, await scene.GiveManyAsync(OfAPart, first: part * OfAPart));
            written.Add(clock.Elapsed);
        }

        var channel = new TestChannel("email");
        clock.Restart();
        channel.Send = (_, _) =>
        {
            if (channel.Begun.Count % OfAPart != 0) return Task.FromResult(Outcome.Sent);
            sent.Add(clock.Elapsed);
            clock.Restart();
            return Task.FromResult(Outcome.Sent);
        };
        Assert.Equal(Parts * OfAPart, await scene.Sender(channel).SendDueAsync(Ct));
        Assert.Equal(Parts * OfAPart, await scene.CountAsync("sent"));

        TestContext.Current.TestOutputHelper?.WriteLine($"written {Text(written)}\nsent {Text(sent)}");
        Assert.True(Growth(written) < MostTimes, $"written in {Text(written)}");
        Assert.True(Growth(sent) < MostTimes, $"sent in {Text(sent)}");
    }

    // The middle of the last five parts beside that of the first, but for the very first, which compiles and caches.
    private static double Growth(List<TimeSpan> parts) => Middle(parts[^5..]) / Middle(parts[1..6]);

    private static TimeSpan Middle(List<TimeSpan> parts) => parts.Order().ElementAt(parts.Count / 2);

    private static string Text(List<TimeSpan> parts) => string.Join(' ', parts.Select(p => $"{p.TotalMilliseconds:0}"));

    // A thousand are read before they are written, whatever comes after.
    [Fact]
    public async Task Writing_OfMany_HasSomeInMemoryAtATime()
    {
        await using var scene = await NoticeScene.OpenAsync("email");
        await using var connection = await scene.Db.OpenConnectionAsync(Ct);
        var most = 0L;
        Assert.Equal(3_500, await NoticeWriter.GiveAsync(connection, ToldAsync(), scene.Clock.Now, Ct));
        Assert.Equal(NoticeWriter.MostAtOnce, most);
        Assert.Equal(3_500, await scene.CountAsync("waiting"));

        async IAsyncEnumerable<Told> ToldAsync()
        {
            for (var i = 1; i <= 3_500; i++)
            {
                if (i % 500 == 0) most = Math.Max(most, i - await scene.CountAsync("waiting"));
                yield return new Told(scene.People[0].Id, NoticeKinds.ExpiryWeek, $"lot {i}", "Words.");
            }
        }
    }
}
