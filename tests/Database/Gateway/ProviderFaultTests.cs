using System.Diagnostics;
using System.Text;
using Guerdon.Metering.Requests;

namespace Guerdon.Database.Gateway;

/// <summary>Providers that repeat themselves, refuse, drip, send nonsense, or do not end.</summary>
[Collection(Alone.Name)]
public sealed class ProviderFaultTests : FaultScene
{
    [Fact]
    public async Task Provider_RepeatsItsIds_EachCallIsBooked()
    {
        var (key, wallet) = await Gateway.KeyAsync(Granted / 1_000);
        var ids = new HashSet<string>();
        for (var call = 0; call < 3; call++)
        {
            using var answer = await Gateway.PostAsync(Path, key, ToSandbox);
            var body = System.Text.Json.JsonElement.Parse(await answer.Content.ReadAsStringAsync(Ct));
            ids.Add(body.GetProperty("id").GetString()!);
        }

        Assert.Single(ids);
        await AssertSettledAsync(wallet, await BookedAsync(wallet, 3));
    }

    [Fact]
    public async Task Provider_RefusesAStorm_AllAreToldAndNothingStaysHeld()
    {
        const int callers = 200;
        var (key, wallet) = await Gateway.KeyAsync(Granted / 1_000);

        var statuses = await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            using var answer = await Gateway.PostAsync(Path, key, ToSandbox, "status=429; retry-after=3");
            Assert.Equal(3, answer.Headers.RetryAfter?.Delta?.TotalSeconds);
            return (int)answer.StatusCode;
        }));

        Assert.All(statuses, status => Assert.Equal(429, status));
        Assert.All(await BookedAsync(wallet, callers), b => Assert.Equal(0, b.Charged_Milli));
        using var after = await Gateway.PostAsync(Path, key, ToSandbox);
        Assert.Equal(200, (int)after.StatusCode); // a 429 is no illness: its circuit is closed
        await AssertSettledAsync(wallet, await BookedAsync(wallet, callers + 1));
    }

    [Fact]
    public async Task Provider_DripsItsHead_TheCallerIsToldInTime()
    {
        var (key, wallet) = await Gateway.KeyAsync(Granted / 1_000);
        Raw.Answer = (to, ct) => RawProvider.DripAsync(to, RawProvider.Head(1_000), ct);

        var since = Stopwatch.StartNew();
        using var answer = await Gateway.PostAsync(Path, key, ToRaw);

        Assert.Equal(504, (int)answer.StatusCode);
        Assert.InRange(since.Elapsed.TotalSeconds, 1, 10);
        await AssertSettledAsync(wallet, await BookedAsync(wallet, 1));
    }

    [Theory]
    [InlineData("data: {\"choices\":[{\"delta\":{\"content\":\"A\"}}]}\n\ndata: {\"choices\":[\n\n")]
    [InlineData("data: [DONE]\n\n")]
    [InlineData("event: nonsense\ndata\ndata:{}\n\n:\n\n\0\0\0\n\n")]
    [InlineData("{\"this\":\"is not a stream\"}")]
    [InlineData("")]
    public async Task Provider_SendsNoStream_IsRelayedAndNeverFree(string body)
    {
        var (key, wallet) = await Gateway.KeyAsync(Granted / 1_000);
        Raw.Answer = async (to, ct) =>
        {
            await to.WriteAsync(RawProvider.Head(body.Length, "text/event-stream"), ct);
            await to.WriteAsync(Encoding.ASCII.GetBytes(body), ct);
        };

        using var answer = await Gateway.PostAsync(Path, key, ToRaw[..^1] + ",\"stream\":true}");
        var text = await answer.Content.ReadAsStringAsync(Ct);

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.StartsWith(body.Split("data: [DONE]")[0], text, StringComparison.Ordinal);
        var booked = Assert.Single(await BookedAsync(wallet, 1));
        Assert.Equal((short)RecordState.Estimated, booked.State);
        Assert.True(booked.Charged_Milli > 0);
        await AssertSettledAsync(wallet, [booked]);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/event-stream")]
    public async Task Answer_OfAnyLength_PassesInConstantMemory(string type)
    {
        const int pieces = 8_192;
        var (key, wallet) = await Gateway.KeyAsync(Granted / 1_000);
        var piece = Encoding.ASCII.GetBytes(type == "application/json"
            ? new string(' ', 65_536)
            : "data: {\"choices\":[{\"delta\":{\"content\":\"" + new string('x', 65_488) + "\"}}]}\n\n");
        Raw.Answer = async (to, ct) =>
        {
            await to.WriteAsync(RawProvider.Head((long)piece.Length * pieces, type), ct);
            for (var sent = 0; sent < pieces; sent++) await to.WriteAsync(piece, ct);
        };

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (most, length) = (before, 0L);
        using var answer = await Gateway.PostAsync(Path, key, ToRaw[..^1] + ",\"stream\":true}");
        await using var stream = await answer.Content.ReadAsStreamAsync(Ct);
        var buffer = new byte[65_536];
        for (int read; (read = await stream.ReadAsync(buffer, Ct)) > 0; length += read)
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false));

        Assert.InRange(length, (long)piece.Length * pieces, long.MaxValue);
        Assert.InRange(most - before, 0, length / 4); // what is not collected yet
        await AssertSettledAsync(wallet, await BookedAsync(wallet, 1));
    }
}
