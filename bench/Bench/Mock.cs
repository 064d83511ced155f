using System.Net;
using System.Text;

namespace Stipend.Bench;

/// <summary>The least that can stand behind a gateway: one answer with usage, without looking at the question.</summary>
internal static class Mock
{
    private static readonly byte[] Answer = Encoding.UTF8.GetBytes("""
        {"id":"chatcmpl-1","object":"chat.completion","created":1763700000,"model":"gpt-5-mini","choices":[{"index":0,"message":{"role":"assistant","content":"Three risks: data loss, downtime and surprise."},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":23,"completion_tokens":12,"total_tokens":35,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}}
        """);

    public static Task<int> RunAsync(string url) => ServeAsync(url, async http =>
    {
        var body = http.Request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync();
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) break;
        }

        http.Response.ContentType = "application/json";
        http.Response.ContentLength = Answer.Length;
        await http.Response.BodyWriter.WriteAsync(Answer);
    });

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

/// <summary>The bare proxy: Kestrel in front, HttpMessageInvoker behind, and nothing between.</summary>
internal static class BareProxy
{
    public static async Task<int> RunAsync(string url, string upstream)
    {
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
