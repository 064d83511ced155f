using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Guerdon.Kernel;
using Guerdon.Terminal.Writing;

namespace Guerdon.Client;

/// <summary>A server, over HTTP. Whatever goes wrong on the way comes back as a refusal.</summary>
public sealed class GuerdonClient : IDisposable
{
    /// <summary>For questions.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(100);

    /// <summary>For files and runs, which take as long as they are large.</summary>
    public static readonly TimeSpan LongCall = TimeSpan.FromMinutes(30);

    /// <summary>The server's code for a token that it does not know, or for none.</summary>
    private const string NotSignedInCode = "host.not_signed_in";

    private readonly HttpClient _http;

    private readonly ServerAddress _address;
    private readonly AccessToken _token;

    /// <param name="address">Without a problem.</param>
    /// <param name="token">Without a problem; it may have none.</param>
    public GuerdonClient(ServerAddress address, AccessToken token)
    {
        (_address, _token) = (address, token);
        var url = address.Url!;
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            AllowAutoRedirect = false, // a redirect leads to a page for browsers
            UseProxy = !url.IsLoopback,
            UseCookies = false,
        };
        _http = new HttpClient(handler) { BaseAddress = url, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        // By which its owner knows this machine in the list of sessions.
        _http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", $"guerdon on {Environment.MachineName}");
        if (token.Token is { } secret) _http.DefaultRequestHeaders.Authorization = new("Bearer", secret);
    }

    /// <summary>The server's address.</summary>
    public Uri Address => _address.Url!;

    /// <summary>Whether what it signs in with was typed, as <c>--token</c>.</summary>
    public bool IsTokenTyped => _token.Source == AccessToken.Option;

    /// <summary>Sends a request once and reads the answer.</summary>
    /// <param name="request">Its address is relative to the server's.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<Answer> SendAsync(HttpRequestMessage request, TimeSpan limit, CancellationToken ct)
    {
        using var within = CancellationTokenSource.CreateLinkedTokenSource(ct);
        within.CancelAfter(limit);
        try
        {
            using var response = await _http.SendAsync(request, within.Token);
            var body = await response.Content.ReadAsByteArrayAsync(within.Token);
            if (response.IsSuccessStatusCode && IsFile(response.Content.Headers))
                return new Answer(default, null) { File = body };
            return Read(response.StatusCode, body);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError
            or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            return Ours(ClientRefusals.ServerUnreachable, $"No server answers at {Shown}: {Inmost(e)}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Ours(ClientRefusals.ServerFailed, $"The connection to {Shown} broke: {Inmost(e)}");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return within.IsCancellationRequested
                ? Ours(ClientRefusals.ServerSlow, $"{Shown} took longer than {limit.TotalSeconds:0} seconds.")
                : Ours(ClientRefusals.ServerUnreachable, $"{Shown} did not accept the connection within 5 seconds.");
        }
    }

    public void Dispose() => _http.Dispose();

    private string Shown => _address.Url!.ToString().TrimEnd('/')
        + (_address.Source.Length > 0 ? $" (named by {_address.Source})" : "");

    // In our own words, because the server does not know where a token was found, and that is what has to be corrected.
    private ServerSaidNo NotSignedIn => ServerSaidNo.Ours(ClientRefusals.SignInNeeded.With(Unknown));

    private string Unknown => _token.Token is null
        ? $"{Shown} needs a token, and none was found."
        : _token.IsSession ? $"{Shown} does not know {_token.Source} any more: the session is over."
        : $"{Shown} does not accept the token from {_token.Source}: it belongs to another server, or was revoked.";

    private Answer Read(HttpStatusCode status, byte[] body)
    {
        var reply = Parse(body);
        if ((int)status is >= 200 and < 300)
        {
            return reply.ValueKind is not JsonValueKind.Undefined || body.Length == 0
                ? new Answer(reply, null)
                : Ours(ClientRefusals.NotGuerdon, $"{Shown} answered with something that is not JSON.");
        }

        // Without details it is not a refusal of Guerdon's, since the framework's own 401 and 403 are problems too.
        if (Problem.From(reply) is { } problem && (problem.NextStep is not null || problem.Detail is not null))
            return new Answer(default, problem.Title == NotSignedInCode
                ? NotSignedIn with { Raw = reply } : new ServerSaidNo(problem, reply));
        return status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Found or HttpStatusCode.RedirectMethod =>
                new Answer(default, NotSignedIn),
            HttpStatusCode.Forbidden => Ours(ClientRefusals.NotAllowed, "This account may not do that."),
            >= HttpStatusCode.InternalServerError =>
                Ours(ClientRefusals.ServerFailed, $"{Shown} answered {(int)status}."),
            _ => Ours(ClientRefusals.NotGuerdon, $"{Shown} answered {(int)status}, which no Guerdon does."),
        };
    }

    private static JsonElement Parse(byte[] body)
    {
        if (body.Length == 0) return default;
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static Answer Ours(Refusal refusal, string detail) => new(default, ServerSaidNo.Ours(refusal.With(detail)));

    private static bool IsFile(HttpContentHeaders headers) => headers.ContentDisposition?.FileName is not null;

    private static string Inmost(Exception e)
    {
        while (e.InnerException is { } inner) e = inner;
        return e.Message.TrimEnd('.') + ".";
    }
}
