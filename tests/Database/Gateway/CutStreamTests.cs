using Dapper;
using Guerdon.Metering.Requests;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Database.Gateway;

/// <summary>
/// Streams that tell their usage on the way and break off: what was told by then is never taken for all of it.
/// </summary>
public sealed class CutStreamTests : IAsyncLifetime
{
    private const string Flash = "/v1beta/models/gemini-2.5-flash:streamGenerateContent";

    // 400 bytes are estimated at 100 tokens; the usage beside them says 3.
    private static readonly string Text = new('x', 400);

    private static readonly string ChatChunk = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + Text
        + "\"},\"finish_reason\":null}],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":3}}\n\n";

    private static readonly string ResponsesEvents =
        "data: {\"type\":\"response.output_text.delta\",\"delta\":\"" + Text + "\"}\n\n"
        + "data: {\"type\":\"response.in_progress\",\"response\":{\"usage\":{\"input_tokens\":10,\"output_tokens\":3}}}"
        + "\n\n";

    private static readonly string MessagesEvents =
        "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":10,\"output_tokens\":1}}}\n\n"
        + "data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"" + Text + "\"}}\n\n"
        + "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":null},\"usage\":{\"output_tokens\":3}}\n\n";

    private static readonly string GeminiChunk = "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"" + Text
        + "\"}]}}],\"usageMetadata\":{\"promptTokenCount\":10,\"candidatesTokenCount\":3}}";

    private readonly GatewayServer _gateway = new();
    private ScriptedProvider _provider = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _provider = await ScriptedProvider.StartAsync();
        foreach (var name in (string[])["openai", "anthropic", "google-ai-studio"])
            _gateway.Settings[$"Gateway:Providers:{name}:BaseUrl"] = _provider.Url;
        _gateway.Settings["Gateway:AnswerWithin"] = "00:00:02";
        await _gateway.InitializeAsync();
    }

    private static (string Path, string Body, string Type, string Sent) Of(string kind) => kind switch
    {
        "chat" => ("/v1/chat/completions",
            """{"model":"gpt-6-luna","max_tokens":900,"stream":true,"messages":[{"role":"user","content":"Hello"}]}""",
            "text/event-stream", ChatChunk),
        "responses" => ("/v1/responses",
            """{"model":"gpt-6-luna","max_output_tokens":900,"stream":true,"input":"Hello"}""", "text/event-stream",
            ResponsesEvents),
        "messages" => ("/v1/messages", """
            {"model":"claude-haiku-4-5","max_tokens":900,"stream":true,"messages":[{"role":"user","content":"Hello"}]}
            """, "text/event-stream", MessagesEvents),
        "gemini" => (Flash + "?alt=sse", GeminiBody, "text/event-stream", $"data: {GeminiChunk}\n\n"),
        _ => (Flash, GeminiBody, "application/json", "[" + GeminiChunk + ",\n"),
    };

    private const string GeminiBody = """
        {"contents":[{"role":"user","parts":[{"text":"Hello"}]}],"generationConfig":{"maxOutputTokens":900,
         "thinkingConfig":{"thinkingBudget":0}}}
        """;

    // Broken off by the provider: what was delivered. Given up by us, so that it may go on at the company's cost: the
    // cap (docs/adr/0025-cut-answers.md).
    [Theory]
    [InlineData("chat", false, 100)]
    [InlineData("responses", false, 100)]
    [InlineData("messages", false, 100)]
    [InlineData("gemini", false, 100)]
    [InlineData("gemini array", false, 100)]
    [InlineData("chat", true, 900)]
    [InlineData("responses", true, 900)]
    [InlineData("messages", true, 900)]
    [InlineData("gemini", true, 900)]
    [InlineData("gemini array", true, 900)]
    public async Task Stream_ThatCountsOnItsWayAndBreaksOff_IsEstimatedBeyondThat(
        string kind, bool goesSilent, long output)
    {
        var (path, body, type, sent) = Of(kind);
        _provider.Answer = async (http, _) =>
        {
            http.Response.ContentType = type;
            await http.Response.WriteAsync(sent, http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            if (goesSilent) await Task.Delay(TimeSpan.FromSeconds(20), http.RequestAborted);
            else await Task.Delay(200, http.RequestAborted);
            http.Abort();
        };
        var (key, wallet) = await _gateway.KeyAsync(20_000_000);

        using var answer = await _gateway.PostAsync(path, key, body);
        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsByteArrayAsync(Ct));

        await _gateway.RecordsAsync(wallet);
        await using var connection = await _gateway.Db.OpenConnectionAsync(Ct);
        var booked = await connection.QuerySingleAsync<(short State, short Outcome, long Input, long Output)>(
            "select state, outcome, input, output from metering.request where wallet_id = @wallet",
            new { wallet = wallet.Value });
        Assert.Equal(((short)RecordState.Estimated, (short)Outcome.Cut, 10L, output), booked);
        var balance = await _gateway.SettledBalanceAsync(wallet);
        Assert.Equal(0, balance.Escrow.Milli);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _provider.DisposeAsync();
    }
}
