using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guerdon.Database.Cli;

/// <summary>What a request asked, as the server saw it.</summary>
internal sealed record Seen(string Line, string? Authorization, string? ContentType, string Body);

/// <summary>A server of one test: it gives one answer to everything, and keeps what it was asked.</summary>
internal sealed class StubServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StubServer(WebApplication app) => _app = app;

    public List<Seen> Requests { get; } = [];

    public Seen Request => Assert.Single(Requests);

    public string Url => _app.Urls.Single();

    /// <summary>Answers every request with this JSON.</summary>
    public static Task<StubServer> WithAsync(string json, int status = 200) =>
        WithAsync((_, _) => Results.Text(
            json, status < 400 ? "application/json" : "application/problem+json", null, status));

    /// <summary>Answers by request.</summary>
    public static async Task<StubServer> WithAsync(Func<HttpContext, string, IResult> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var stub = new StubServer(builder.Build());
        stub._app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            var request = context.Request;
            stub.Requests.Add(new(
                $"{request.Method} {request.Path}{request.QueryString}", request.Headers.Authorization,
                request.ContentType, body));
            await answer(context, body).ExecuteAsync(context);
        });
        await stub._app.StartAsync(TestContext.Current.CancellationToken);
        return stub;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
