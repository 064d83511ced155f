using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Database.Gateway;

/// <summary>What goes up and comes down of headers, over real connections.</summary>
public sealed class RelayedHeaderTests : IAsyncLifetime
{
    private const string Path = "/v1/chat/completions";
    private const string Body =
        """{"model":"gpt-6-luna","max_tokens":9,"messages":[{"role":"user","content":"Hello"}]}""";

    private readonly GatewayServer _gateway = new();
    private ScriptedProvider _provider = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _provider = await ScriptedProvider.StartAsync();
        _gateway.Settings["Gateway:Providers:openai:BaseUrl"] = _provider.Url;
        _gateway.Settings["Gateway:Providers:openai:ApiKey"] = "sk-company";
        await _gateway.InitializeAsync();
    }

    [Fact]
    public async Task Up_EveryHeaderOfTheWorld_TheListAlonePasses()
    {
        var (key, _) = await _gateway.KeyAsync(20_000_000);
        using var request = Request(key);
        string[] pass = ["anthropic-beta", "openai-beta", "session_id", "user-agent", "x-app", "x-stainless-lang"];
        string[] stay =
        [
            "api-key", "x-api-key", "x-goog-api-key", "cookie", "openai-organization", "openai-project",
            "idempotency-key", "x-forwarded-for", "x-goog-fieldmask", "x-anything", "x-stainless-anything",
            "x-guerdon-a", "origin", "referer", "forwarded", "proxy-authorization", "anthropic-organization-id",
        ];
        foreach (var name in pass.Concat(stay)) request.Headers.TryAddWithoutValidation(name, "mine-" + name);
        using var answer = await _gateway.Http.SendAsync(request, Ct);
        Assert.Equal(200, (int)answer.StatusCode);

        var sent = Assert.Single(_provider.Calls).Headers;
        Assert.Equal(pass.Order(), sent.Where(h => h.Value.StartsWith("mine-", StringComparison.Ordinal))
            .Select(h => h.Key.ToLowerInvariant()).Order());
        Assert.Equal("Bearer sk-company", sent["Authorization"]);
        Assert.Equal("identity", sent["Accept-Encoding"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Down_EveryHeaderOfTheWorld_TheListAlonePasses(bool isStream)
    {
        var (key, _) = await _gateway.KeyAsync(20_000_000);
        _provider.Answer = (http, _) =>
        {
            foreach (var name in (string[])["Location", "Set-Cookie", "Clear-Site-Data", "Strict-Transport-Security",
                "Alt-Svc", "Refresh", "Link", "NEL", "Report-To", "Access-Control-Allow-Origin", "Content-Location",
                "X-Accel-Redirect", "openai-organization", "anthropic-organization-id", "x-guerdon-charge", "Via",
                "WWW-Authenticate", "Content-Disposition", "Server-Timing", "X-Anything"])
                http.Response.Headers[name] = "theirs";
            http.Response.Headers["x-request-id"] = "theirs-1";
            http.Response.Headers["x-ratelimit-remaining-tokens"] = "theirs-2";
            if (!isStream) return ScriptedProvider.SayAsync(http, 200, ScriptedProvider.Good);
            http.Response.ContentType = "text/event-stream";
            return http.Response.WriteAsync("data: [DONE]\n\n", Ct);
        };
        using var request = Request(key, isStream);
        using var answer = await _gateway.Http.SendAsync(request, Ct);

        Assert.Equal(["x-ratelimit-remaining-tokens: theirs-2", "x-request-id: theirs-1"],
            answer.Headers.Concat(answer.Content.Headers)
                .Where(h => h.Value.Any(v => v.StartsWith("theirs", StringComparison.Ordinal)))
                .Select(h => $"{h.Key.ToLowerInvariant()}: {string.Join(",", h.Value)}")
                .Order(StringComparer.Ordinal));
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Equal(isStream, answer.Headers.Contains("X-Accel-Buffering"));
    }

    [Theory]
    [InlineData("x-app", "caf\u00E9")]
    [InlineData("user-agent", "\u0080")]
    [InlineData("anthropic-beta", "a\u4E2Db")]
    public async Task Up_CannotBeSent_IsRefusedBeforeAnythingIsHeld(string name, string value)
    {
        var (key, wallet) = await _gateway.KeyAsync(20_000_000);
        using var client = new HttpClient(new SocketsHttpHandler
        {
            RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        });
        using var request = Request(key);
        request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await client.SendAsync(request, Ct);

        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains("gateway.unsendable_header", text, StringComparison.Ordinal);
        Assert.Contains($"'{name}'", text, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(_provider.Calls);
        Assert.Empty(await _gateway.RecordsAsync(wallet, 0));
    }

    [Theory]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(304)]
    public async Task Provider_Redirects_IsAFailureOfItsOwn(int status)
    {
        var (key, wallet) = await _gateway.KeyAsync(20_000_000);
        _provider.Answer = (http, _) =>
        {
            http.Response.Headers.Location = "https://evil.example/";
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        };
        using var request = Request(key);
        using var answer = await _gateway.Http.SendAsync(request, Ct);
        Assert.Equal(502, (int)answer.StatusCode);
        Assert.Contains(
            "gateway.upstream_redirects", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Null(answer.Headers.Location);
        Assert.Equal(0, Assert.Single(await _gateway.RecordsAsync(wallet)).Charged_Milli);
    }

    [Fact]
    public async Task Provider_AnswersAPage_IsNoPageOfOurs()
    {
        var (key, _) = await _gateway.KeyAsync(20_000_000);
        _provider.Answer = (http, _) =>
        {
            http.Response.StatusCode = 500;
            http.Response.ContentType = "text/html";
            return http.Response.WriteAsync("<script>1</script>", Ct);
        };
        using var request = Request(key);
        using var answer = await _gateway.Http.SendAsync(request, Ct);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }

    private HttpRequestMessage Request(string key, bool isStream = false)
    {
        var body = isStream ? Body[..^1] + ",\"stream\":true}" : Body;
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_gateway.Address, Path))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return request;
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _provider.DisposeAsync();
    }
}
