using System.Net.Http.Headers;
using System.Text;
using Guerdon.Database.Gateway;
using Guerdon.Providers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Providers;

/// <summary>
/// One person's failures never keep a provider from others, however many and of whatever kind; a provider that is ill,
/// or a key that is revoked, is still found out.
/// </summary>
public sealed class SharedHealthTests : IAsyncLifetime
{
    private const string Path = "/v1/chat/completions";
    private const string Good =
        """{"model":"gpt-6-luna","max_tokens":9,"messages":[{"role":"user","content":"good"}]}""";

    private static readonly string Bad = Good.Replace("good", "bad", StringComparison.Ordinal);

    private readonly GatewayServer _gateway = new();
    private ScriptedProvider _provider = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _provider = await ScriptedProvider.StartAsync();
        _gateway.Settings["Gateway:Providers:openai:BaseUrl"] = _provider.Url;
        _gateway.Settings["Gateway:Providers:openai:ApiKey"] = "sk-company";
        _gateway.Settings["Gateway:BreakFor"] = "00:00:01";
        await _gateway.InitializeAsync();
    }

    public static TheoryData<string, int> Kinds
    {
        get
        {
            var all = new TheoryData<string, int>();
            foreach (var calls in (int[])[5, 50])
                foreach (var kind in (string[])["header", "organization", "mismatched", "unclear401", "model403",
                "unclear403", "400", "404", "429", "500", "503", "reset", "hangup", "broken", "mixed", "200", "200s"])
                    all.Add(kind, calls);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task OnePersonsCallsFail_AnothersAreAnsweredThroughout(string kind, int calls)
    {
        var (mischief, _) = await _gateway.KeyAsync(20_000_000);
        var (other, _) = await _gateway.KeyAsync(20_000_000);
        string[] kinds = ["header", "organization", "mismatched", "unclear401", "model403", "unclear403", "500",
            "reset", "hangup", "broken"];
        _provider.Answer = async (http, body) =>
        {
            if (!body.Contains("bad:", StringComparison.Ordinal)) await ScriptedProvider.SayAsync(http, 200,
                ScriptedProvider.Good);
            else await FailAsync(http, body);
        };

        for (var call = 0; call < calls; call++)
        {
            await FailOnceAsync(mischief, kind == "mixed" ? kinds[call % kinds.Length] : kind);
            using var answer = await _gateway.PostAsync(Path, other, Good);
            Assert.Equal(200, (int)answer.StatusCode);
        }

        using var last = await _gateway.PostAsync(Path, other, Good);
        Assert.Equal(200, (int)last.StatusCode);
        Assert.Equal("Healthy", await HealthAsync());
        Assert.All(_provider.Calls.Concat(_provider.Probes), sent =>
        {
            Assert.Equal("Bearer sk-company", sent.Headers["Authorization"]);
            Assert.DoesNotContain(sent.Headers.Keys, name => name.StartsWith("OpenAI-", StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task OnePersonAlone_HalfOfAllTheirCallsFail_TheirGoodOnesAreAnswered()
    {
        var (key, _) = await _gateway.KeyAsync(20_000_000);
        _provider.Answer = (http, body) => body.Contains("bad:", StringComparison.Ordinal)
            ? ScriptedProvider.SayAsync(http, 500, "{}") : ScriptedProvider.SayAsync(http, 200, ScriptedProvider.Good);
        for (var call = 0; call < 30; call++)
        {
            await FailOnceAsync(key, "500");
            using var answer = await _gateway.PostAsync(Path, key, Good);
            Assert.Equal(200, (int)answer.StatusCode);
        }
    }

    [Fact]
    public async Task ProviderIsIll_TwoPeopleSeeIt_IsLeftAloneAndTriedAgain()
    {
        var (one, _) = await _gateway.KeyAsync(20_000_000);
        var (other, _) = await _gateway.KeyAsync(20_000_000);
        var isIll = true;
        _provider.Answer = (http, _) => ScriptedProvider.SayAsync(
            http, isIll ? 503 : 200, isIll ? "{}" : ScriptedProvider.Good);
        var met = "";
        for (var call = 0; call < 20 && !met.Contains("provider_down", StringComparison.Ordinal); call++)
            met = await SaidAsync(call % 2 == 0 ? one : other, Good);
        Assert.Contains("gateway.provider_down", met, StringComparison.Ordinal);
        Assert.Equal("LeftAlone", await HealthAsync());
        var alarms = _gateway.Services.GetRequiredService<GatewayAlarms>();
        Assert.Equal(HealthState.LeftAlone, Assert.Single(await alarms.ProvidersAsync(Ct)).Health.State);

        isIll = false;
        await Task.Delay(1_100, Ct);
        using var answer = await _gateway.PostAsync(Path, one, Good);
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal("Healthy", await HealthAsync());
        Assert.Empty(await alarms.ProvidersAsync(Ct));
    }

    [Theory]
    [InlineData(Overloaded, false)]
    [InlineData(Overloaded, true)]
    [InlineData("""{"error":{"message":"Something went wrong"}}""", false)]
    [InlineData("""{"error":{"code":502,"message":"Provider returned error"}}""", true)]
    public async Task ErrorBehindAGoodStatus_TwoPeopleSeeIt_IsLeftAloneAndTriedAgain(string error, bool isStream)
    {
        var (one, _) = await _gateway.KeyAsync(20_000_000);
        var (other, _) = await _gateway.KeyAsync(20_000_000);
        _provider.Answer = (http, _) => BehindGoodAsync(http, error, isStream);
        var met = "";
        for (var call = 0; call < 20 && !met.Contains("provider_down", StringComparison.Ordinal); call++)
            met = await SaidAsync(call % 2 == 0 ? one : other, Good);
        Assert.Contains("gateway.provider_down", met, StringComparison.Ordinal);
        Assert.Equal("LeftAlone", await HealthAsync());

        if (!isStream)
        {
            await Task.Delay(1_100, Ct); // tried again, and it is no better: a good status alone does not end it
            await SaidAsync(one, Good);
            Assert.Contains("provider_down", await SaidAsync(one, Good), StringComparison.Ordinal);
        }

        _provider.Answer = (http, _) => ScriptedProvider.SayAsync(http, 200, ScriptedProvider.Good);
        await Task.Delay(1_100, Ct);
        Assert.Contains("\"Hi\"", await SaidAsync(other, Good), StringComparison.Ordinal);
        Assert.Equal("Healthy", await HealthAsync());
    }

    [Theory]
    [InlineData("""{"error":{"type":"invalid_request_error","code":null,"message":"no"}}""", false)]
    [InlineData("""{"error":{"type":"invalid_request_error","code":"context_length_exceeded"}}""", true)]
    [InlineData("""{"error":{"code":400,"message":"Bad"}}""", false)]
    [InlineData("""{"error":{"type":"server_error","code":"model_not_found"}}""", true)]
    [InlineData("""{"type":"error","code":"rate_limit_exceeded","message":"no"}""", true)]
    public async Task ErrorBehindAGoodStatus_AboutTheRequest_NeverCounts(string error, bool isStream)
    {
        var (one, _) = await _gateway.KeyAsync(20_000_000);
        var (other, _) = await _gateway.KeyAsync(20_000_000);
        _provider.Answer = (http, _) => BehindGoodAsync(http, error, isStream);
        for (var call = 0; call < 30; call++) await SaidAsync(call % 2 == 0 ? one : other, Good);
        Assert.Equal("Healthy", await HealthAsync());
        Assert.Empty(_provider.Probes);
    }

    private const string Overloaded = """{"error":{"type":"server_error","message":"Overloaded"}}""";

    private static async Task BehindGoodAsync(HttpContext http, string error, bool isStream)
    {
        if (!isStream)
        {
            await ScriptedProvider.SayAsync(http, 200, error);
            return;
        }

        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n");
        await http.Response.Body.FlushAsync(http.RequestAborted);
        await http.Response.WriteAsync($"data: {error}\n\n", http.RequestAborted);
    }

    [Fact]
    public async Task ProviderIsIll_OnePersonAndTheProbeSeeIt_IsLeftAlone()
    {
        var (key, _) = await _gateway.KeyAsync(20_000_000);
        _provider.Answer = (http, _) => ScriptedProvider.SayAsync(http, 503, "{}");
        _provider.Probed = http => ScriptedProvider.SayAsync(http, 503, "{}");
        for (var call = 0; call < 40 && await HealthAsync() == "Healthy"; call++) await SaidAsync(key, Good);
        Assert.Equal("LeftAlone", await HealthAsync());
        Assert.Single(_provider.Probes); // one a second, and it was enough
        Assert.Equal("/v1/models", _provider.Probes.Single().Path);
    }

    [Theory]
    [InlineData(200)] // providers whose list is open to anybody: only another person tells
    [InlineData(401)]
    public async Task KeyIsRevoked_IsFoundOut(int probed)
    {
        var (one, _) = await _gateway.KeyAsync(20_000_000);
        var (other, _) = await _gateway.KeyAsync(20_000_000);
        const string no = """{"error":{"code":"invalid_api_key","message":"Incorrect API key provided"}}""";
        _provider.Answer = (http, _) => ScriptedProvider.SayAsync(http, 401, no);
        _provider.Probed = http => ScriptedProvider.SayAsync(http, probed, probed == 200 ? "{}" : no);

        Assert.Contains("gateway.provider_key_refused", await SaidAsync(one, Good), StringComparison.Ordinal);
        if (probed == 200) Assert.Contains("refused", await SaidAsync(other, Good), StringComparison.Ordinal);
        for (var tries = 0; tries < 100 && await HealthAsync() == "Healthy"; tries++) await Task.Delay(20, Ct);
        Assert.Equal("KeyRefused", await HealthAsync());
    }

    private async Task FailOnceAsync(string key, string kind)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_gateway.Address, Path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.Add("OpenAI-Organization", "org-other");
        request.Headers.Add("OpenAI-Project", "proj-other");
        var body = Bad.Replace("bad", "bad:" + kind, StringComparison.Ordinal);
        if (kind == "broken") body = body[..^5];
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (kind == "header") request.Headers.TryAddWithoutValidation("x-app", "caf\u00E9");
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        if (kind == "hangup") hangUp.CancelAfter(50);
        try
        {
            using var utf8 = new HttpClient(new SocketsHttpHandler
            {
                RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
            });
            using var answer = await utf8.SendAsync(request, hangUp.Token);
            if (kind is "organization" or "200" or "200s") Assert.Equal(200, (int)answer.StatusCode);
            else Assert.InRange((int)answer.StatusCode, 400, 599);
            if (kind is "header" or "broken") Assert.Equal(400, (int)answer.StatusCode);
            if (kind is "mismatched" or "model403" or "unclear403") Assert.Equal(403, (int)answer.StatusCode);
        }
        catch (OperationCanceledException) when (kind == "hangup")
        {
        }
    }

    private static async Task FailAsync(HttpContext http, string body)
    {
        var kind = body.Split("bad:")[1].Split('"')[0];
        if (kind == "organization")
        {
            // As OpenAI does with another's: they must not get here.
            var isSent = http.Request.Headers.ContainsKey("OpenAI-Organization");
            await ScriptedProvider.SayAsync(http, isSent ? 401 : 200, ScriptedProvider.Good);
            return;
        }

        if (kind is "200" or "200s") await BehindGoodAsync(http, Overloaded, isStream: kind == "200s");
        else if (kind == "reset") http.Abort();
        else if (kind == "hangup") await Task.Delay(TimeSpan.FromSeconds(1), http.RequestAborted);
        else
        {
            var (status, code) = kind switch
            {
                "mismatched" => (401, "mismatched_organization"),
                "unclear401" => (401, "something_new"),
                "model403" => (403, "model_not_found"),
                "unclear403" => (403, "something_new"),
                _ => (int.Parse(kind, System.Globalization.CultureInfo.InvariantCulture), "x"),
            };
            await ScriptedProvider.SayAsync(http, status,
                "{\"error\":{\"code\":\"" + code + "\",\"message\":\"no\"}}");
        }
    }

    private async Task<string> SaidAsync(string key, string body)
    {
        using var answer = await _gateway.PostAsync(Path, key, body);
        return await answer.Content.ReadAsStringAsync(Ct);
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
