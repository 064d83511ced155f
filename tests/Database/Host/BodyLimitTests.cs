using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Guerdon.Host.Inputs;
using Microsoft.AspNetCore.Http.Metadata;

namespace Guerdon.Database.Host;

/// <summary>A body is refused by the length that it states, before it is read, by the kind of its endpoint.</summary>
public sealed class BodyLimitTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // Ten thousand awards with their reasons are more than fields.
    private static readonly string[] Longer = ["/api/v1/grants/awards"];

    [Fact]
    public async Task Endpoints_ThatTakeJsonFields_TakeAtMost256KB()
    {
        await using var app = await RealApp.StartAsync();
        var fields = app.Endpoints.Where(e => e.Metadata.GetMetadata<IAcceptsMetadata>() is { } accepts
            && accepts.ContentTypes.All(t => t == "application/json")).ToList();

        Assert.True(fields.Count > 20, $"{fields.Count}");
        Assert.Equal(Longer, fields.Where(e =>
                e.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize is not <= BodyLimits.Fields)
            .Select(e => e.RoutePattern.RawText));
    }

    [Theory]
    [InlineData("/api/v1/keys", "application/json", BodyLimits.Fields)]
    [InlineData("/api/v1/plans", "text/yaml", BodyLimits.Any)]
    [InlineData("/sign-in", "application/x-www-form-urlencoded", 8_192)]
    [InlineData("/nowhere", "application/json", BodyLimits.Any)]
    public async Task Post_LongerThanItsKind_HearsSoOnAConnectionThatStays(string path, string type, int most)
    {
        await using var app = await RealApp.StartAsync();
        var connections = 0;
        using var handler = new SocketsHttpHandler { ConnectCallback = ConnectAsync };
        using var client = new HttpClient(handler) { BaseAddress = app.Address };

        for (var i = 0; i < 5; i++)
        {
            using var body = new ByteArrayContent(new byte[most + 1]);
            body.Headers.ContentType = new(type);
            using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), body, Ct);

            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
            using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct));
            Assert.Equal($"The body has {most + 1:#,0} bytes; {most:#,0} are the most that are taken here.",
                problem.RootElement.GetProperty("detail").GetString());
        }

        Assert.Equal(1, connections);

        async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext to, CancellationToken ct)
        {
            Interlocked.Increment(ref connections);
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(to.DnsEndPoint, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
    }

    // It is not waited for: nobody holds a connection with a body that never comes.
    [Fact]
    public async Task Post_ThatStatesAGigabyte_IsRefusedBeforeItIsSent()
    {
        await using var app = await RealApp.StartAsync();
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, app.Address.Port, Ct);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + "Content-Length: 1073741824\r\n\r\n"), Ct);

        var head = new byte[12];
        await stream.ReadExactlyAsync(head, Ct).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Ct);

        Assert.Equal("HTTP/1.1 413", Encoding.ASCII.GetString(head));
    }
}
