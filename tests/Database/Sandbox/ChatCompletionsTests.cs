using System.Text.Json;

namespace Guerdon.Database.Sandbox;

public class ChatCompletionsTests
{
    private const string Path = "/v1/chat/completions";
    private const string Small = """{"model":"gpt-6-luna","messages":[{"role":"user","content":"Why is it slow?"}]}""";

    [Fact]
    public async Task Reply_SamePromptInAnotherProcess_IsTheSameAnswer()
    {
        await using var one = await SandboxServer.Start();
        await using var two = await SandboxServer.Start();
        var first = Content(await one.PostJson(Path, Small));
        Assert.Equal(first, Content(await two.PostJson(Path, Small)));
        var other = Small.Replace("slow", "fast", StringComparison.Ordinal);
        Assert.NotEqual(first, Content(await one.PostJson(Path, other)));
    }

    [Fact]
    public async Task Reply_SmallPrompt_CountsTokensByTheRule()
    {
        await using var server = await SandboxServer.Start();
        var reply = await server.PostJson(Path, Small);
        var usage = reply.GetProperty("usage");
        Assert.Equal(3 + 4, usage.GetProperty("prompt_tokens").GetInt32()); // 15 bytes and one message
        Assert.Equal((Content(reply).Length + 3) / 4, usage.GetProperty("completion_tokens").GetInt32());
        Assert.Equal("stop", Choice(reply).GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Reply_CapBelowTheAnswer_IsCutThere()
    {
        await using var server = await SandboxServer.Start();
        var reply = await server.PostJson(Path, Small.Replace("\"messages\"", "\"max_tokens\":7,\"messages\"",
            StringComparison.Ordinal));
        Assert.Equal("length", Choice(reply).GetProperty("finish_reason").GetString());
        Assert.Equal(7, reply.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Equal(28, Content(reply).Length);
    }

    [Fact]
    public async Task Reply_LongPromptTwice_IsCachedTheSecondTime()
    {
        await using var server = await SandboxServer.Start();
        var body = JsonSerializer.Serialize(new
        {
            model = "gpt-6-luna", messages = new[] { new { role = "user", content = new string('x', 6_000) } },
        });
        Assert.Equal(0, Cached(await server.PostJson(Path, body)));
        Assert.Equal(11 * 128, Cached(await server.PostJson(Path, body)));

        static int Cached(JsonElement reply) => reply.GetProperty("usage").GetProperty("prompt_tokens_details")
            .GetProperty("cached_tokens").GetInt32();
    }

    [Fact]
    public async Task Stream_WithoutIncludeUsage_SaysNothingOfUsage()
    {
        await using var server = await SandboxServer.Start();
        var events = await server.PostStream(Path, Streamed(""));
        Assert.Equal("[DONE]", events[^1].Data);
        Assert.DoesNotContain(events, chunk => chunk.Data.Contains("usage", StringComparison.Ordinal));
        Assert.Equal(Content(await server.PostJson(Path, Small)), Joined(events));
    }

    [Fact]
    public async Task Stream_WithIncludeUsage_HasNullsThenAChunkWithoutChoices()
    {
        await using var server = await SandboxServer.Start();
        var events = await server.PostStream(Path, Streamed(""","stream_options":{"include_usage":true}"""));
        Assert.Equal("[DONE]", events[^1].Data);
        var chunks = events[..^1].Select(chunk => JsonElement.Parse(chunk.Data)).ToList();
        Assert.All(chunks[..^1], chunk => Assert.Equal(JsonValueKind.Null, chunk.GetProperty("usage").ValueKind));
        Assert.Equal(0, chunks[^1].GetProperty("choices").GetArrayLength());
        var whole = await server.PostJson(Path, Small);
        Assert.Equal(whole.GetProperty("usage").ToString(), chunks[^1].GetProperty("usage").ToString());
        Assert.Equal("stop", Choice(chunks[^2]).GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Reply_TwoChoices_DifferAndAreBothCounted()
    {
        await using var server = await SandboxServer.Start();
        var body = Small.Replace("\"messages\"", "\"n\":2,\"messages\"", StringComparison.Ordinal);
        var reply = await server.PostJson(Path, body, "tokens=40");
        var texts = reply.GetProperty("choices").EnumerateArray()
            .Select(choice => choice.GetProperty("message").GetProperty("content").GetString()).ToList();
        Assert.Equal(2, texts.Distinct().Count());
        Assert.Equal(80, reply.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Reply_ReasoningEffort_SpendsTheCapOnReasoningFirst()
    {
        await using var server = await SandboxServer.Start();
        var body = Small.Replace("\"messages\"",
            "\"reasoning_effort\":\"medium\",\"max_completion_tokens\":100,\"messages\"", StringComparison.Ordinal);
        var reply = await server.PostJson(Path, body);
        var usage = reply.GetProperty("usage");
        Assert.Equal(100, usage.GetProperty("completion_tokens_details").GetProperty("reasoning_tokens").GetInt32());
        Assert.Equal(100, usage.GetProperty("completion_tokens").GetInt32());
        Assert.Equal("", Content(reply));
        Assert.Equal("length", Choice(reply).GetProperty("finish_reason").GetString());
    }

    private static string Streamed(string more) =>
        Small.Replace("\"messages\"", "\"stream\":true" + more + ",\"messages\"", StringComparison.Ordinal);

    private static JsonElement Choice(JsonElement reply) => reply.GetProperty("choices")[0];

    private static string Content(JsonElement reply) =>
        Choice(reply).GetProperty("message").GetProperty("content").GetString()!;

    private static string Joined(IEnumerable<(string Name, string Data)> events) => string.Concat(
        from chunk in events
        where chunk.Data != "[DONE]"
        let delta = Choice(JsonElement.Parse(chunk.Data)).GetProperty("delta")
        where delta.TryGetProperty("content", out _)
        select delta.GetProperty("content").GetString());
}
