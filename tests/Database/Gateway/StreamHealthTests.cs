using Microsoft.AspNetCore.Http;

namespace Guerdon.Database.Gateway;

/// <summary>An answer counts for its provider's health as what it was at its end, however well it began.</summary>
public sealed class StreamHealthTests : IAsyncLifetime
{
    private const string Path = "/v1/chat/completions";
    private const string Plain =
        """{"model":"gpt-6-luna","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}""";

    private static readonly string Stream = Plain.Replace("{\"model\"", "{\"stream\":true,\"model\"",
        StringComparison.Ordinal);

    private readonly GatewayServer _gateway = new();
    private ScriptedProvider _provider = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _provider = await ScriptedProvider.StartAsync();
        _gateway.Settings["Gateway:Providers:openai:BaseUrl"] = _provider.Url;
        _gateway.Settings["Gateway:BreakFor"] = "00:00:02";
        await _gateway.InitializeAsync();
    }

    [Theory]
    [InlineData("abort", true)]
    [InlineData("truncate", true)]
    [InlineData("nothing", true)]
    [InlineData("body", true)]
    [InlineData("long", true)]
    [InlineData("whole", false)]
    [InlineData("good", false)]
    public async Task Answers_ThatBeginWellAndBreak_AreFailures(string kind, bool isLeftAlone)
    {
        var (one, _) = await _gateway.KeyAsync(50_000_000);
        var (other, _) = await _gateway.KeyAsync(50_000_000);
        _provider.Answer = (http, _) => AnswerAsync(http, kind);
        var met = "";
        for (var call = 0; call < 24 && !met.Contains("provider_down", StringComparison.Ordinal); call++)
            met = await SaidAsync(call % 2 == 0 ? one : other, IsStream(kind) ? Stream : Plain);
        Assert.Equal(isLeftAlone, met.Contains("provider_down", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("abort")]
    [InlineData("truncate")]
    [InlineData("nothing")]
    [InlineData("body")]
    [InlineData("long")]
    public async Task TriedAgain_AnswerThatBeginsWellAndBreaks_IsNotWell(string kind)
    {
        var (one, _) = await _gateway.KeyAsync(50_000_000);
        var (other, _) = await _gateway.KeyAsync(50_000_000);
        await LeaveAloneAsync(one, other);

        _provider.Answer = (http, _) => AnswerAsync(http, kind);
        await SaidAsync(one, IsStream(kind) ? Stream : Plain);
        Assert.Contains("provider_down", await SaidAsync(one, Plain), StringComparison.Ordinal); // it had its try
        await SaidAsync(other, IsStream(kind) ? Stream : Plain);
        Assert.Contains("provider_down", await SaidAsync(other, Plain), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TriedAgain_StreamThatIsUnderWay_SaysNothingYetAndIsWellAtItsEnd()
    {
        var (one, _) = await _gateway.KeyAsync(50_000_000);
        var (other, _) = await _gateway.KeyAsync(50_000_000);
        await LeaveAloneAsync(one, other);

        var goOn = new TaskCompletionSource();
        _provider.Answer = async (http, body) =>
        {
            if (body.Contains("\"stream\":true", StringComparison.Ordinal)) await AnswerAsync(http, "whole", goOn.Task);
            else await ScriptedProvider.SayAsync(http, 200, ScriptedProvider.Good);
        };
        using var stream = await _gateway.PostAsync(Path, one, Stream);
        await using var read = await stream.Content.ReadAsStreamAsync(Ct);
        Assert.True(await read.ReadAsync(new byte[10], Ct) > 0); // it has begun
        Assert.Contains("provider_down", await SaidAsync(one, Plain), StringComparison.Ordinal);
        goOn.SetResult();
        using var all = new StreamReader(read);
        Assert.Contains("[DONE]", await all.ReadToEndAsync(Ct), StringComparison.Ordinal);
        Assert.Contains("\"Hi\"", await SaidAsync(one, Plain), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Streams_ThatCallersLeave_AreNobodysFailures()
    {
        var (one, _) = await _gateway.KeyAsync(50_000_000);
        var (other, _) = await _gateway.KeyAsync(50_000_000);
        _provider.Answer = (http, _) => AnswerAsync(http, "whole", Task.Delay(300, Ct));
        for (var call = 0; call < 24; call++)
            (await _gateway.PostAsync(Path, call % 2 == 0 ? one : other, Stream)).Dispose(); // which hangs up
        await Task.Delay(1_000, Ct);
        Assert.Equal("Healthy", await HealthAsync());
        Assert.Contains("data: ", await SaidAsync(one, Stream), StringComparison.Ordinal);
    }

    private async Task LeaveAloneAsync(string one, string other)
    {
        _provider.Answer = (http, _) => ScriptedProvider.SayAsync(http, 503, "{}");
        for (var call = 0; call < 30 && await HealthAsync() != "LeftAlone"; call++)
            await SaidAsync(call % 2 == 0 ? one : other, Plain);
        Assert.Equal("LeftAlone", await HealthAsync());
        await Task.Delay(2_100, Ct);
    }

    private static bool IsStream(string kind) => kind is "abort" or "truncate" or "nothing" or "whole";

    private static async Task AnswerAsync(HttpContext http, string kind, Task? goOn = null)
    {
        if (!IsStream(kind))
        {
            http.Response.ContentType = "application/json";
            if (kind != "good") http.Response.ContentLength = 400_000; // more than is read whole
            if (kind == "long") await http.Response.WriteAsync(new string(' ', 200_000), http.RequestAborted);
            await http.Response.WriteAsync(kind == "good" ? ScriptedProvider.Good : "{", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            if (kind != "good") http.Abort();
            return;
        }

        http.Response.ContentType = "text/event-stream";
        await http.Response.Body.FlushAsync(http.RequestAborted);
        if (kind != "nothing")
            await http.Response.WriteAsync("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n",
                http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        if (goOn is not null) await goOn;
        if (kind == "whole")
            await http.Response.WriteAsync(
                "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
                + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":1}}\n\n"
                + "data: [DONE]\n\n", http.RequestAborted);
        if (kind is "abort" or "nothing") http.Abort();
    }

    private async Task<string> SaidAsync(string key, string body)
    {
        try
        {
            using var answer = await _gateway.PostAsync(Path, key, body);
            return await answer.Content.ReadAsStringAsync(Ct);
        }
        catch (HttpRequestException)
        {
            return "cut";
        }
    }

    private async Task<string?> HealthAsync()
    {
        var (_, list) = await _gateway.AskAsync(HttpMethod.Get, "/api/v1/providers");
        return list.EnumerateArray().Single(item => item.GetProperty("name").GetString() == "openai")
            .GetProperty("health").GetProperty("state").GetString();
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _provider.DisposeAsync();
    }
}
