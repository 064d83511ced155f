using System.Net;
using System.Text;
using System.Text.Json;
using Guerdon.Sandbox;

namespace Guerdon.Database.Sandbox;

public class FaultsTests
{
    private const string Chat = "/v1/chat/completions";
    private const string Messages = "/v1/messages";
    private const string ChatBody = """{"model":"m","messages":[{"role":"user","content":"Hello"}]}""";
    private const string ChatStream = """{"model":"m","stream":true,"messages":[{"role":"user","content":"Hello"}]}""";

    private const string MessageStream =
        """{"model":"m","max_tokens":500,"stream":true,"messages":[{"role":"user","content":"Hello"}]}""";

    [Theory]
    [InlineData(Chat, "{", 400, "invalid_request_error")]
    [InlineData(Chat, "[]", 400, "invalid_request_error")]
    [InlineData(Chat, """{"model":"m"}""", 400, "invalid_request_error")]
    [InlineData(Chat, """{"model":"no-such-model","messages":[{}]}""", 404, "invalid_request_error")]
    [InlineData(Chat, """{"model":"m","messages":[{}],"max_tokens":0}""", 400, "invalid_request_error")]
    [InlineData("/v1/responses", """{"model":"m"}""", 400, "invalid_request_error")]
    [InlineData("/v1/embeddings", """{"model":"m","input":[]}""", 400, "invalid_request_error")]
    [InlineData(Messages, "{", 400, "invalid_request_error")]
    [InlineData(Messages, """{"model":"m","messages":[{}]}""", 400, "invalid_request_error")]
    [InlineData(Messages, """{"model":"sandbox-unknown","messages":[{}],"max_tokens":1}""", 404, "not_found_error")]
    public async Task BadRequest_EachDialect_IsRefusedInItsShape(string path, string body, int status, string type)
    {
        await using var server = await SandboxServer.Start();
        using var response = await server.Post(path, body);
        Assert.Equal(status, (int)response.StatusCode);
        await AssertShape(response, path, type);
    }

    [Theory]
    [InlineData(Chat, 429, "requests")]
    [InlineData(Chat, 500, "server_error")]
    [InlineData(Chat, 503, "server_error")]
    [InlineData(Messages, 429, "rate_limit_error")]
    [InlineData(Messages, 500, "api_error")]
    [InlineData(Messages, 529, "overloaded_error")]
    public async Task Status_Asked_IsAnsweredInTheProvidersShape(string path, int status, string type)
    {
        await using var server = await SandboxServer.Start();
        var body = path == Chat ? ChatBody : MessageStream;
        using var response = await server.Post(path, body, $"status={status}; retry-after=7");
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter?.Delta);
        await AssertShape(response, path, type);
    }

    [Theory]
    [InlineData(Chat, "invalid_request_error")]
    [InlineData(Messages, "authentication_error")]
    public async Task Key_Absent_Is401(string path, string type)
    {
        await using var server = await SandboxServer.Start();
        server.Http.DefaultRequestHeaders.Authorization = null;
        using var response = await server.Post(path, path == Chat ? ChatBody : MessageStream);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        await AssertShape(response, path, type);
    }

    [Fact]
    public async Task Directive_InTheLastUserText_WorksAndTheHeaderWins()
    {
        await using var server = await SandboxServer.Start();
        var body = ChatBody.Replace("Hello", "Hello [status=503]", StringComparison.Ordinal);
        using var fromText = await server.Post(Chat, body);
        using var fromHeader = await server.Post(Chat, body, "status=429");
        using var mistyped = await server.Post(Chat, ChatBody, "statos=429");
        Assert.Equal(503, (int)fromText.StatusCode);
        Assert.Equal(429, (int)fromHeader.StatusCode);
        Assert.Equal(400, (int)mistyped.StatusCode);
    }

    [Theory]
    [InlineData(Chat, ChatStream)]
    [InlineData(Messages, MessageStream)]
    public async Task Cut_Stream_BreaksOffAfterThatManyChunks(string path, string body)
    {
        await using var server = await SandboxServer.Start();
        using var response = await server.Post(path, body, "cut=5");
        var received = new MemoryStream();
        await Assert.ThrowsAsync<HttpRequestException>(() =>
            response.Content.CopyToAsync(received, TestContext.Current.CancellationToken));
        Assert.Equal(5, Encoding.UTF8.GetString(received.ToArray()).Split("\n\n").Length - 1);
    }

    [Fact]
    public async Task Cut_WholeReply_BreaksOffInTheBody()
    {
        await using var server = await SandboxServer.Start();
        using var response = await server.Post(Chat, ChatBody, "cut=0");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() =>
            response.Content.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Fail_Stream_EndsWithTheProvidersErrorEvent()
    {
        await using var server = await SandboxServer.Start();
        var chat = await server.PostStream(Chat, ChatStream, "fail=3");
        var messages = await server.PostStream(Messages, MessageStream, "fail=3");
        var responses = await server.PostStream(
            "/v1/responses", """{"model":"m","stream":true,"input":"Hello"}""", "fail=3");
        Assert.Equal([4, 4, 4], [chat.Count, messages.Count, responses.Count]);
        Assert.Contains("\"server_error\"", chat[^1].Data, StringComparison.Ordinal);
        Assert.Equal("error", messages[^1].Name);
        Assert.Equal("response.failed", responses[^1].Name);
    }

    [Theory]
    [InlineData("no-usage", false)]
    [InlineData("null-usage", true)]
    public async Task Usage_TakenAway_IsAbsentOrNullEverywhere(string directive, bool present)
    {
        await using var server = await SandboxServer.Start();
        var included = ChatStream.Replace("true", """true,"stream_options":{"include_usage":true}""",
            StringComparison.Ordinal);
        var events = await server.PostStream(Chat, included, directive);
        events.AddRange(await server.PostStream(Messages, MessageStream, directive));
        var whole = await server.PostJson(Chat, ChatBody, directive);
        Assert.DoesNotContain(events, chunk => chunk.Data.Contains("\"usage\":{", StringComparison.Ordinal));
        Assert.Equal(present, events.Any(chunk => chunk.Data.Contains("\"usage\":null", StringComparison.Ordinal)));
        Assert.Equal(present, whole.TryGetProperty("usage", out _));
    }

    [Fact]
    public async Task Split_Stream_ArrivesInPiecesAndSaysTheSame()
    {
        await using var server = await SandboxServer.Start();
        var expected = await server.PostStream(Messages, MessageStream, "tokens=30");
        Assert.Equal(expected, await server.PostStream(Messages, MessageStream, "tokens=30; split"));

        using var response = await server.Post(Messages, MessageStream, "tokens=30; split");
        await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var buffer = new byte[4_096];
        int reads = 0, read;
        while ((read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken)) > 0) reads++;
        Assert.True(reads > 2 * expected.Count, $"{reads} reads of {expected.Count} events");
    }

    [Fact]
    public async Task Latency_Asked_PassesBeforeTheFirstByte()
    {
        await using var server = await SandboxServer.Start();
        var started = TimeProvider.System.GetTimestamp();
        using var response = await server.Post(Chat, ChatBody, "latency=300");
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds, 290, 10_000);
    }

    [Fact]
    public async Task Body_LargeAndTooLarge_AreReadAndRefused()
    {
        await using var server = await SandboxServer.Start();
        var large = ChatBody.Replace("Hello", new string('x', 7_000_000), StringComparison.Ordinal);
        var reply = await server.PostJson(Chat, large);
        Assert.Equal(1_750_003, reply.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());

        await using var narrow = await SandboxServer.Start(new SandboxOptions { MaxBodyBytes = 2_000 });
        using var tooLarge = await narrow.Post(Chat, ChatBody.Replace("Hello", new string('x', 9_000),
            StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLarge.StatusCode);
    }

    private static async Task AssertShape(HttpResponseMessage response, string path, string type)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var body = JsonElement.Parse(text);
        Assert.Equal(type, body.GetProperty("error").GetProperty("type").GetString());
        Assert.False(string.IsNullOrEmpty(body.GetProperty("error").GetProperty("message").GetString()));
        if (path == Messages)
        {
            Assert.Equal("error", body.GetProperty("type").GetString());
            Assert.Equal(response.Headers.GetValues("request-id").Single(), body.GetProperty("request_id").GetString());
        }
        else
        {
            Assert.True(body.GetProperty("error").TryGetProperty("code", out _));
            Assert.NotEmpty(response.Headers.GetValues("x-request-id"));
        }
    }
}
