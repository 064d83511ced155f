using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Stipend.Kernel;

namespace Stipend.Gateway;

/// <summary>
/// One provider: its address, the company's key, the connections to it, and whether it is well enough to be called.
/// </summary>
internal sealed class Provider : IDisposable
{
    private readonly HttpMessageInvoker _connections;
    private readonly string _root;
    private readonly Uri?[] _addresses;
    private readonly Uri?[] _betaAddresses;
    private readonly bool _isSecure;
    private readonly string _key;
    private readonly string? _secondKey;
    private readonly KeyHealth _keys;
    private readonly TimeSpan _leaveAloneFor;
    private readonly ResiliencePipeline<HttpResponseMessage> _circuit;
    private readonly TimeProvider _clock;
    private readonly SteadyTime _time;
    private long _leftAloneUntil;

    public Provider(string name, ProviderOptions settings, GatewayOptions options, TimeProvider clock)
    {
        if (!ProviderRules.TryAddress(settings.BaseUrl, out var address))
            throw new ArgumentException($"The address of {name} is not allowed.", nameof(settings));

        Name = name;
        Dialect = settings.Dialect;
        _root = address.AbsoluteUri.TrimEnd('/');
        _addresses = Addresses("");
        _betaAddresses = Addresses("?beta=true");
        _isSecure = address.Scheme == Uri.UriSchemeHttps;
        _key = Credentials(settings.ApiKey.Length == 0 ? "none" : settings.ApiKey);
        _secondKey = settings.SecondKey.Length == 0 ? null : Credentials(settings.SecondKey);
        _connections = new HttpMessageInvoker(Connections(options));
        (Weight, _clock, _time) = (settings.Weight, clock, new SteadyTime(clock));
        (_keys, _leaveAloneFor) = (new KeyHealth(clock), options.BreakFor);
        _circuit = Circuit(options);
    }

    public string Name { get; }
    public Dialect Dialect { get; }

    /// <summary>Its share of the calls; 0: only where nobody else is left.</summary>
    public int Weight { get; }

    /// <summary>False while it is left alone after failing too often, or after refusing the company's key.</summary>
    public bool IsHealthy => _time.Now.UtcTicks >= Interlocked.Read(ref _leftAloneUntil);

    /// <summary>How it is, for administrators.</summary>
    public ProviderHealth Health()
    {
        var until = IsHealthy ? (DateTimeOffset?)null : new(Interlocked.Read(ref _leftAloneUntil), TimeSpan.Zero);
        if (_keys.RefusedSince is { } since) return new(HealthState.KeyRefused, since, until);
        if (until is not null) return new(HealthState.LeftAlone, null, until);
        return _keys.SecondSince is { } second
            ? new(HealthState.OnSecondKey, second, null)
            : new(HealthState.Healthy, null, null);
    }

    /// <summary>A request to this provider with the company's credentials and no header of the caller's yet.</summary>
    // Anthropic's tools add ?beta=true. No other query means anything to a provider, and one could carry a caller's
    // key.
    public HttpRequestMessage Request(in CallFacts call, bool isBeta, HttpContent content) =>
        Request(HttpMethod.Post, Address(call, isBeta), content);

    /// <summary>The same for what is no call of a model.</summary>
    /// <param name="method">GET, POST or DELETE.</param>
    /// <param name="path">From <c>/v1</c> on, escaped.</param>
    /// <param name="content">The body, if it has one.</param>
    public HttpRequestMessage Request(HttpMethod method, string path, HttpContent? content) =>
        Request(method, new Uri(_root + path), content);

    private HttpRequestMessage Request(HttpMethod method, Uri address, HttpContent? content)
    {
        var request = new HttpRequestMessage(method, address)
        {
            Content = content,
            Version = _isSecure ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.TryAddWithoutValidation(KeyHeader, _key);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity"); // usage must be readable
        return request;
    }

    /// <summary>Sends a request, and once more with the second key where the provider refuses the first.</summary>
    /// <exception cref="HttpRequestException">It cannot be reached, or is left alone.</exception>
    public async ValueTask<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        var response = await SendOnceAsync(request, ct);
        // A body that a connection still reads cannot be sent a second time.
        var mayUseSecond = _secondKey is not null && request.Content is not SplicedContent { IsSending: true }
            and not UploadContent { IsSending: true };
        if (mayUseSecond && response.StatusCode is HttpStatusCode.Unauthorized)
        {
            response.Dispose();
            request.Headers.Remove(KeyHeader);
            request.Headers.TryAddWithoutValidation(KeyHeader, _secondKey);
            response = await SendOnceAsync(request, ct);
            Note(response.StatusCode, isOfSecond: true);
        }
        else Note(response.StatusCode, isOfSecond: false);

        return response;
    }

    private void Note(HttpStatusCode status, bool isOfSecond)
    {
        if (_keys.Note(status, isOfSecond)) LeaveAlone();
    }

    private void LeaveAlone() =>
        Interlocked.Exchange(ref _leftAloneUntil, (_time.Now + _leaveAloneFor).UtcTicks);

    private async ValueTask<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken ct)
    {
        try
        {
            var response = await _circuit.ExecuteAsync(
                static (call, ct) => new ValueTask<HttpResponseMessage>(call._connections.SendAsync(call.request, ct)),
                (_connections, request), ct);
            if (Dialect == Dialect.Gemini && response.StatusCode == HttpStatusCode.BadRequest)
                await GeminiKeyAnswer.CorrectAsync(response, ct);
            return response;
        }
        catch (BrokenCircuitException e)
        {
            throw new HttpRequestException($"{Name} is left alone after too many failures.", e);
        }
    }

    // A breaker counts what says that the provider is ill: not its refusals, which may be the callers' doing.
    private ResiliencePipeline<HttpResponseMessage> Circuit(GatewayOptions options) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = _clock }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                FailureRatio = options.BreakAtTenths / 10d,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDuration = options.BreakFor,
                ShouldHandle = static call => ValueTask.FromResult(
                    call.Outcome is { Exception: HttpRequestException or IOException }
                        or { Result: { StatusCode: >= HttpStatusCode.InternalServerError } }),
                OnOpened = _ =>
                {
                    LeaveAlone();
                    return default;
                },
            })
            .Build();

    private string KeyHeader => Dialect switch
    {
        Dialect.OpenAi => "Authorization",
        Dialect.Anthropic => "x-api-key",
        _ => GeminiPaths.KeyHeader,
    };

    private string Credentials(string key) => Dialect == Dialect.OpenAi ? "Bearer " + key : key;

    // Where the path names the model, it is one of the price book's and was read by GeminiPaths: nothing to escape.
    private Uri Address(in CallFacts call, bool isBeta) => call.Api.Dialect == Dialect.Gemini
        ? new Uri(_root + call.Api.PathOf(call.Model))
        : (isBeta ? _betaAddresses : _addresses)[(int)call.Api]!;

    // By the numbers of the APIs; null where the path names the model.
    private Uri?[] Addresses(string query) =>
    [
        null, // no API has the number 0
        .. Enum.GetValues<Api>().Select(
            api => Apis.OfOnePath.Contains(api) ? new Uri(_root + api.Path + query) : null),
    ];

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
