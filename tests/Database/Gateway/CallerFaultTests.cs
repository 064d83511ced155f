using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Guerdon.Metering.Requests;

namespace Guerdon.Database.Gateway;

/// <summary>Callers that hang up, drip, or do not read.</summary>
public sealed class CallerFaultTests : FaultScene
{
    [Fact]
    public async Task Caller_HangsUpAtAnyByteOfTheRequest_NothingIsHeldOrBooked()
    {
        var (key, wallet) = await Gateway.KeyAsync(Granted / 1_000);
        var request = Request(key, ToSandbox);

        for (var cut = 0; cut < request.Length; cut++)
        {
            using var client = await ConnectAsync();
            await client.SendAsync(request.AsMemory(0, cut), Ct);
        }

        Assert.Empty(await Gateway.RecordsAsync(wallet, 0));
        var balance = await Gateway.SettledBalanceAsync(wallet);
        Assert.Equal((Granted, 0L), (balance.Available.Milli, balance.Escrow.Milli));
    }

    [Theory]
    [InlineData(false, 7)]
    [InlineData(true, 41)]
    public async Task Caller_HangsUpAtAnyByteOfTheAnswer_IsChargedForAllOfIt(bool isStream, int step)
    {
        var (key, wallet) = await Gateway.KeyAsync(Granted / 1_000);
        var request = Request(key, isStream ? ToSandbox[..^1] + ",\"stream\":true}" : ToSandbox);
        var length = await ReadAsync(request, int.MaxValue);

        var calls = 1;
        for (var cut = 1; cut < length; cut += step, calls++) await ReadAsync(request, cut);

        var booked = await Gateway.RecordsAsync(wallet, calls);
        Assert.Equal(calls, booked.Count);
        Assert.Single(booked.Select(b => b.Output).Distinct()); // each was read to its end
        Assert.All(booked, b => Assert.Equal((short)RecordState.Settled, b.State));
        await AssertSettledAsync(wallet, booked);
    }

    [Fact]
    public async Task Caller_DripsItsBody_IsEndedAndHoldsNothing()
    {
        var (key, wallet) = await Gateway.KeyAsync(Granted / 1_000);
        var request = Request(key, ToSandbox);
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
        Assert.Empty(await Gateway.RecordsAsync(wallet, 0));
    }

    [Fact]
    public async Task Caller_DoesNotRead_IsEndedAndCharged()
    {
        var (key, wallet) = await Gateway.KeyAsync(Granted / 1_000);
        var words = new string('x', 60_000);
        var piece = Encoding.ASCII.GetBytes("data: {\"choices\":[{\"delta\":{\"content\":\"" + words + "\"}}]}\n\n");
        Raw.Answer = async (to, ct) =>
        {
            await to.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"u8
                .ToArray(), ct);
            while (true) await to.WriteAsync(piece, ct); // for as long as somebody takes it
        };

        using var client = await ConnectAsync();
        await client.SendAsync(Request(key, ToRaw[..^1] + ",\"stream\":true}"), Ct);

        var booked = Assert.Single(await BookedAsync(wallet, 1));
        Assert.Equal(((short)Outcome.HungUp, (short)RecordState.Estimated), (booked.Outcome, booked.State));
        Assert.True(booked.Charged_Milli > 0);
        await AssertSettledAsync(wallet, [booked]);
    }

    [Fact]
    public async Task Body_OfTenMegabytes_IsAnswered()
    {
        var (key, wallet) = await Gateway.KeyAsync(Granted / 1_000);
        var body = ToSandbox.Replace("Explain", new string('x', 10_000_000), StringComparison.Ordinal);

        using var answer = await Gateway.PostAsync(Path, key, body);

        Assert.Equal(200, (int)answer.StatusCode);
        await AssertSettledAsync(wallet, await BookedAsync(wallet, 1));
    }

    [Fact]
    public async Task Provider_DripsItsBodyAndTheCallerLeaves_IsNotWaitedFor()
    {
        var (key, wallet) = await Gateway.KeyAsync(Granted / 1_000);
        var asked = new TaskCompletionSource();
        Raw.Answer = async (to, ct) =>
        {
            asked.TrySetResult();
            await to.WriteAsync(RawProvider.Head(1_000), ct);
            await RawProvider.DripAsync(to, new byte[1_000], ct);
        };

        using (var client = await ConnectAsync())
        {
            await client.SendAsync(Request(key, ToRaw), Ct);
            await asked.Task.WaitAsync(Ct);
            await Task.Delay(500, Ct);
        }

        var since = Stopwatch.StartNew();
        var booked = Assert.Single(await BookedAsync(wallet, 1));
        Assert.Equal((short)Outcome.HungUp, booked.Outcome);
        Assert.InRange(since.Elapsed.TotalSeconds, 0, 10);
        await AssertSettledAsync(wallet, [booked]);
    }

    private static byte[] Request(string key, string body) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"POST {Path} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n{body}"));

    // Keeps what it does not read small, so that "does not read" reaches the server soon.
    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 4_096 };
        await socket.ConnectAsync("127.0.0.1", Gateway.Address.Port, Ct);
        return socket;
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
