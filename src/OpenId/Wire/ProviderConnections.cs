using Guerdon.Outbound;
using Microsoft.Extensions.Options;

namespace Guerdon.OpenId.Wire;

/// <summary>How providers are called: no redirect, no cookies, no address inside that whoever runs the node did not
/// allow, and no answer that is large or slow.</summary>
internal sealed class ProviderConnections : IDisposable
{
    /// <summary>Of an answer. A provider with fifty keys of 4,096 bits has one of 50 KB.</summary>
    public const int MostAnswerBytes = 512 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public ProviderConnections(IOptions<OpenIdOptions> options)
    {
        var allowed = options.Value.AllowedInside;
        Http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectCallback = (to, ct) => OutsideConnections.OpenAsync(to.DnsEndPoint, allowed, ct),
            MaxConnectionsPerServer = 20,
            MaxResponseHeadersLength = 64, // in KiB
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // a provider's address may change
        })
        {
            Timeout = Patience, MaxResponseContentBufferSize = MostAnswerBytes,
        };
        Http.DefaultRequestHeaders.UserAgent.ParseAdd("Guerdon");
    }

    public HttpClient Http { get; }

    public void Dispose() => Http.Dispose();
}
