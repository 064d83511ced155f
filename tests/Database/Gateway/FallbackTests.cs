using Guerdon.Metering.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Guerdon.Database.Gateway;

/// <summary>A provider that fails before its first byte is followed by another, and each attempt is settled.</summary>
public sealed class FallbackTests : IAsyncLifetime
{
    private const string Path = "/v1/chat/completions";
    private const string Body =
        """{"model":"gpt-6-luna","max_tokens":500,"messages":[{"role":"user","content":"Explain the plan."}]}""";

    private readonly GatewayServer _gateway = new();
    private WebApplication _ill = null!;
    private int _status = 503;
    private int _called;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _ill = builder.Build();
        _ill.Run(http =>
        {
            if (HttpMethods.IsPost(http.Request.Method)) Interlocked.Increment(ref _called);
            http.Response.StatusCode = _status;
            return http.Response.WriteAsync("""{"error":{"message":"ill","type":"server_error"}}""", Ct);
        });
        await _ill.StartAsync(Ct);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Provider_FailsBeforeItsFirstByte_AnotherAnswersAndBothAreOnRecord(int status)
    {
        await StartAsync(_ill.Urls.Single(), withSpare: true);
        _status = status;
        var (key, wallet) = await _gateway.KeyAsync(1_000_000);

        using var answer = await _gateway.PostAsync(Path, key, Body);

        Assert.Equal(200, (int)answer.StatusCode);
        var records = await _gateway.RecordsAsync(wallet, 2);
        Assert.Equal(
            [("openai", (short)Outcome.ProviderError, (short)status), ("spare", (short)Outcome.Answered, (short)200)],
            records.Select(r => (r.Provider, r.Outcome, r.Http_Status)));
        Assert.Equal(0, records[0].Charged_Milli);
        Assert.True(records[1].Charged_Milli > 0);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(504)]
    public async Task Provider_RefusesOrMayHaveWorked_IsNotFollowed(int status)
    {
        await StartAsync(_ill.Urls.Single(), withSpare: true);
        _status = status;
        var (key, wallet) = await _gateway.KeyAsync(1_000_000);

        using var answer = await _gateway.PostAsync(Path, key, Body);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Single(await _gateway.RecordsAsync(wallet));
    }

    [Fact]
    public async Task Provider_NotReached_AnotherAnswersAStream()
    {
        await StartAsync("http://127.0.0.1:1", withSpare: true); // nobody listens there
        var (key, wallet) = await _gateway.KeyAsync(1_000_000);

        using var answer = await _gateway.PostAsync(Path, key, Body.Replace("{\"model", "{\"stream\":true,\"model"));

        Assert.Contains("[DONE]", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        var records = await _gateway.RecordsAsync(wallet, 2);
        Assert.Equal([(short)Outcome.Unreachable, (short)Outcome.Answered], records.Select(r => r.Outcome));
    }

    [Fact]
    public async Task Provider_AloneAndItsDoorFails_IsTriedOnceMore()
    {
        await StartAsync(_ill.Urls.Single(), withSpare: false);
        var (key, wallet) = await _gateway.KeyAsync(1_000_000);

        using var answer = await _gateway.PostAsync(Path, key, Body);

        Assert.Equal(503, (int)answer.StatusCode);
        Assert.Equal(2, (await _gateway.RecordsAsync(wallet, 2)).Count);
        Assert.Equal(2, _called);
    }

    [Fact]
    public async Task Provider_FailsTooOften_IsLeftAloneAndTriedAgainLater()
    {
        await StartAsync(_ill.Urls.Single(), withSpare: true);
        var (key, _) = await _gateway.KeyAsync(1_000_000);
        for (var i = 0; i < 30; i++)
        {
            using var answer = await _gateway.PostAsync(Path, key, Body);
            Assert.Equal(200, (int)answer.StatusCode);
        }

        Assert.InRange(_called, 10, 20); // from the tenth on a probe is asked, and calls go on until it has failed too

        _status = 200; // well again: what it says is no completion, but it answers
        var called = _called;
        for (var tries = 0; _called < called + 3 && tries < 100; tries++)
        {
            await Task.Delay(100, Ct);
            using var answer = await _gateway.PostAsync(Path, key, Body);
        }

        Assert.True(_called >= called + 3);
    }

    [Fact]
    public async Task Providers_AllDown_CallerIsToldWhenToComeBack()
    {
        await StartAsync(_ill.Urls.Single(), withSpare: false);
        var (key, wallet) = await _gateway.KeyAsync(1_000_000);
        for (var i = 0; i < 8; i++) (await _gateway.PostAsync(Path, key, Body)).Dispose();
        var (answer, text, booked) = (new HttpResponseMessage(), "", 0);
        for (var tries = 0; tries < 50 && !text.Contains("gateway.provider_down", StringComparison.Ordinal); tries++)
        {
            await Task.Delay(500, Ct); // until a probe has met the same
            booked = (await _gateway.RecordsAsync(wallet)).Count;
            answer.Dispose();
            answer = await _gateway.PostAsync(Path, key, Body);
            text = await answer.Content.ReadAsStringAsync(Ct);
        }

        using var last = answer;
        Assert.Equal(503, (int)last.StatusCode);
        Assert.Contains("gateway.provider_down", text, StringComparison.Ordinal);
        Assert.NotNull(last.Headers.RetryAfter);
        Assert.Equal(booked, (await _gateway.RecordsAsync(wallet)).Count);
    }

    private async Task StartAsync(string openai, bool withSpare)
    {
        _gateway.Settings["Gateway:Providers:openai:BaseUrl"] = openai;
        _gateway.Settings["Gateway:BreakFor"] = "00:00:01";
        _gateway.HasSpare = withSpare;
        await _gateway.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _ill.DisposeAsync();
        await _gateway.DisposeAsync();
    }
}
