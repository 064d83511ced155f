using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Stipend.Gateway;
using Stipend.Ledger;
using Stipend.Metering;

namespace Stipend.Database.Gateway;

/// <summary>
/// What callers and providers do to a gateway when they are broken, slow or gone. After each: every call that was
/// admitted is settled once, and what is not spent is back in the wallet.
/// </summary>
public sealed class FaultTests : IAsyncLifetime
{
    private const string Path = "/v1/chat/completions";
    private const long Granted = 1_000_000_000;
    private const string ToSandbox =
        """{"model":"gpt-6-luna","max_tokens":40,"messages":[{"role":"user","content":"Explain the plan."}]}""";
    private const string ToRaw =
        """{"model":"deepseek-v4-pro","max_tokens":40,"messages":[{"role":"user","content":"Explain the plan."}]}""";

    private readonly GatewayServer _gateway = new();
    private readonly RawProvider _raw = new();
    private readonly JumpingClock _clock = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _gateway.Clock = _clock;
        _gateway.Settings["Gateway:MaxBodyBytes"] = "20000000";
        _gateway.Settings["Gateway:Admission:Heartbeat"] = "00:00:00.2";
        _gateway.Settings["Gateway:Providers:deepseek:BaseUrl"] = _raw.Address;
        _gateway.Settings["Gateway:AnswerWithin"] = "00:00:02";
        _gateway.Settings["Gateway:DrainFor"] = "00:00:01";
        _gateway.Settings["Gateway:TakeWithin"] = "00:00:02";
        await _gateway.InitializeAsync();
    }

    [Fact]
    public async Task Caller_HangsUpAtAnyByteOfTheRequest_NothingIsHeldOrBooked()
    {
        var (key, wallet) = await _gateway.KeyAsync(Granted / 1_000);
        var request = Raw(key, ToSandbox);

        for (var cut = 0; cut < request.Length; cut++)
        {
            using var client = await ConnectAsync();
            await client.SendAsync(request.AsMemory(0, cut), Ct);
        }

        Assert.Empty(await _gateway.RecordsAsync(wallet, 0));
        var balance = await _gateway.SettledBalanceAsync(wallet);
        Assert.Equal((Granted, 0L), (balance.Available.Milli, balance.Escrow.Milli));
    }

    [Theory]
    [InlineData(false, 7)]
    [InlineData(true, 41)]
    public async Task Caller_HangsUpAtAnyByteOfTheAnswer_IsChargedForAllOfIt(bool isStream, int step)
    {
        var (key, wallet) = await _gateway.KeyAsync(Granted / 1_000);
        var request = Raw(key, isStream ? ToSandbox[..^1] + ",\"stream\":true}" : ToSandbox);
        var length = await ReadAsync(request, int.MaxValue);

        var calls = 1;
        for (var cut = 1; cut < length; cut += step, calls++) await ReadAsync(request, cut);

        var booked = await _gateway.RecordsAsync(wallet, calls);
        Assert.Equal(calls, booked.Count);
        Assert.Single(booked.Select(b => b.Output).Distinct()); // each was read to its end
        Assert.All(booked, b => Assert.Equal((short)RecordState.Settled, b.State));
        await AssertSettledAsync(wallet, booked);
    }

    [Fact]
    public async Task Provider_RepeatsItsIds_EachCallIsBooked()
    {
        var (key, wallet) = await _gateway.KeyAsync(Granted / 1_000);
        var ids = new HashSet<string>();
        for (var call = 0; call < 3; call++)
        {
            using var answer = await _gateway.PostAsync(Path, key, ToSandbox);
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
        var (key, wallet) = await _gateway.KeyAsync(Granted / 1_000);

        var statuses = await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            using var answer = await _gateway.PostAsync(Path, key, ToSandbox, "status=429; retry-after=3");
            Assert.Equal(3, answer.Headers.RetryAfter?.Delta?.TotalSeconds);
            return (int)answer.StatusCode;
        }));

        Assert.All(statuses, status => Assert.Equal(429, status));
        Assert.All(await BookedAsync(wallet, callers), b => Assert.Equal(0, b.Charged_Milli));
        using var after = await _gateway.PostAsync(Path, key, ToSandbox);
        Assert.Equal(200, (int)after.StatusCode); // a 429 is no illness: its circuit is closed
        await AssertSettledAsync(wallet, await BookedAsync(wallet, callers + 1));
    }

    [Fact]
    public async Task Caller_DripsItsBody_IsEndedAndHoldsNothing()
    {
        var (key, wallet) = await _gateway.KeyAsync(Granted / 1_000);
        var request = Raw(key, ToSandbox);
        using var client = await ConnectAsync();
        var since = Stopwatch.StartNew();
        await client.SendAsync(request.AsMemory(0, request.Length - ToSandbox.Length), Ct);

        var answer = ReadAllAsync(client, int.MaxValue);
        try
        {
            for (var at = request.Length - ToSandbox.Length; at < request.Length - 1 && !answer.IsCompleted; at++)
            {
                await client.SendAsync(request.AsMemory(at, 1), Ct);
                await Task.WhenAny(answer, Task.Delay(500, Ct));
            }
        }
        catch (SocketException)
        {
            // Ended between two of its bytes.
        }

        Assert.StartsWith("HTTP/1.1 408", Encoding.Latin1.GetString(await answer), StringComparison.Ordinal);
        Assert.InRange(since.Elapsed.TotalSeconds, 0, 20);
        Assert.Empty(await _gateway.RecordsAsync(wallet, 0));
    }

    [Fact]
    public async Task Caller_DoesNotRead_IsEndedAndCharged()
    {
        var (key, wallet) = await _gateway.KeyAsync(Granted / 1_000);
        var words = new string('x', 60_000);
        var piece = Encoding.ASCII.GetBytes("data: {\"choices\":[{\"delta\":{\"content\":\"" + words + "\"}}]}\n\n");
        _raw.Answer = async (to, ct) =>
        {
            await to.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"u8
                .ToArray(), ct);
            while (true) await to.WriteAsync(piece, ct); // for as long as somebody takes it
        };

        using var client = await ConnectAsync();
        await client.SendAsync(Raw(key, ToRaw[..^1] + ",\"stream\":true}"), Ct);

        var booked = Assert.Single(await BookedAsync(wallet, 1));
        Assert.Equal(((short)Outcome.HungUp, (short)RecordState.Estimated), (booked.Outcome, booked.State));
        Assert.True(booked.Charged_Milli > 0);
        await AssertSettledAsync(wallet, [booked]);
    }

    [Fact]
    public async Task Provider_DripsItsHead_TheCallerIsToldInTime()
    {
        var (key, wallet) = await _gateway.KeyAsync(Granted / 1_000);
        _raw.Answer = (to, ct) => DripAsync(to, RawProvider.Head(1_000), ct);

        var since = Stopwatch.StartNew();
        using var answer = await _gateway.PostAsync(Path, key, ToRaw);

        Assert.Equal(504, (int)answer.StatusCode);
        Assert.InRange(since.Elapsed.TotalSeconds, 1, 10);
        await AssertSettledAsync(wallet, await BookedAsync(wallet, 1));
    }

    [Fact]
    public async Task Provider_DripsItsBodyAndTheCallerLeaves_IsNotWaitedFor()
    {
        var (key, wallet) = await _gateway.KeyAsync(Granted / 1_000);
        _raw.Answer = async (to, ct) =>
        {
            await to.WriteAsync(RawProvider.Head(1_000), ct);
            await DripAsync(to, new byte[1_000], ct);
        };

        using (var client = await ConnectAsync())
        {
            await client.SendAsync(Raw(key, ToRaw), Ct);
            await Task.Delay(500, Ct);
        }

        var since = Stopwatch.StartNew();
        var booked = Assert.Single(await BookedAsync(wallet, 1));
        Assert.Equal((short)Outcome.HungUp, booked.Outcome);
        Assert.InRange(since.Elapsed.TotalSeconds, 0, 10);
        await AssertSettledAsync(wallet, [booked]);
    }

    [Fact]
    public async Task Body_OfTenMegabytes_IsAnswered()
    {
        var (key, wallet) = await _gateway.KeyAsync(Granted / 1_000);
        var body = ToSandbox.Replace("Explain", new string('x', 10_000_000), StringComparison.Ordinal);

        using var answer = await _gateway.PostAsync(Path, key, body);

        Assert.Equal(200, (int)answer.StatusCode);
        await AssertSettledAsync(wallet, await BookedAsync(wallet, 1));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/event-stream")]
    public async Task Answer_OfAnyLength_PassesInConstantMemory(string type)
    {
        const int pieces = 8_192;
        var (key, wallet) = await _gateway.KeyAsync(Granted / 1_000);
        var piece = Encoding.ASCII.GetBytes(type == "application/json"
            ? new string(' ', 65_536)
            : "data: {\"choices\":[{\"delta\":{\"content\":\"" + new string('x', 65_488) + "\"}}]}\n\n");
        _raw.Answer = async (to, ct) =>
        {
            await to.WriteAsync(RawProvider.Head((long)piece.Length * pieces, type), ct);
            for (var sent = 0; sent < pieces; sent++) await to.WriteAsync(piece, ct);
        };

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (most, length) = (before, 0L);
        using var answer = await _gateway.PostAsync(Path, key, ToRaw[..^1] + ",\"stream\":true}");
        await using var stream = await answer.Content.ReadAsStreamAsync(Ct);
        var buffer = new byte[65_536];
        for (int read; (read = await stream.ReadAsync(buffer, Ct)) > 0; length += read)
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false));

        Assert.InRange(length, (long)piece.Length * pieces, long.MaxValue);
        Assert.InRange(most - before, 0, length / 4); // what is not collected yet, of this and of tests beside it
        await AssertSettledAsync(wallet, await BookedAsync(wallet, 1));
    }

    [Theory]
    [InlineData("data: {\"choices\":[{\"delta\":{\"content\":\"A\"}}]}\n\ndata: {\"choices\":[\n\n")]
    [InlineData("data: [DONE]\n\n")]
    [InlineData("event: nonsense\ndata\ndata:{}\n\n:\n\n\0\0\0\n\n")]
    [InlineData("{\"this\":\"is no stream\"}")]
    [InlineData("")]
    public async Task Provider_SendsNoStream_IsRelayedAndNeverFree(string body)
    {
        var (key, wallet) = await _gateway.KeyAsync(Granted / 1_000);
        _raw.Answer = async (to, ct) =>
        {
            await to.WriteAsync(RawProvider.Head(body.Length, "text/event-stream"), ct);
            await to.WriteAsync(Encoding.ASCII.GetBytes(body), ct);
        };

        using var answer = await _gateway.PostAsync(Path, key, ToRaw[..^1] + ",\"stream\":true}");
        var text = await answer.Content.ReadAsStringAsync(Ct);

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.StartsWith(body.Split("data: [DONE]")[0], text, StringComparison.Ordinal);
        var booked = Assert.Single(await BookedAsync(wallet, 1));
        Assert.Equal((short)RecordState.Estimated, booked.State);
        Assert.True(booked.Charged_Milli > 0);
        await AssertSettledAsync(wallet, [booked]);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _raw.DisposeAsync();
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(40 * 24)]
    public async Task Clock_IsPut_CallsInFlightAreBookedOnceAndAnotherNodeWouldFindThem(int hours)
    {
        var (key, wallet) = await _gateway.KeyAsync(Granted / 1_000);
        await AnsweredAsync(key, "latency=0");
        var before = AnsweredAsync(key, "latency=1000");
        await OpenAsync(1);

        _clock.Ahead = TimeSpan.FromHours(hours);
        await AnsweredAsync(key, "latency=0");
        await before;
        await Task.Delay(TimeSpan.FromSeconds(1), Ct); // that nothing older is open is noted meanwhile
        _clock.Ahead = default;
        var behind = AnsweredAsync(key, "latency=1500");
        await OpenAsync(1);
        await behind;

        await AssertSettledAsync(wallet, await BookedAsync(wallet, 4));
        await using var connection = await _gateway.Db.OpenConnectionAsync(Ct);
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>(
            "select count(*) from metering.request where duration_us < 0 or ended_at < started_at"));
        await foreach (var finding in VerifyEverything.RunAsync(_gateway.Db, null, Ct)) Assert.Fail(finding.ToString());

        async Task AnsweredAsync(string key, string sandbox)
        {
            using var answer = await _gateway.PostAsync(Path, key, ToSandbox, sandbox);
            Assert.Equal(200, (int)answer.StatusCode);
        }
    }

    // So many requests of the node that another would find open, were it to die now.
    private async Task OpenAsync(int count)
    {
        var holder = _gateway.Services.GetRequiredService<NodeLease>().Holder;
        IReadOnlyList<Opening> open = [];
        for (var tries = 0; tries < 40 && open.Count != count; tries++)
        {
            await Task.Delay(50, Ct);
            await using var connection = await _gateway.Db.OpenConnectionAsync(Ct);
            var since = await connection.ExecuteScalarAsync<DateTime>(
                "select oldest_open from gateway.node where holder = @holder", new { holder = holder.Value });
            open = await OpenRequests.OfHolderAsync(_gateway.Db, holder, since, Ct);
        }

        Assert.Equal(count, open.Count);
    }

    private static async Task DripAsync(NetworkStream to, byte[] bytes, CancellationToken ct)
    {
        foreach (var one in bytes)
        {
            await to.WriteAsync(new[] { one }, ct);
            await Task.Delay(200, ct);
        }
    }

    private async Task<IReadOnlyList<GatewayServer.Booked>> BookedAsync(WalletId wallet, int count)
    {
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            var booked = await _gateway.RecordsAsync(wallet, count);
            if (booked.Count >= count || deadline.Elapsed > TimeSpan.FromSeconds(40)) return booked;
        }
    }

    private async Task AssertSettledAsync(WalletId wallet, IReadOnlyList<GatewayServer.Booked> booked)
    {
        await _gateway.SettledBalanceAsync(wallet);
        var charged = booked.Sum(b => b.Charged_Milli);
        await using var connection = await _gateway.Db.OpenConnectionAsync(Ct);
        Assert.Equal((Granted - charged, 0L, charged), await connection.QuerySingleAsync<(long, long, long)>(
            "select available_milli, escrow_milli, spent_milli from ledger.v_balance where wallet_id = @wallet",
            new { wallet = wallet.Value }));
    }

    private static byte[] Raw(string key, string body) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"POST {Path} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n{body}"));

    // Keeps what it does not read small, so that "does not read" reaches the server soon.
    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 4_096 };
        await socket.ConnectAsync("127.0.0.1", _gateway.Address.Port, Ct);
        return socket;
    }

    private sealed class JumpingClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }

    /// <summary>Sends a request, reads so many bytes of its answer (or all) and hangs up.</summary>
    private async Task<int> ReadAsync(byte[] request, int most)
    {
        using var client = await ConnectAsync();
        await client.SendAsync(request, Ct);
        return (await ReadAllAsync(client, most)).Length;
    }

    // An answer's end is a pause: the connection stays open for the next request.
    private static async Task<byte[]> ReadAllAsync(Socket client, int most)
    {
        var all = new MemoryStream();
        var buffer = new byte[4_096];
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        try
        {
            while (all.Length < most)
            {
                if (all.Length > 0) pause.CancelAfter(TimeSpan.FromSeconds(1));
                var read = await client.ReceiveAsync(
                    buffer.AsMemory(0, (int)Math.Min(buffer.Length, most - all.Length)), pause.Token);
                if (read == 0) break;
                all.Write(buffer, 0, read);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
        }

        return all.ToArray();
    }
}
