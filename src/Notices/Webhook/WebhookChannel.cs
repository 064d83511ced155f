using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using Guerdon.Notices.Deliveries;
using Guerdon.Outbound;
using Microsoft.Extensions.Options;

namespace Guerdon.Notices.Webhook;

/// <summary>Notices to a receiver of the company's own, signed. It gets all of them, whatever people chose for their
/// e-mail.</summary>
internal sealed class WebhookChannel : INoticeChannel, IDisposable
{
    private readonly WebhookOptions _options;
    private readonly TimeProvider _clock;
    private readonly Uri _address;
    private readonly string[] _secrets;
    private readonly HttpMessageInvoker _connections;

    public WebhookChannel(IOptions<WebhookOptions> settings, TimeProvider clock)
    {
        _options = settings.Value;
        _clock = clock;
        _address = new Uri(_options.Address);
        _secrets = _options.SecondSecret.Length == 0 ? [_options.Secret] : [_options.Secret, _options.SecondSecret];
        _connections = new HttpMessageInvoker(Connections(_options));
    }

    public string Name => NoticeChannels.Webhook;
    public int AtOnce => _options.AtOnce;

    public Outcome? WithoutSending(DueNotice notice, DateOnly today) => null;

    public INoticeSession Open() => new WebhookSession(this);

    public void Dispose() => _connections.Dispose();

    /// <summary>What an answer means: 2xx is taken; 400, 413 and 422 are about this notice; anything else is about the
    /// receiver, whatever it is sent.</summary>
    internal static Outcome OutcomeOf(HttpStatusCode status)
    {
        var said = ((int)status).ToString(CultureInfo.InvariantCulture);
        return (int)status switch
        {
            >= 200 and < 300 => Outcome.Sent,
            >= 300 and < 400 => Outcome.Away($"the receiver answered {said}, which is not followed"),
            400 or 413 or 422 => Outcome.Later($"the receiver answered {said}"),
            _ => Outcome.Away($"the receiver answered {said}"),
        };
    }

    private async Task<Outcome> SendAsync(DueNotice notice, CancellationToken ct)
    {
        var body = WebhookBody.Of(notice);
        var timestamp = WebhookSignature.TimestampOf(_clock.GetUtcNow());
        using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.TryAddWithoutValidation("User-Agent", "guerdon");
        request.Headers.TryAddWithoutValidation(WebhookSignature.NoticeHeader, $"{notice.Notice}");
        request.Headers.TryAddWithoutValidation(WebhookSignature.TimestampHeader, timestamp);
        request.Headers.TryAddWithoutValidation(
            WebhookSignature.SignatureHeader, WebhookSignature.Of(timestamp, body, _secrets));
        try
        {
            using var response = await _connections.SendAsync(request, ct); // its body is nobody's
            return OutcomeOf(response.StatusCode);
        }
        catch (HttpRequestException e)
        {
            return Outcome.Away(e.InnerException switch
            {
                SocketException { SocketErrorCode: SocketError.AccessDenied } =>
                    $"the address is inside, and {_options.AllowedInside.Setting} does not name it",
                SocketException socket => $"no connection: {socket.SocketErrorCode}",
                AuthenticationException => "the receiver's certificate, or its TLS, is not accepted",
                _ => $"the connection broke: {e.HttpRequestError}",
            });
        }
        catch (IOException)
        {
            return Outcome.Away("the connection broke");
        }
    }

    // As providers are called: no redirect (since it could lead anywhere), no cookies, no proxy of the environment.
    private static SocketsHttpHandler Connections(WebhookOptions options) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        ConnectCallback = (to, ct) => OutsideConnections.OpenAsync(to.DnsEndPoint, options.AllowedInside, ct),
        MaxConnectionsPerServer = options.AtOnce,
        MaxResponseHeadersLength = 64, // in KiB
        PooledConnectionLifetime = TimeSpan.FromMinutes(15), // a receiver's address may change
        ResponseDrainTimeout = TimeSpan.Zero,
    };

    private sealed class WebhookSession(WebhookChannel channel) : INoticeSession
    {
        public Task<Outcome> SendAsync(DueNotice notice, CancellationToken ct) => channel.SendAsync(notice, ct);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
