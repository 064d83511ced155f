using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ZstdSharp;

namespace Guerdon.Database.Gateway;

/// <summary>What real tools send that is not in any provider's guide.</summary>
[Collection(Alone.Name)]
public sealed class ClientQuirkTests : IAsyncLifetime
{
    private const string Path = "/v1/chat/completions";
    private const string Body =
        """{"model":"gpt-6-luna","max_tokens":9,"messages":[{"role":"user","content":"Hello"}]}""";

    private readonly GatewayServer _gateway = new();
    private ScriptedProvider _provider = null!;
    private string _key = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _provider = await ScriptedProvider.StartAsync();
        foreach (var name in (string[])["openai", "mistral", "deepseek", "alibaba", "xai"])
            _gateway.Settings[$"Gateway:Providers:{name}:BaseUrl"] = _provider.Url;
        _gateway.Settings["Gateway:AllowedOrigins:0"] = "https://chat.example.com";
        await _gateway.InitializeAsync();
        (_key, _) = await _gateway.KeyAsync(200_000_000);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("raw deflate")]
    [InlineData("zstd")]
    [InlineData("GZIP")]
    [InlineData("identity")]
    [InlineData("gzip, br")]
    [InlineData("zstd, gzip, br, deflate")]
    public async Task Body_Compressed_IsReadAndGoesUpPlain(string codings)
    {
        var packed = codings.Split(", ").Aggregate(Encoding.UTF8.GetBytes(Body), (body, coding) => Pack(body, coding));
        using var answer = await PostAsync(packed, codings.Replace("raw ", "", StringComparison.Ordinal));
        Assert.Equal(200, (int)answer.StatusCode);
        var sent = Assert.Single(_provider.Calls);
        Assert.Equal(Body, sent.Body);
        Assert.False(sent.Headers.ContainsKey("Content-Encoding"));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("zstd")]
    [InlineData("gzip, gzip")]
    [InlineData("zstd, br")]
    public async Task Body_BecomesTooLarge_IsRefusedInBoundedMemory(string codings)
    {
        var zeros = new byte[64 << 20]; // the limit is 1 MB
        var packed = codings.Split(", ").Aggregate(zeros, (body, coding) => Pack(body, coding));
        var before = GC.GetTotalAllocatedBytes();
        using var answer = await PostAsync(packed, codings);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.Equal(413, (int)answer.StatusCode);
        Assert.Contains("more than 1000000 bytes once inflated", text, StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 24 << 20);
        Assert.Empty(_provider.Calls);
    }

    [Fact]
    public async Task Body_OfManyEmptyMembers_IsRefusedByWhatItsStepsHave()
    {
        var empty = Convert.FromHexString("1F8B08000000000000030300" + "0000000000000000");
        var members = new byte[empty.Length * 200_000]; // 4 MB that inflate to nothing, and compress to little
        for (var at = 0; at < members.Length; at += empty.Length) empty.CopyTo(members, at);
        using var answer = await PostAsync(Pack(members, "br"), "gzip, br");
        Assert.Equal(413, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("gzip", "not gzip at all", 400, "not valid gzip")]
    [InlineData("br", "not brotli at all", 400, "not valid br")]
    [InlineData("zstd", "not zstd at all", 400, "not valid zstd")]
    [InlineData("deflate", "not deflate at all", 400, "not valid deflate")]
    [InlineData("compress", "x", 415, "'compress' is not read")]
    [InlineData("gzip, snappy", "x", 415, "'snappy' is not read")]
    [InlineData("br, br, br, br, br", "x", 415, "has 5 codings; up to 4 are read")]
    public async Task Body_IsNotWhatItSays_IsRefusedPrecisely(string codings, string body, int status, string says)
    {
        using var answer = await PostAsync(Encoding.ASCII.GetBytes(body), codings);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(says, text, StringComparison.Ordinal);
        if (status == 415)
            Assert.Equal("gzip, br, deflate, zstd", string.Join(", ", answer.Headers.GetValues("Accept-Encoding")));
    }

    [Theory]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Body_BrokenOffWithin_IsRefused(string coding)
    {
        var packed = Pack(Encoding.UTF8.GetBytes(Body), coding);
        using var answer = await PostAsync(packed[..(packed.Length / 2)], coding);
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Empty(_provider.Calls);
    }

    [Theory]
    [InlineData("GET", "websocket", 426, "gateway.upgrade_required")]
    [InlineData("GET", "WebSocket", 426, "gateway.upgrade_required")]
    [InlineData("GET", null, 404, "gateway.path_not_served")]
    public async Task Responses_AskedToUpgrade_Is426AtOnce(string method, string? upgrade, int status, string code)
    {
        using var request = new HttpRequestMessage(new(method), "/v1/responses");
        if (upgrade is not null)
        {
            request.Headers.Connection.Add("Upgrade");
            request.Headers.TryAddWithoutValidation("Upgrade", upgrade);
        }

        using var answer = await _gateway.Http.SendAsync(request, Ct);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(code, await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mistral-large-2512", "max_tokens")]
    [InlineData("deepseek-v4-pro", "max_tokens")]
    [InlineData("gpt-6-luna", "max_completion_tokens")]
    [InlineData("qwen3.8-max", "max_completion_tokens")]
    public async Task Cap_Lowered_GoesOutByTheProvidersName(string model, string member)
    {
        var (poor, _) = await _gateway.KeyAsync(2_000);
        using var answer = await _gateway.PostAsync(Path, poor,
            $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hello"}]}""");
        Assert.Equal(200, (int)answer.StatusCode);
        var sent = JsonElement.Parse(Assert.Single(_provider.Calls).Body);
        var capped = Assert.Single(answer.Headers.GetValues("x-guerdon-capped-to"));
        Assert.Equal([$"{member}={capped}"], sent.EnumerateObject()
            .Where(m => m.Name.StartsWith("max_", StringComparison.Ordinal)).Select(m => $"{m.Name}={m.Value}"));
    }

    [Theory]
    // What these call max_tokens caps words, and not what the model thinks before them at the same price.
    [InlineData("qwen3.8-max", ",\"max_tokens\":16", 16)]
    [InlineData("grok-4-7", ",\"max_tokens\":16", 16)]
    [InlineData("qwen3.8-max", ",\"max_tokens\":16,\"enable_thinking\":true,\"max_completion_tokens\":9", 9)]
    [InlineData("qwen3.8-max", "", 131_072)] // the model's most: left out, thinking would have a limit of its own
    public async Task Cap_OfAModelThatThinksBesideIt_GoesOutByTheNameThatBoundsBoth(string model, string more, long cap)
    {
        using var answer = await _gateway.PostAsync(Path, _key,
            $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hello"}]{{more}}}""");
        Assert.Equal(200, (int)answer.StatusCode);
        var sent = JsonElement.Parse(Assert.Single(_provider.Calls).Body);
        Assert.Equal([$"max_completion_tokens={cap}"], sent.EnumerateObject()
            .Where(m => m.Name.StartsWith("max_", StringComparison.Ordinal)).Select(m => $"{m.Name}={m.Value}"));
    }

    [Fact]
    public async Task Cap_ByItsNewName_IsRenamedForMistral()
    {
        using var answer = await _gateway.PostAsync(Path, _key, """
            {"model":"mistral-large-2512","max_completion_tokens":77,"messages":[{"role":"user","content":"Hello"}]}
            """);
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Contains("{\"model\":\"mistral-large-2512\",\"max_tokens\":77,", Assert.Single(_provider.Calls).Body,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Authorization", "Bearer {0}")]
    [InlineData("Authorization", "bearer  {0}")]
    [InlineData("x-api-key", "{0}")]
    [InlineData("api-key", "{0}")]
    [InlineData("x-goog-api-key", "{0}")]
    [InlineData("api-key", "{0}", "Authorization", "Bearer sk-stale")]
    [InlineData("x-api-key", "{0}", "Authorization", "Bearer sk-guerdon-of-nobody-that-is-long-enough-to-be-one")]
    [InlineData("x-api-key", "{0}", "Authorization", "Basic dTpw")]
    [InlineData("x-goog-api-key", "{0}", "x-api-key", "sk-ant-stale")]
    [InlineData("Authorization", "Bearer {0}", "x-api-key", "sk-ant-stale")]
    public async Task Key_InAnyHeader_TheFirstOfOursCountsAndNoneGoesUp(params string[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = new StringContent(Body, Encoding.UTF8, "application/json"),
        };
        for (var i = 0; i < headers.Length; i += 2)
            request.Headers.TryAddWithoutValidation(
                headers[i], headers[i + 1].Replace("{0}", _key, StringComparison.Ordinal));
        using var answer = await _gateway.Http.SendAsync(request, Ct);
        Assert.Equal(200, (int)answer.StatusCode);
        var sent = Assert.Single(_provider.Calls).Headers;
        Assert.Equal("Bearer none", sent["Authorization"]);
        Assert.DoesNotContain(sent, h => h.Key.EndsWith("api-key", StringComparison.OrdinalIgnoreCase)
            || h.Value.Contains("stale", StringComparison.Ordinal) || h.Value.Contains(_key, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://chat.example.com", Path, 204)]
    [InlineData("https://chat.example.com", "/v1/messages", 204)]
    [InlineData("https://chat.example.com", "/v1beta/models/m:generateContent", 204)]
    [InlineData("https://chat.example.com.evil.example", Path, 403)]
    [InlineData("http://chat.example.com", Path, 403)]
    [InlineData("null", Path, 403)]
    [InlineData("https://chat.example.com", "/api/v1/keys", 405)]
    public async Task Preflight_ListedOriginsOnTheGatewaysRoutesAlone(string origin, string path, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,x-stainless-os");
        using var answer = await _gateway.Http.SendAsync(request, Ct);
        Assert.Equal(status, (int)answer.StatusCode);
        var isAllowed = status == 204;
        Assert.Equal(isAllowed ? origin : null, Of("Access-Control-Allow-Origin"));
        Assert.Equal(
            isAllowed ? "authorization,content-type,x-stainless-os" : null, Of("Access-Control-Allow-Headers"));
        Assert.Equal(
            isAllowed, Of("Access-Control-Allow-Methods")?.Contains("POST", StringComparison.Ordinal) ?? false);
        Assert.Null(Of("Access-Control-Allow-Credentials"));

        string? Of(string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
    }

    [Theory]
    [InlineData("https://chat.example.com", true)]
    [InlineData("https://other.example.com", false)]
    public async Task Call_FromAPage_IsReadableByListedOrigins(string origin, bool isReadable)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = new StringContent(Body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Origin", origin);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _key);
        using var answer = await _gateway.Http.SendAsync(request, Ct);
        Assert.Equal(isReadable, answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed));
        if (isReadable) Assert.Equal(origin, Assert.Single(allowed!));
    }

    [Theory]
    [InlineData("/v1/chat/completions/", 200, "")]
    [InlineData("/v1/chat/completions?beta=true&x=1", 200, "")]
    [InlineData("/v1/v1/chat/completions", 404, "version twice")]
    [InlineData("/chat/completions", 404, "lacks the version")]
    [InlineData("/messages", 404, "lacks the version")]
    public async Task Address_NearlyRight_IsServedOrSaid(string path, int status, string says)
    {
        using var answer = await _gateway.PostAsync(path, _key, Body);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(says, await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Body_AskedForOrOfNoLength_IsRead(bool expects, bool isChunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = new StringContent(Body, Encoding.UTF8, "application/json"),
        };
        request.Headers.ExpectContinue = expects;
        request.Headers.TransferEncodingChunked = isChunked;
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _key);
        using var answer = await _gateway.Http.SendAsync(request, Ct);
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(Body, Assert.Single(_provider.Calls).Body);
    }

    [Fact]
    public async Task Compact_IsMetered()
    {
        var (key, wallet) = await _gateway.KeyAsync(20_000_000);
        _provider.Answer = (http, _) => ScriptedProvider.SayAsync(http, 200, """
            {"id":"resp_1","object":"response.compaction","created_at":1,
             "output":[{"type":"compaction","id":"c","encrypted_content":"x"}],
             "usage":{"input_tokens":1000,"input_tokens_details":{"cached_tokens":400},"output_tokens":70,
                      "output_tokens_details":{"reasoning_tokens":20},"total_tokens":1070}}
            """);
        using var answer = await _gateway.PostAsync("/v1/responses/compact", key,
            """{"model":"gpt-6-luna","input":[{"role":"user","content":"Hello"}],"instructions":"Be short."}""");

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal("/v1/responses/compact", Assert.Single(_provider.Calls).Path);
        var booked = Assert.Single(await _gateway.RecordsAsync(wallet));
        Assert.Equal((600, 400, 70, 20), (booked.Input, booked.Cached_Input, booked.Output, booked.Reasoning));
        // 600 × 0.1 + 400 × 0.01 + 70 × 0.5 USD a million
        Assert.Equal("0.000099", Assert.Single(answer.Headers.GetValues("x-guerdon-cost-usd")));
    }

    [Fact]
    public async Task Compact_OfTheSandbox_SaysWhatItUsed()
    {
        using var direct = new HttpClient { BaseAddress = _gateway.Sandbox.Address };
        const string body = """{"model":"gpt-6-luna","input":"Explain the plan."}""";
        direct.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "any");
        using var answer = await direct.PostAsync(
            new Uri("v1/responses/compact", UriKind.Relative),
            new StringContent(body, Encoding.UTF8, "application/json"), Ct);
        var said = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Ct));
        Assert.Equal("response.compaction", said.GetProperty("object").GetString());
        Assert.True(said.GetProperty("usage").GetProperty("output_tokens").GetInt64() > 0);
    }

    private Task<HttpResponseMessage> PostAsync(byte[] body, string codings)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Encoding", codings);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _key);
        return _gateway.Http.SendAsync(request, Ct);
    }

    private static byte[] Pack(byte[] body, string coding)
    {
        if (coding == "identity") return body;
        using var packed = new MemoryStream();
        using (Stream to = coding.ToUpperInvariant() switch
        {
            "BR" => new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "DEFLATE" => new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "RAW DEFLATE" => new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "ZSTD" => new CompressionStream(packed, leaveOpen: true),
            _ => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
        }) to.Write(body);
        return packed.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _provider.DisposeAsync();
    }
}
