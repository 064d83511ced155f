using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guerdon.Database.Cli;

/// <summary>What a request asked, as the server saw it.</summary>
internal sealed record Seen(string Line, string? Authorization, string? ContentType, string Body)
{
    public static async Task<Seen> FromAsync(HttpRequest request, byte[]? body = null)
    {
        body ??= await ReadAsync(request);
        return new($"{request.Method} {request.Path}{request.QueryString}", request.Headers.Authorization,
            request.ContentType, Encoding.UTF8.GetString(body));
    }

    public static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        return body.ToArray();
    }
}

/// <summary>A request, and what the real server answered.</summary>
internal sealed record Exchange(Seen Asked, int Status, byte[] Reply, string? Type, string? Disposition)
{
    public string Text => Encoding.UTF8.GetString(Reply);

    /// <summary>Whether asking again can change nothing.</summary>
    public bool OnlyReads => Asked.Line.StartsWith("GET ", StringComparison.Ordinal);
}

/// <summary>
/// Stands between the command line and a real server, hands on every request and every answer as it is, and notes both.
/// What the server answered can be shown again, in another form or at another width, without asking for it twice.
/// </summary>
internal sealed class RecordingRelay : IAsyncDisposable
{
    private readonly HttpClient _server;
    private readonly WebApplication _app;
    private readonly Dictionary<string, int> _replayed = [];

    private RecordingRelay(Uri server, WebApplication app)
    {
        _app = app;
        _server = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
        {
            BaseAddress = server,
        };
    }

    public List<Exchange> Exchanges { get; } = [];

    /// <summary>Below which paths it was asked.</summary>
    public HashSet<string> Bases { get; } = [];

    public Seen Request => Assert.Single(Exchanges).Asked;

    public string Url => _app.Urls.Single();

    /// <summary>Answers from what was noted, and asks nothing.</summary>
    public bool IsReplaying { get; private set; }

    /// <param name="server">A real one.</param>
    /// <param name="below">A path of its own that the server is served under, such as <c>/pay</c>.</param>
    public static async Task<RecordingRelay> BeforeAsync(Uri server, string below = "")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(k => k.Limits.MaxRequestBodySize = null);
        var relay = new RecordingRelay(server, builder.Build());
        if (below.Length > 0) relay._app.UsePathBase(below);
        relay._app.Run(relay.ServeAsync);
        await relay._app.StartAsync(TestContext.Current.CancellationToken);
        return relay;
    }

    public void Forget() => Exchanges.Clear();

    /// <summary>Until the answer is disposed of, what was noted is answered again.</summary>
    public IDisposable Replay()
    {
        _replayed.Clear();
        IsReplaying = true;
        return new Replaying(this);
    }

    private async Task ServeAsync(HttpContext context)
    {
        Bases.Add(context.Request.PathBase);
        var body = await Seen.ReadAsync(context.Request);
        var asked = await Seen.FromAsync(context.Request, body);
        var exchange = IsReplaying ? Noted(asked.Line) : await AskAsync(asked, context.Request, body);
        context.Response.StatusCode = exchange.Status;
        context.Response.ContentType = exchange.Type;
        if (exchange.Disposition is { } name) context.Response.Headers.ContentDisposition = name;
        if (exchange.Reply.Length > 0)
            await context.Response.Body.WriteAsync(exchange.Reply, context.RequestAborted);
    }

    private async Task<Exchange> AskAsync(Seen asked, HttpRequest from, byte[] body)
    {
        using var request = new HttpRequestMessage(
            new(from.Method), new Uri(asked.Line[(from.Method.Length + 1)..], UriKind.Relative));
        if (body.Length > 0 || from.ContentLength is not null) request.Content = new ByteArrayContent(body);
        if (from.ContentType is { } type && request.Content is { } content)
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (asked.Authorization is { } token) request.Headers.TryAddWithoutValidation("Authorization", token);
        request.Headers.TryAddWithoutValidation("Accept", from.Headers.Accept.ToString());
        using var answer = await _server.SendAsync(request, from.HttpContext.RequestAborted);
        var exchange = new Exchange(
            asked, (int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(from.HttpContext.RequestAborted),
            answer.Content.Headers.ContentType?.ToString(), answer.Content.Headers.ContentDisposition?.ToString());
        Exchanges.Add(exchange);
        return exchange;
    }

    // The same question twice, as whoever waits for a run asks it, was answered in this order.
    private Exchange Noted(string line)
    {
        var answers = Exchanges.Where(e => e.Asked.Line == line).ToList();
        Assert.True(answers.Count > 0, $"{line} was not asked before.");
        var nth = _replayed.GetValueOrDefault(line);
        _replayed[line] = nth + 1;
        return answers[Math.Min(nth, answers.Count - 1)];
    }

    public async ValueTask DisposeAsync()
    {
        _server.Dispose();
        await _app.DisposeAsync();
    }

    private sealed class Replaying(RecordingRelay relay) : IDisposable
    {
        public void Dispose() => relay.IsReplaying = false;
    }
}
