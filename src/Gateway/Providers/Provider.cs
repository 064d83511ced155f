using System.Net;

namespace Stipend.Gateway;

/// <summary>One provider: its address, the company's key, and the connections to it.</summary>
internal sealed class Provider : IDisposable
{
    private static readonly Api[] All = Enum.GetValues<Api>();

    private readonly HttpMessageInvoker _connections;
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
        var root = address.AbsoluteUri.TrimEnd('/');
        _addresses = [.. All.Select(api => new Uri(root + api.Path))];
        _betaAddresses = [.. All.Select(api => new Uri(root + api.Path + "?beta=true"))];
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
    public HttpRequestMessage Request(Api api, bool isBeta, HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, (isBeta ? _betaAddresses : _addresses)[(int)api - 1])
        {
            Content = content,
            Version = _isSecure ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.TryAddWithoutValidation(Dialect == Dialect.OpenAi ? "Authorization" : "x-api-key", _key);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity"); // usage must be readable
        return request;
    }

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
