using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Guerdon.Database.Gateway;

/// <summary>A provider in OpenAI's dialect that answers as it is told, and remembers what it was sent.</summary>
internal sealed class ScriptedProvider : IAsyncDisposable
{
    public const string Good = """
        {"id":"c-1","object":"chat.completion","created":1,"model":"gpt-6-luna",
         "choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],
         "usage":{"prompt_tokens":5,"completion_tokens":1,"total_tokens":6}}
        """;

    private readonly WebApplication _app;

    private ScriptedProvider(WebApplication app) => _app = app;

    /// <summary>Answers a call; the text is its body.</summary>
    public Func<HttpContext, string, Task> Answer { get; set; } = static (http, _) => SayAsync(http, 200, Good);

    /// <summary>Answers what is no call: a probe.</summary>
    public Func<HttpContext, Task> Probed { get; set; } = static http => SayAsync(http, 200, """{"data":[]}""");

    public ConcurrentQueue<Sent> Calls { get; } = [];

    public ConcurrentQueue<Sent> Probes { get; } = [];

    public string Url => _app.Urls.Single();

    public sealed record Sent(string Path, IReadOnlyDictionary<string, string> Headers, string Body);

    public static async Task<ScriptedProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var made = new ScriptedProvider(builder.Build());
        made._app.Run(made.ServeAsync);
        await made._app.StartAsync(TestContext.Current.CancellationToken);
        return made;
    }

    public static Task SayAsync(HttpContext http, int status, string json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(json, http.RequestAborted);
    }

    private async Task ServeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(http.RequestAborted);
        var sent = new Sent(http.Request.Path, http.Request.Headers.ToDictionary(
            header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body);
        var isCall = HttpMethods.IsPost(http.Request.Method);
        (isCall ? Calls : Probes).Enqueue(sent);
        await (isCall ? Answer(http, body) : Probed(http));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
