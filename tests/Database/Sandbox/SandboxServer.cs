using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Guerdon.Sandbox;
using Microsoft.AspNetCore.Builder;

namespace Guerdon.Database.Sandbox;

/// <summary>A sandbox of its own on a free port, and a caller with a key.</summary>
public sealed class SandboxServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SandboxServer(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.Single());
        Http = new HttpClient { BaseAddress = Address };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "any");
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public static async Task<SandboxServer> Start(SandboxOptions? options = null)
    {
        var app = SandboxModule.Create(options ?? new SandboxOptions(), "http://127.0.0.1:0");
        await app.StartAsync(Xunit.TestContext.Current.CancellationToken);
        return new SandboxServer(app);
    }

    public Task<HttpResponseMessage> Post(string path, string body, string? directives = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (directives is not null) request.Headers.Add("x-sandbox", directives);
        return Http.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, Xunit.TestContext.Current.CancellationToken);
    }

    public async Task<JsonElement> PostJson(string path, string body, string? directives = null)
    {
        using var response = await Post(path, body, directives);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync(Xunit.TestContext.Current.CancellationToken));
    }

    /// <summary>The stream's events: name (empty where it has none) and data.</summary>
    public async Task<List<(string Name, string Data)>> PostStream(string path, string body, string? directives = null)
    {
        using var response = await Post(path, body, directives);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var text = await response.Content.ReadAsStringAsync(Xunit.TestContext.Current.CancellationToken);
        return [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(ReadEvent)];
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }

    private static (string Name, string Data) ReadEvent(string text)
    {
        var lines = text.Split('\n');
        return lines.Length == 1
            ? ("", lines[0]["data: ".Length..])
            : (lines[0]["event: ".Length..], lines[1]["data: ".Length..]);
    }
}
