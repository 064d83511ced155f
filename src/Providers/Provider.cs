using System.Collections.Frozen;
using System.Net;
using Guerdon.Bounds.Edits;
using Guerdon.Dialects.Calls;
using Guerdon.Outbound;

namespace Guerdon.Providers;

/// <summary>
/// One provider: its address, the company's key, the connections to it, and whether it is well enough to be called.
/// </summary>
public sealed class Provider : IDisposable
{
    private readonly HttpMessageInvoker _connections;
    private readonly string _root;
    private readonly FrozenDictionary<Api, Uri> _addresses;
    private readonly FrozenDictionary<Api, Uri> _betaAddresses;
    private readonly bool _isSecure;
    private readonly string _key;
    private readonly string? _secondKey;
    private readonly KeyHealth _keys;
    private readonly Breaker _breaker;
    private readonly ConnectionShares _shares;
    private readonly Probe _probe;
    private volatile bool _isOneCallEach; // HTTP/1.1: a connection carries one call at a time

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
        _key = Dialect.Credentials(settings.ApiKey.Length == 0 ? "none" : settings.ApiKey);
        _secondKey = settings.SecondKey.Length == 0 ? null : Dialect.Credentials(settings.SecondKey);
        _connections = new HttpMessageInvoker(Connections(options));
        (Weight, CapMember) = (settings.Weight, CapMembers.Of(settings.CapMember, settings.ServesOr(name)));
        MustBeCapped = CapMembers.MustBeSent(settings.ServesOr(name));
        (_keys, _breaker) = (new KeyHealth(clock), new Breaker(options, clock));
        (_shares, _isOneCallEach) = (new ConnectionShares(options.MaxConnections), !_isSecure);
        _probe = new Probe(AskItselfAsync, clock);
    }

    public string Name { get; }
    public Dialect Dialect { get; }

    /// <summary>Its share of the calls; 0: only where nobody else is left.</summary>
    public int Weight { get; }

    /// <summary>What it calls the cap of a chat completion; null: callers' own words pass.</summary>
    public string? CapMember { get; }

    /// <summary>Whether a chat goes out with a cap in any case.</summary>
    public bool MustBeCapped { get; }

    /// <summary>False while it is left alone: it failed several people, or refuses the company's key.</summary>
    public bool IsHealthy => _breaker.LeftAloneUntil is null;

    /// <summary>It was left alone, and no call since has shown that it is well.</summary>
    public bool IsTriedAgain => _breaker.IsTriedAgain;

    /// <summary>Whether a person's call may go to it: while it is tried again, each has one try; and where connections
    /// carry one call each, others must have enough of them.</summary>
    public bool MayCall(Guid person) => _breaker.MayCall(person) && !IsFullFor(person);

    /// <summary>Whether a person has as many calls with it as leave enough connections to others.</summary>
    public bool IsFullFor(Guid person) => _isOneCallEach && !_shares.HasRoomFor(person);

    /// <summary>Counts a call, from before it is sent until its answer is over.</summary>
    /// <returns>False where there is no room: see <see cref="IsFullFor"/>.</returns>
    public bool TryEnter(Guid person) => _shares.TryTake(person, _isOneCallEach);

    /// <summary>Counts a call of Guerdon's own.</summary>
    public void Enter() => _shares.TryTake(Guid.Empty, isLimited: false);

    /// <summary>The call has ended.</summary>
    public void Leave(Guid person) => _shares.GiveBack(person);

    /// <summary>How it is, for administrators.</summary>
    public ProviderHealth Health()
    {
        var until = _breaker.LeftAloneUntil;
        if (_keys.RefusedSince is { } since) return new(HealthState.KeyRefused, since, until);
        if (until is not null) return new(HealthState.LeftAlone, null, until);
        return _keys.SecondSince is { } second
            ? new(HealthState.OnSecondKey, second, null)
            : new(HealthState.Healthy, null, null);
    }

    /// <summary>A request to this provider with the company's credentials and no header of the caller's yet.</summary>
    // Anthropic's tools add ?beta=true. Any other query is dropped, since it means nothing to a provider and one could
    // carry a caller's key.
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
        request.Headers.TryAddWithoutValidation(Dialect.KeyHeader, _key);
        // The usage must be readable. What callers would accept is theirs alone: they get what the provider sends.
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        return request;
    }

    /// <summary>Sends a request, and once more with the second key where the provider refuses the first.</summary>
    /// <param name="request">From <see cref="Request(in CallFacts, bool, HttpContent)"/>.</param>
    /// <param name="person">Who asks, so that one person's failures are told from several people's; null: Guerdon.
    /// </param>
    /// <param name="ct">Gives up; that says nothing of the provider.</param>
    /// <param name="readsOn">Whoever asks reads the answer and says whether an error came with a good status: <see
    /// cref="NoteContent"/>.</param>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    public async ValueTask<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, Guid? person, CancellationToken ct, bool readsOn = false)
    {
        _breaker.Begin(person);
        HttpResponseMessage response;
        bool isOfSecond;
        try
        {
            (response, isOfSecond) = await SendByEitherKeyAsync(request, ct);
        }
        catch (Exception e) when (IsItsDoing(e, ct))
        {
            if (_breaker.Note(person, isFailure: true)) _probe.Ask();
            throw;
        }

        var isDenial = Denial.Is(response);
        if (isDenial && await Denial.IsOfRequestAsync(response, ct)) return response;
        if (isDenial) NoteDenial(response.StatusCode, person);
        else
        {
            var isFailure = response.StatusCode >= HttpStatusCode.InternalServerError;
            if (!isFailure) _keys.NoteTaken(isOfSecond);
            if (!readsOn || !response.IsSuccessStatusCode) NoteContent(person, isFailure);
        }

        return response;
    }

    /// <summary>Notes what an answer turned out to be: errors come with good statuses too.</summary>
    /// <param name="person">Who asked; null: Guerdon.</param>
    /// <param name="isFailure">The provider failed.</param>
    /// <param name="isAgain">It had begun well, and was noted so.</param>
    public void NoteContent(Guid? person, bool isFailure, bool isAgain = false)
    {
        if (_breaker.Note(person, isFailure, isAgain)) _probe.Ask();
    }

    private void NoteDenial(HttpStatusCode status, Guid? person)
    {
        if (_keys.NoteRefused(status, person)) _breaker.LeaveAlone();
        else _probe.Ask();
    }

    // Only what was met on the way to the provider counts, not the caller's request, its end or our patience. A
    // connection that is not made in time is cancelled, but not by us.
    private static bool IsItsDoing(Exception e, CancellationToken ct) => e switch
    {
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } => !ct.IsCancellationRequested,
        HttpRequestException { InnerException: IOException } or IOException => !ct.IsCancellationRequested,
        OperationCanceledException => !ct.IsCancellationRequested,
        _ => false,
    };

    // Asks for something free that carries nothing of a caller's, so that only the provider can be at fault.
    private async Task AskItselfAsync(CancellationToken ct)
    {
        using var request = Request(HttpMethod.Get, Dialect.ProbePath, null);
        if (Dialect.ProbeHeader is var (name, value)) request.Headers.TryAddWithoutValidation(name, value);
        try
        {
            var (response, _) = await SendByEitherKeyAsync(request, ct);
            using (response)
            {
                var isRefused = Denial.Is(response) && !await Denial.IsOfRequestAsync(response, ct);
                if (isRefused && _keys.NoteProbeRefused(response.StatusCode)) _breaker.LeaveAlone();
                else _breaker.NoteProbe(response.StatusCode >= HttpStatusCode.InternalServerError);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            _breaker.NoteProbe(isFailure: true);
        }
    }

    private async ValueTask<(HttpResponseMessage Response, bool IsOfSecond)> SendByEitherKeyAsync(
        HttpRequestMessage request, CancellationToken ct)
    {
        var response = await SendOnceAsync(request, ct);
        // A body that a connection still reads cannot be sent a second time.
        var mayUseSecond = _secondKey is not null && request.Content is not OnceSentContent { IsSending: true };
        if (!mayUseSecond || response.StatusCode is not HttpStatusCode.Unauthorized) return (response, false);
        if (await Denial.IsOfRequestAsync(response, ct)) return (response, false);

        response.Dispose();
        request.Headers.Remove(Dialect.KeyHeader);
        request.Headers.TryAddWithoutValidation(Dialect.KeyHeader, _secondKey);
        return (await SendOnceAsync(request, ct), true);
    }

    private async ValueTask<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken ct)
    {
        var response = await _connections.SendAsync(request, ct);
        if (_isOneCallEach == response.Version.Major >= 2) _isOneCallEach = !_isOneCallEach;
        await Dialect.CorrectAsync(response, ct);
        return response;
    }

    // Where the path names the model there is nothing to escape, since the dialect has read it and
    // it is in the price book.
    private Uri Address(in CallFacts call, bool isBeta) => call.Api.NamesModel
        ? new Uri(_root + call.Api.PathOf(call.Model))
        : (isBeta ? _betaAddresses : _addresses)[call.Api];

    private FrozenDictionary<Api, Uri> Addresses(string query) => Dialect.Apis.Where(api => !api.NamesModel)
        .ToFrozenDictionary(api => api, api => new Uri(_root + api.Path + query));

    public void Dispose()
    {
        _probe.Dispose();
        _connections.Dispose();
    }

    // Nothing clever between the caller and the provider: no redirects (they could lead anywhere), no cookies (they
    // would mix callers), no proxy of the environment, no headers of our own. Otherwise prompts could end up elsewhere.
    private static SocketsHttpHandler Connections(GatewayOptions options) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = options.ConnectWithin,
        ConnectCallback = (to, ct) => OutsideConnections.OpenAsync(to.DnsEndPoint, options.AllowedInside, ct),
        MaxConnectionsPerServer = options.MaxConnections,
        EnableMultipleHttp2Connections = true,
        PooledConnectionLifetime = TimeSpan.FromMinutes(15), // a provider's address may change
        ResponseDrainTimeout = TimeSpan.Zero,
    };
}
