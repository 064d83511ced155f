using System.Diagnostics;
using System.Net;
using Guerdon.Metering.Requests;

namespace Guerdon.Chaos;

/// <summary>
/// kill -TERM while answers are under way: they arrive whole or end with an error event, all of them are settled,
/// nothing stays in escrow, and the program ends with 0.
/// </summary>
public sealed class StopTests
{
    private const int Rounds = 2;
    private const int Streams = 10;
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(12); // a busy machine

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Told_TenStreamsUnderWay_AllArriveWholeAndNewCallsAreRefused()
    {
        await using var scene = await Scene.SetAsync();
        var keys = await scene.FundManyAsync();
        for (var round = 0; round < Rounds; round++)
        {
            await using var gateway = await GatewayProcess.StartAsync(scene, GatewayProcess.FreePort());
            using var calls = new StopCalls(gateway.Address, keys[0]);
            var asked = Enumerable.Range(0, Streams)
                .Select(i => StopCalls.Streams[i % StopCalls.Streams.Count])
                .Select(api => calls.AskAsync(api, "[tokens=50; chunk-delay=200]"))
                .Append(calls.AskAsync(StopCalls.Bodies[0], "[latency=5000]")).ToList();
            await calls.BegunAsync(Streams);

            var stopping = gateway.StopAsync();
            await AssertRefusesAsync(calls, gateway);
            var answers = await Task.WhenAll(asked);
            var code = await stopping;

            Assert.All(answers, answer => Assert.True(answer.IsWhole, $"{answer}\n{gateway.LastWords}"));
            Assert.True(answers[..Streams].Max(a => a.Took) > TimeSpan.FromSeconds(8), "The streams were too short.");
            await AssertCleanAsync(scene, gateway, code, answers);
        }
    }

    [Fact]
    public async Task Told_CallsOutlastTheLimit_EachEndsWithAnErrorInItsShape()
    {
        await using var scene = await Scene.SetAsync();
        var keys = await scene.FundManyAsync();
        await using var gateway = await GatewayProcess.StartAsync(scene, GatewayProcess.FreePort(), "00:00:02");
        using var calls = new StopCalls(gateway.Address, keys[0]);
        var streams = StopCalls.Streams.Select(
            api => calls.AskAsync(api, "[tokens=300; chunk-delay=500]")).ToList();
        var bodies = StopCalls.Bodies.Select(api => calls.AskAsync(api, "[latency=60000]")).ToList();
        await calls.BegunAsync(streams.Count);
        await Task.Delay(1_500, Ct);

        var watch = Stopwatch.StartNew();
        var code = await gateway.StopAsync();
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2) + Margin);

        var answers = await Task.WhenAll([.. streams, .. bodies]);
        Assert.All(answers, answer => Assert.True(answer.HasError, $"{answer}\n{gateway.LastWords}"));
        Assert.All(answers[^bodies.Count..], a => Assert.Equal((503, true), (a.Status, a.RetryAfter is not null)));
        await AssertCleanAsync(scene, gateway, code, answers);
        Assert.Equal(0, await scene.NumberAsync(
            $"select count(*) from metering.request where charged_milli = 0 or outcome <> {(short)Outcome.Cut}"));
    }

    [Fact]
    public async Task ToldTwice_CallsAreUnderWay_EndsThemAtOnce()
    {
        await using var scene = await Scene.SetAsync();
        var keys = await scene.FundManyAsync();
        await using var gateway = await GatewayProcess.StartAsync(scene, GatewayProcess.FreePort());
        using var calls = new StopCalls(gateway.Address, keys[0]);
        var asked = StopCalls.Streams.Select(api => calls.AskAsync(api, "[tokens=300; chunk-delay=500]")).ToList();
        await calls.BegunAsync(asked.Count);

        var watch = Stopwatch.StartNew();
        gateway.Signal("INT");
        await Task.Delay(1_000, Ct);
        Assert.DoesNotContain(asked, call => call.IsCompleted);
        var code = await gateway.StopAsync();

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1) + Margin);
        var answers = await Task.WhenAll(asked);
        Assert.All(answers, answer => Assert.True(answer.HasError, $"{answer}\n{gateway.LastWords}"));
        await AssertCleanAsync(scene, gateway, code, answers);
    }

    // Of a terminal that is closed the shell and the system both tell.
    [Fact]
    public async Task HungUpTwice_CallsAreUnderWay_AllArriveWhole()
    {
        await using var scene = await Scene.SetAsync();
        var keys = await scene.FundManyAsync();
        await using var gateway = await GatewayProcess.StartAsync(scene, GatewayProcess.FreePort());
        using var calls = new StopCalls(gateway.Address, keys[0]);
        var asked = StopCalls.Streams.Select(api => calls.AskAsync(api, "[tokens=30; chunk-delay=200]")).ToList();
        await calls.BegunAsync(asked.Count);

        gateway.Signal("HUP");
        await Task.Delay(500, Ct);
        gateway.Signal("HUP");
        var answers = await Task.WhenAll(asked);
        var code = await gateway.EndedAsync();

        Assert.All(answers, answer => Assert.True(answer.IsWhole, $"{answer}\n{gateway.LastWords}"));
        await AssertCleanAsync(scene, gateway, code, answers);
    }

    // At once, over connections that are made only now.
    private static async Task AssertRefusesAsync(StopCalls calls, GatewayProcess gateway)
    {
        await Task.Delay(300, Ct);
        using var fresh = new HttpClient { BaseAddress = gateway.Address };
        using var ready = await fresh.GetAsync(new Uri("/readyz", UriKind.Relative), Ct);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        foreach (var api in (string[])[.. StopCalls.Streams, .. StopCalls.Bodies])
        {
            var answer = await calls.AskAsync(api, "[tokens=5]");
            Assert.True(answer is { Status: 503, HasError: true, RetryAfter: not null, IsClosed: true }, $"{answer}");
        }
    }

    private static async Task AssertCleanAsync(
        Scene scene, GatewayProcess gateway, int code, IReadOnlyCollection<StopCalls.Answer> answers)
    {
        Assert.True(code == 0, $"It ended with {code}:\n{gateway.LastWords}");
        Assert.DoesNotContain("ChannelClosed", gateway.LastWords, StringComparison.Ordinal);
        Assert.DoesNotContain("bug", gateway.LastWords, StringComparison.Ordinal);
        Assert.Equal(0, await scene.EscrowAsync());
        Assert.Empty(await scene.UnbookedAsync(answers.Select(a => a.Id)));
        await scene.AssertSoundAsync();
    }
}
