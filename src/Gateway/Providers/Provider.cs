using System.Net;

namespace Stipend.Gateway;

/// <summary>One provider: its address, the company's key, and the connections to it.</summary>
internal sealed class Provider : IDisposable
{
    private readonly HttpMessageInvoker _connections;
    private readonly string _root;
    private readonly Uri[] _addresses;
    private readonly Uri[] _betaAddresses;
    private readonly bool _isSecure;
    private readonly string _key;

    public Provider(string name, ProviderOptions settings, GatewayOptions options)
    {
        if (!ProviderRules.TryAddress(settings.BaseUrl, out var address))
            throw new ArgumentException($"The address of {name} is not allowed.", nameof(settings));

        Name = name;
        Dialect = settings.Dialect;
        _root = address.AbsoluteUri.TrimEnd('/');
        _addresses = [.. Apis.OfOnePath.Select(api => new Uri(_root + api.Path))];
        _betaAddresses = [.. Apis.OfOnePath.Select(api => new Uri(_root + api.Path + "?beta=true"))];
        _isSecure = address.Scheme == Uri.UriSchemeHttps;
        var key = settings.ApiKey.Length == 0 ? "none" : settings.ApiKey;
        _key = Dialect == Dialect.OpenAi ? "Bearer " + key : key;
        _connections = new HttpMessageInvoker(Connections(options));
    }

    public string Name { get; }
    public Dialect Dialect { get; }

    /// <summary>A request to this provider with the company's credentials and no header of the caller's yet.</summary>
    // Anthropic's tools add ?beta=true. No other query means anything to a provider, and one could carry a caller's
    // key.
    public HttpRequestMessage Request(in CallFacts call, bool isBeta, HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Address(call, isBeta))
        {
            Content = content,
            Version = _isSecure ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.TryAddWithoutValidation(KeyHeader, _key);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity"); // usage must be readable
        return request;
    }

    private string KeyHeader => Dialect switch
    {
        Dialect.OpenAi => "Authorization",
        Dialect.Anthropic => "x-api-key",
        _ => GeminiPaths.KeyHeader,
    };

    // Where the path names the model, it is one of the price book's and was read by GeminiPaths: nothing to escape.
    private Uri Address(in CallFacts call, bool isBeta) => call.Api.Dialect == Dialect.Gemini
        ? new Uri(_root + call.Api.PathOf(call.Model))
        : (isBeta ? _betaAddresses : _addresses)[(int)call.Api - 1];

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct) =>
        _connections.SendAsync(request, ct);

    public void Dispose() => _connections.Dispose();

    // Nothing clever between the caller and the provider: no redirects (they could lead anywhere), no cookies (they
    // would mix callers), no proxy of the environment, no headers of our own.
    private static SocketsHttpHandler Connections(GatewayOptions options) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = options.ConnectWithin,
        MaxConnectionsPerServer = options.MaxConnections,
        EnableMultipleHttp2Connections = true,
        PooledConnectionLifetime = TimeSpan.FromMinutes(15), // a provider's address may change
        ResponseDrainTimeout = TimeSpan.Zero,
    };
}
