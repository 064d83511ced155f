using Dapper;
using Guerdon.Ledger;
using Guerdon.Metering.Requests;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Database.Gateway;

/// <summary>
/// A caller that hangs up pays what the provider did, or the most that it can still do where we stop listening.
/// </summary>
public sealed class HangUpTests : IAsyncLifetime
{
    private const string Chat =
        """{"model":"gpt-6-luna","max_tokens":20000,"messages":[{"role":"user","content":"Hello"}]}""";

    private const string Messages =
        """{"model":"claude-haiku-4-5","max_tokens":20000,"messages":[{"role":"user","content":"Hello"}]}""";

    private readonly GatewayServer _gateway = new();
    private ScriptedProvider _provider = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private async Task StartAsync(string drainFor = "00:00:01", string drainBytes = "1000000")
    {
        _gateway.Settings["Gateway:DrainFor"] = drainFor;
        _gateway.Settings["Gateway:DrainBytes"] = drainBytes;
        _gateway.Settings["Gateway:AnswerWithin"] = "00:00:05"; // longer than a busy machine pauses
        await _gateway.InitializeAsync();
    }

    public async ValueTask InitializeAsync()
    {
        _provider = await ScriptedProvider.StartAsync();
        _gateway.Settings["Gateway:Providers:openai:BaseUrl"] = _provider.Url;
        _gateway.Settings["Gateway:Providers:anthropic:BaseUrl"] = _provider.Url;
    }

    [Theory]
    [InlineData("00:00:01", "1000000")]
    [InlineData("00:05:00", "2000")]
    public async Task Stream_NotOverWithinTheDrain_IsChargedItsHold(string drainFor, string drainBytes)
    {
        await StartAsync(drainFor, drainBytes);
        _provider.Answer = EndlessAsync("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n");
        var booked = await HangUpAsync("/v1/chat/completions", Chat[..^1] + ",\"stream\":true}");
        Assert.Equal(booked.Held_Milli, booked.Charged_Milli);
        Assert.Equal(20_000, booked.Output);
        // 0.125 (the dearest input: a cache write) × what its 120 bytes can be, and 20,000 × 0.5, USD a million
        Assert.Equal(booked.Cache_Write_5m * 125 + 20_000 * 500L, booked.Cost_Nanos);
    }

    [Fact]
    public async Task Stream_ThatToldItsInput_IsChargedThatAndItsCap()
    {
        await StartAsync();
        _provider.Answer = EndlessAsync("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":"
            + "{\"type\":\"text_delta\",\"text\":\"a\"}}\n\n",
            "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":"
                + "{\"input_tokens\":11,\"output_tokens\":1}}}\n\n");
        var booked = await HangUpAsync("/v1/messages", Messages[..^1] + ",\"stream\":true}");
        Assert.Equal((11, 20_000), (booked.Input, booked.Output));
        Assert.Equal(11 * 1_000L + 20_000 * 5_000L, booked.Cost_Nanos);
        Assert.InRange(booked.Charged_Milli, 1, booked.Held_Milli);
    }

    [Fact]
    public async Task Answer_NotBegunWithinTheDrain_IsChargedItsHold()
    {
        await StartAsync();
        _provider.Answer = (http, _) => Task.Delay(TimeSpan.FromSeconds(20), http.RequestAborted);
        var booked = await HangUpAsync("/v1/chat/completions", Chat);
        Assert.Equal(booked.Held_Milli, booked.Charged_Milli);
    }

    [Fact]
    public async Task Answer_WithinTheDrain_IsChargedToTheToken()
    {
        await StartAsync("00:00:10");
        _provider.Answer = async (http, _) =>
        {
            await Task.Delay(1_000, http.RequestAborted);
            await ScriptedProvider.SayAsync(http, 200, ScriptedProvider.Good);
        };
        var booked = await HangUpAsync("/v1/chat/completions", Chat, RecordState.Settled);
        Assert.Equal((5, 1, 5 * 100L + 500), (booked.Input, booked.Output, booked.Cost_Nanos));
    }

    [Fact]
    public async Task Answer_NeverComes_IsChargedItsHold()
    {
        await StartAsync();
        var (key, wallet) = await _gateway.KeyAsync(200_000_000);
        _provider.Answer = (http, _) => Task.Delay(TimeSpan.FromSeconds(20), http.RequestAborted);
        using var answer = await _gateway.PostAsync("/v1/chat/completions", key, Chat);
        Assert.Equal(504, (int)answer.StatusCode);
        var booked = await BookedAsync(wallet);
        Assert.Equal((booked.Held_Milli, (short)Outcome.Cut), (booked.Charged_Milli, booked.Outcome));
    }

    // What a search reads, and how often, no usage says of an answer that was cut: its hold does, fee and all.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Call_WithTheProvidersOwnTools_CutOff_IsChargedItsHold(bool hangsUp)
    {
        await StartAsync();
        const string searches = """
            ,"tools":[{"type":"web_search_20250305","name":"web_search","max_uses":2}]}
            """;
        Row booked;
        if (hangsUp)
        {
            _provider.Answer = EndlessAsync("event: ping\ndata: {\"type\":\"ping\"}\n\n");
            booked = await HangUpAsync("/v1/messages", Messages[..^1] + ",\"stream\":true" + searches);
        }
        else
        {
            var (key, wallet) = await _gateway.KeyAsync(2_000_000_000);
            _provider.Answer = (http, _) => Task.Delay(TimeSpan.FromSeconds(20), http.RequestAborted);
            using var answer = await _gateway.PostAsync("/v1/messages", key, Messages[..^1] + searches);
            Assert.Equal(504, (int)answer.StatusCode);
            booked = await BookedAsync(wallet);
            Assert.Equal((short)Outcome.Cut, booked.Outcome);
        }

        // At least both fees (0.02 USD are 20,000 tokens) and the answer (20,000 at 5 USD a million are 100,000).
        Assert.True(booked.Held_Milli > 120_000_000, $"{booked.Held_Milli}");
        Assert.Equal(booked.Held_Milli, booked.Charged_Milli);
        Assert.Equal((0L, 0L), (booked.Input, booked.Output)); // what it used is not known
        Assert.Equal(booked.Held_Milli, booked.Cost_Nanos); // at 1,000 nano-USD a token
        Assert.Equal((short)RecordState.Estimated, booked.State);
    }

    private static Func<HttpContext, string, Task> EndlessAsync(string piece, string first = "") => async (http, _) =>
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync(first, http.RequestAborted);
        while (true)
        {
            await http.Response.WriteAsync(piece, http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            await Task.Delay(10, http.RequestAborted);
        }
    };

    private async Task<Row> HangUpAsync(string path, string body, RecordState state = RecordState.Estimated)
    {
        var (key, wallet) = await _gateway.KeyAsync(2_000_000_000);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var leaves = LeaveAsync(leaving);
        try
        {
            using var answer = await _gateway.PostAsync(path, key, body, ct: leaving.Token);
            await answer.Content.CopyToAsync(Stream.Null, leaving.Token);
        }
        catch (OperationCanceledException)
        {
        }

        await leaves;
        var booked = await BookedAsync(wallet);
        Assert.Equal(((short)Outcome.HungUp, (short)state), (booked.Outcome, booked.State));
        var balance = await _gateway.SettledBalanceAsync(wallet);
        Assert.Equal((0L, booked.Charged_Milli), (balance.Escrow.Milli, balance.Spent.Milli));
        return booked;
    }

    // Once the provider has the call.
    private async Task LeaveAsync(CancellationTokenSource leaving)
    {
        while (_provider.Calls.IsEmpty) await Task.Delay(20, Ct);
        await Task.Delay(300, Ct);
        await leaving.CancelAsync();
    }

    private async Task<Row> BookedAsync(WalletId wallet)
    {
        await _gateway.RecordsAsync(wallet);
        await using var connection = await _gateway.Db.OpenConnectionAsync(Ct);
        return await connection.QuerySingleAsync<Row>(
            """
            select state, outcome, charged_milli, held_milli, cost_nanos, input, cache_write_5m, output
              from metering.request where wallet_id = @wallet
            """, new { wallet = wallet.Value });
    }

    private sealed record Row
    {
        public short State { get; init; }
        public short Outcome { get; init; }
        public long Charged_Milli { get; init; }
        public long Held_Milli { get; init; }
        public long Cost_Nanos { get; init; }
        public long Input { get; init; }
        public long Cache_Write_5m { get; init; }
        public long Output { get; init; }
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _provider.DisposeAsync();
    }
}
