using System.Diagnostics;
using Guerdon.Notices;

namespace Guerdon.Database.Notices;

/// <summary>As many notices as a large company gets at once: what one costs does not grow with how many there are, and
/// memory holds a part of them at a time.</summary>
[Collection(Alone.Name)]
public sealed class NoticeVolumeTests
{
    private const int Few = 5_000, Many = 20_000;

    private static CancellationToken Ct => NoticeScene.Ct;

    // Linear is 4; each doubling that costs four times as much would be 16.
    private const double MostTimes = 8;

    [Fact]
    public async Task WritingAndSending_FourTimesAsMany_TakesFourTimesAsLong()
    {
        await MeasureAsync(500); // what is compiled and cached by the first time
        var few = await MeasureAsync(Few);
        var many = await MeasureAsync(Many);
        TestContext.Current.TestOutputHelper?.WriteLine($"{few} {many}");
        Assert.True(
            many.Written / few.Written < MostTimes, $"written in {few.Written} and in {many.Written}");
        Assert.True(many.Sent / few.Sent < MostTimes, $"sent in {few.Sent} and in {many.Sent}");
    }

    private static async Task<(TimeSpan Written, TimeSpan Sent)> MeasureAsync(int count)
    {
        await using var scene = await NoticeScene.OpenAsync("email");
        var clock = Stopwatch.StartNew();
        Assert.Equal(count, await scene.GiveManyAsync(count));
        var written = clock.Elapsed;
        clock.Restart();
        Assert.Equal(count, await scene.Sender(new TestChannel("email")).SendDueAsync(Ct));
        Assert.Equal(count, await scene.CountAsync("sent"));
        return (written, clock.Elapsed);
    }

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
