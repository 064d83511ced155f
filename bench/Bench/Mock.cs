using System.Net;
using System.Text;

namespace Guerdon.Bench;

/// <summary>
/// The least that a gateway can forward to: one answer with usage, or one stream of it, whatever is asked. A request
/// may say in its text how slow it is to be.
/// </summary>
internal static class Mock
{
    /// <summary>Chunks of a stream that is sent at once, and of one that takes its time.</summary>
    public const int Chunks = 32, SlowChunks = 120;

    /// <summary>In a request's text: a first byte after 25 ms; a chunk every half second, for a minute.</summary>
    public const string Later = "[later]", Slow = "[slow]";

    private static readonly byte[] Answer = Encoding.UTF8.GetBytes("""
        {"id":"chatcmpl-1","object":"chat.completion","created":1763700000,"model":"gpt-5-mini","choices":[{"index":0,"message":{"role":"assistant","content":"Three risks: data loss, downtime and surprise."},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":23,"completion_tokens":12,"total_tokens":35,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}}
        """);

    private static readonly byte[] Chunk = Encoding.UTF8.GetBytes("""
        data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1763700000,"model":"gpt-5-mini","choices":[{"index":0,"delta":{"content":" risk"},"logprobs":null,"finish_reason":null}],"usage":null}


        """);

    public static Task<int> RunAsync(string url) => ServeAsync(url, async http =>
    {
        var (isStream, isLate, isSlow) = await ReadAsync(http.Request);
        if (isLate) await Task.Delay(25);
        if (isStream)
        {
            await StreamAsync(http.Response, isSlow);
            return;
        }

        http.Response.ContentType = "application/json";
        http.Response.ContentLength = Answer.Length;
        await http.Response.BodyWriter.WriteAsync(Answer);
    });

    // Bodies here are small and come in one piece.
    private static async ValueTask<(bool IsStream, bool IsLate, bool IsSlow)> ReadAsync(HttpRequest request)
    {
        while (true)
        {
            var read = await request.BodyReader.ReadAsync();
            if (!read.IsCompleted && read.Buffer.Length < request.ContentLength)
            {
                request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            var body = read.Buffer.FirstSpan;
            var asked = (body.IndexOf("\"stream\":true"u8) >= 0, body.IndexOf("[later]"u8) >= 0, body.IndexOf("[slow]"u8) >= 0);
            request.BodyReader.AdvanceTo(read.Buffer.End);
            return asked;
        }
    }

    private static async Task StreamAsync(HttpResponse response, bool isSlow)
    {
        response.ContentType = "text/event-stream";
        var count = isSlow ? SlowChunks : Chunks;
        for (var sent = 0; sent < count; sent++)
        {
            await response.BodyWriter.WriteAsync(Chunk);
            if (isSlow) await Task.Delay(500);
        }

        await response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes($$"""
            data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1763700000,"model":"gpt-5-mini","choices":[],"usage":{"prompt_tokens":23,"completion_tokens":{{count}},"total_tokens":{{23 + count}} } }

            data: [DONE]


            """));
    }

    public static async Task<int> ServeAsync(string url, RequestDelegate handle)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        await using var app = builder.Build();
        app.Run(handle);
        await app.RunAsync();
        return 0;
    }
}

/// <summary>The bare proxy: Kestrel, HttpMessageInvoker, and nothing between.</summary>
internal static class BareProxy
{
    public static async Task<int> RunAsync(string url, string upstream)
    {
        Counted.Tell(new Uri(url).Port + 10);
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None, UseProxy = false,
            ActivityHeadersPropagator = null, MaxConnectionsPerServer = 1_024,
        };
        using var invoker = new HttpMessageInvoker(handler);
        var target = new Uri(upstream);
        return await Mock.ServeAsync(url, async http =>
        {
            using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), new Uri(target, http.Request.Path.Value))
            {
                Content = new StreamContent(http.Request.Body),
            };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", http.Request.ContentType);
            request.Content.Headers.ContentLength = http.Request.ContentLength;
            using var answer = await invoker.SendAsync(request, http.RequestAborted);
            http.Response.StatusCode = (int)answer.StatusCode;
            http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            http.Response.ContentLength = answer.Content.Headers.ContentLength;
            await answer.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
        });
    }
}
