using System.Net;

namespace Guerdon.Database.Gateway;

/// <summary>Many calls of one person's at once, and large ones: theirs are refused, and nobody else's.</summary>
public sealed class CallSharesTests : IAsyncLifetime
{
    private const string Path = "/v1/chat/completions";

    // Effective: twice the largest body, which is 1,000,000 bytes here. A body of 300,000 takes a buffer of 2^19.
    private readonly GatewayServer _gateway = new()
    {
        Settings =
        {
            ["Gateway:BodyBytesOfOne"] = "1048576", ["Gateway:CallsOfOne"] = "6", ["Gateway:MaxConnections"] = "13",
        },
    };

    private static string Body(int bytes) =>
        """{"model":"gpt-6-luna","max_tokens":20,"messages":[{"role":"user","content":"W"}]}"""
            .Replace("W", new string('w', bytes), StringComparison.Ordinal);

    public async ValueTask InitializeAsync() => await _gateway.InitializeAsync();

    [Fact]
    public async Task Calls_WithManyLargeBodiesOfOnePerson_AreRefusedUntilOthersHaveEnded()
    {
        var (greedy, wallet) = await _gateway.KeyAsync(200_000_000);
        var (other, _) = await _gateway.KeyAsync(200_000_000);
        var running = Enumerable.Range(0, 3)
            .Select(_ => _gateway.PostAsync(Path, greedy, Body(300_000), "latency=15000")).ToList();

        // Once all three are with the provider there is no room for a fourth.
        HttpResponseMessage refused;
        for (var tries = 0; ; tries++)
        {
            refused = await _gateway.PostAsync(Path, greedy, Body(300_000));
            if (refused.StatusCode == HttpStatusCode.TooManyRequests || tries == 100) break;
            refused.Dispose();
            if (running.Find(call => call.IsCompleted) is { } overtaken) // one of these was read after it
            {
                running.Remove(overtaken);
                refused = await overtaken;
                break;
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.Equal(429, (int)refused.StatusCode);
        Assert.Equal("1", Assert.Single(refused.Headers.GetValues("Retry-After")));
        Assert.Contains("gateway.bodies_in_flight", await refused.Content.ReadAsStringAsync(
            TestContext.Current.CancellationToken), StringComparison.Ordinal);
        refused.Dispose();
        using (var small = await _gateway.PostAsync(Path, greedy, Body(20_000)))
            Assert.Equal(200, (int)small.StatusCode);
        using (var theirs = await _gateway.PostAsync(Path, other, Body(300_000)))
            Assert.Equal(200, (int)theirs.StatusCode);

        foreach (var call in running)
        {
            using var answer = await call;
            Assert.Equal(200, (int)answer.StatusCode);
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }

        for (var tries = 0; tries < 20; tries++)
        {
            using var after = await _gateway.PostAsync(Path, greedy, Body(900_000));
            if (after.IsSuccessStatusCode) return;
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.Fail($"The bodies of {wallet} that have ended still count.");
    }

    [Fact]
    public async Task Calls_OfOnePersonThatTakeForEver_LeaveConnectionsToTheProviderForOthers()
    {
        var ct = TestContext.Current.CancellationToken;
        var (greedy, _) = await _gateway.KeyAsync(200_000_000);
        var (other, _) = await _gateway.KeyAsync(200_000_000);
        var running = Enumerable.Range(0, 12)
            .Select(_ => _gateway.PostAsync(Path, greedy, Body(9), "latency=10000")).ToList();

        // Six go to the provider, which has room for 13; the other six are told so at once.
        var refused = new List<HttpResponseMessage>();
        while (refused.Count < 6)
        {
            var ended = await Task.WhenAny(running);
            running.Remove(ended);
            refused.Add(await ended);
        }

        foreach (var answer in refused)
        {
            Assert.Equal(429, (int)answer.StatusCode);
            Assert.Contains("gateway.calls_in_flight", await answer.Content.ReadAsStringAsync(ct),
                StringComparison.Ordinal);
            answer.Dispose();
        }

        using (var theirs = await _gateway.PostAsync(Path, other, Body(9)).WaitAsync(TimeSpan.FromSeconds(30), ct))
            Assert.Equal(200, (int)theirs.StatusCode);
        foreach (var call in running)
        {
            using var answer = await call;
            Assert.Equal(200, (int)answer.StatusCode);
        }
    }

    // Six calls each, which each of them may have, would be 24.
    [Fact]
    public async Task Calls_OfFourPeopleThatTakeForEver_LeaveConnectionsToTheProviderForAFifth()
    {
        var ct = TestContext.Current.CancellationToken;
        var people = new List<string>();
        for (var i = 0; i < 5; i++) people.Add((await _gateway.KeyAsync(200_000_000)).Key);
        var running = people[..4].SelectMany(key => Enumerable.Range(0, 6)
            .Select(_ => _gateway.PostAsync(Path, key, Body(9), "latency=10000"))).ToList();
        var refused = new List<HttpResponseMessage>();
        while (refused.Count < 11)
        {
            var ended = await Task.WhenAny(running);
            running.Remove(ended);
            refused.Add(await ended);
        }

        foreach (var answer in refused)
        {
            Assert.Equal(429, (int)answer.StatusCode);
            Assert.Equal("1", Assert.Single(answer.Headers.GetValues("Retry-After")));
            Assert.Contains("leave enough of its connections to others", await answer.Content.ReadAsStringAsync(ct),
                StringComparison.Ordinal);
            answer.Dispose();
        }

        using (var theirs =
            await _gateway.PostAsync(Path, people[4], Body(9)).WaitAsync(TimeSpan.FromSeconds(30), ct))
            Assert.Equal(200, (int)theirs.StatusCode);
        foreach (var call in running) (await call).Dispose();
        using var after = await _gateway.PostAsync(Path, people[0], Body(9));
        Assert.Equal(200, (int)after.StatusCode);
    }

    public async ValueTask DisposeAsync() => await _gateway.DisposeAsync();
}
