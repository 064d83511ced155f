using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guerdon.Database.Cli;

/// <summary>
/// A listener that answers as no Guerdon does: it breaks off, stalls, says what is no JSON, leaves members out, or is
/// another program altogether. Faults that a real server cannot be brought to; what a good one answers is never written
/// down here, but asked of a real one (<see cref="VerbServer"/>).
/// </summary>
internal sealed class BrokenServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private BrokenServer(WebApplication app) => _app = app;

    public List<Seen> Requests { get; } = [];

    public string Url => _app.Urls.Single();

    /// <summary>Answers everything with this, whatever was asked.</summary>
    public static Task<BrokenServer> SayingAsync(string text, int status = 200) =>
        DoingAsync(_ => Results.Text(
            text, status < 400 ? "application/json" : "application/problem+json", null, status));

    /// <summary>Does this to every request.</summary>
    public static async Task<BrokenServer> DoingAsync(Func<HttpContext, IResult> fault)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var broken = new BrokenServer(builder.Build());
        broken._app.Run(async context =>
        {
            broken.Requests.Add(await Seen.FromAsync(context.Request));
            await fault(context).ExecuteAsync(context);
        });
        await broken._app.StartAsync(TestContext.Current.CancellationToken);
        return broken;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
