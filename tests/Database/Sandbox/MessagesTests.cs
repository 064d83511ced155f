using System.Text.Json;

namespace Guerdon.Database.Sandbox;

public class MessagesTests
{
    private const string Path = "/v1/messages";

    [Fact]
    public async Task Stream_Thinking_HasAnthropicsEventsInOrder()
    {
        await using var server = await SandboxServer.Start();
        var events = await server.PostStream(Path, Body("""
            "stream":true,"thinking":{"type":"enabled","budget_tokens":1024},
            """), "tokens=60");
        var names = new List<string>();
        foreach (var (name, _) in events)
            if (names.Count == 0 || names[^1] != name) names.Add(name);
        Assert.Equal([
            "message_start", "ping", "content_block_start", "content_block_delta", "content_block_stop",
            "content_block_start", "content_block_delta", "content_block_stop", "message_delta",
            "message_stop"], names);
        Assert.All(events, item =>
            Assert.Equal(item.Name, JsonElement.Parse(item.Data).GetProperty("type").GetString()));

        var start = JsonElement.Parse(events[0].Data).GetProperty("message").GetProperty("usage");
        var delta = JsonElement.Parse(events[^2].Data).GetProperty("usage");
        Assert.Equal(1, start.GetProperty("output_tokens").GetInt32());
        Assert.Equal(60, delta.GetProperty("output_tokens").GetInt32());
        Assert.Equal(start.GetProperty("input_tokens").GetInt32(), delta.GetProperty("input_tokens").GetInt32());
    }

    [Fact]
    public async Task Reply_CachedSystem_IsWrittenOnceThenReadAndAddsUp()
    {
        await using var server = await SandboxServer.Start();
        var system = new string('s', 8_000); // 2,000 tokens
        var body = Body($$$"""
            "system":[{"type":"text","text":"{{{system}}}","cache_control":{"type":"ephemeral","ttl":"1h"}}],
            """);
        var first = (await server.PostJson(Path, body)).GetProperty("usage");
        var second = (await server.PostJson(Path, body)).GetProperty("usage");
        var counted = await server.PostJson("/v1/messages/count_tokens", body);

        Assert.Equal(2_000, first.GetProperty("cache_creation_input_tokens").GetInt32());
        Assert.Equal(2_000, first.GetProperty("cache_creation").GetProperty("ephemeral_1h_input_tokens").GetInt32());
        Assert.Equal(0, first.GetProperty("cache_creation").GetProperty("ephemeral_5m_input_tokens").GetInt32());
        Assert.Equal(0, first.GetProperty("cache_read_input_tokens").GetInt32());
        Assert.Equal(0, second.GetProperty("cache_creation_input_tokens").GetInt32());
        Assert.Equal(2_000, second.GetProperty("cache_read_input_tokens").GetInt32());
        Assert.Equal(5, second.GetProperty("input_tokens").GetInt32()); // "Hi there": 2, and the message: 3
        Assert.Equal(2_005, counted.GetProperty("input_tokens").GetInt32());
    }

    [Fact]
    public async Task Reply_FiveBreakpoints_AreRefused()
    {
        await using var server = await SandboxServer.Start();
        var block = """{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}""";
        var system = string.Join(',', Enumerable.Repeat(block, 5));
        using var response = await server.Post(Path, Body($"\"system\":[{system}],"));
        Assert.Equal(400, (int)response.StatusCode);
    }

    [Fact]
    public async Task Root_HeadAndGet_Answer200()
    {
        await using var server = await SandboxServer.Start();
        using var head = new HttpRequestMessage(HttpMethod.Head, "/");
        using var answered = await server.Http.SendAsync(head, TestContext.Current.CancellationToken);
        using var got = await server.Http.GetAsync("/", TestContext.Current.CancellationToken);
        Assert.Equal([200, 200], [(int)answered.StatusCode, (int)got.StatusCode]);
    }

    [Fact]
    public async Task Models_AnthropicVersionHeader_DecidesTheShape()
    {
        await using var server = await SandboxServer.Start();
        var openAi = await Models(server, null);
        var anthropic = await Models(server, "2023-06-01");
        Assert.Equal("list", openAi.GetProperty("object").GetString());
        Assert.False(anthropic.GetProperty("has_more").GetBoolean());
        Assert.Equal("model", anthropic.GetProperty("data")[0].GetProperty("type").GetString());
    }

    private static async Task<JsonElement> Models(SandboxServer server, string? version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        if (version is not null) request.Headers.Add("anthropic-version", version);
        using var response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private const string Rest =
        """ "model":"claude-sonnet-5","max_tokens":500,"messages":[{"role":"user","content":"Hi there"}]} """;

    private static string Body(string more) => "{" + more + Rest;
}
