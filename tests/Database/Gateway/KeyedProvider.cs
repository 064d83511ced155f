using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Guerdon.Database.Gateway;

/// <summary>A provider in OpenAI's dialect that takes the keys it is told to, and counts its calls by key.</summary>
internal sealed class KeyedProvider : IAsyncDisposable
{
    private const string Answer = """
        {"id":"c-1","object":"chat.completion","created":1,"model":"gpt-6-luna",
         "choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],
         "usage":{"prompt_tokens":5,"completion_tokens":1,"total_tokens":6}}
        """;

    private readonly WebApplication _app;

    private KeyedProvider(WebApplication app) => _app = app;

    /// <summary>The keys that it takes.</summary>
    public volatile IReadOnlySet<string> Keys = new HashSet<string>();

    /// <summary>What it says to others.</summary>
    public int Refusal { get; set; } = 401;

    public TimeSpan Takes { get; set; }

    public ConcurrentDictionary<string, int> Calls { get; } = [];

    public string Url => _app.Urls.Single();

    public static async Task<KeyedProvider> StartAsync(params string[] keys)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var made = new KeyedProvider(builder.Build()) { Keys = keys.ToHashSet() };
        made._app.Run(made.ServeAsync);
        await made._app.StartAsync(TestContext.Current.CancellationToken);
        return made;
    }

    private async Task ServeAsync(HttpContext http)
    {
        var key = http.Request.Headers.Authorization.ToString()["Bearer ".Length..];
        // What Guerdon asks by itself is no call.
        if (HttpMethods.IsPost(http.Request.Method)) Calls.AddOrUpdate(key, 1, (_, calls) => calls + 1);
        await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
        http.Response.ContentType = "application/json";
        if (!Keys.Contains(key))
        {
            http.Response.StatusCode = Refusal;
            await http.Response.WriteAsync(
                $$"""{"error":{"message":"Incorrect API key provided: {{key}}","type":"invalid_request_error"} }""");
            return;
        }

        await Task.Delay(Takes, http.RequestAborted);
        await http.Response.WriteAsync(Answer);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
