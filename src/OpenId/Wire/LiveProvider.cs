using System.Text.Encodings.Web;
using Guerdon.Identity;
using Guerdon.OpenId.Providers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Guerdon.OpenId.Wire;

/// <summary>What handlers of all providers are made with.</summary>
internal sealed record HandlerParts(
    IDataProtectionProvider Ring, ProviderConnections Connections, CookieRules Cookies, TimeProvider Clock,
    ILoggerFactory Logs);

/// <summary>
/// A provider in force, with the framework's handler for it: code flow with PKCE, pushed requests where it offers them,
/// state, nonce and correlation in cookies of its own path. The handler is used at our endpoints and not by a scheme,
/// so that providers come and go without a restart, and no other request passes it.
/// </summary>
internal sealed class LiveProvider : IDisposable
{
    /// <summary>How long somebody may take at the provider.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <summary>How far clocks may be apart.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    /// <summary>Sign-ins that one browser may have under way with a provider; each has two cookies.</summary>
    public const int MostUnderWay = 5;

    /// <summary>How the endpoints of a provider begin.</summary>
    public const string Path = "/sign-in/with";

    // All that sign asymmetrically: with the others whoever has our secret could sign, or nobody need.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly OpenIdConnectOptions _options;
    private readonly HandlerParts _parts;

    public LiveProvider(SignInProvider row, string? secret, HandlerParts parts)
    {
        (Row, _parts) = (row, parts);
        Metadata = new(row.Issuer, parts.Connections.Http, parts.Clock);
        _options = Options(secret);
    }

    public SignInProvider Row { get; }

    public ProviderMetadata Metadata { get; }

    /// <summary>What an id or logout token must be; the keys are added by whoever asks.</summary>
    public TokenValidationParameters Tokens => _options.TokenValidationParameters.Clone();

    /// <summary>Sends the browser to the provider.</summary>
    /// <exception cref="Exception">It is away, or answers what cannot be read.</exception>
    public async Task LeaveAsync(HttpContext http, AuthenticationProperties properties)
    {
        ForgetOldest(http);
        await (await HandlerAsync(http)).ChallengeAsync(properties);
    }

    /// <summary>Reads what the browser brings back.</summary>
    public async Task<Arrival> ReceiveAsync(HttpContext http)
    {
        var arrival = new Arrival();
        http.Features.Set(arrival);
        await (await HandlerAsync(http)).HandleRequestAsync();
        return arrival;
    }

    public void Dispose() => Metadata.Dispose();

    private async Task<OpenIdConnectHandler> HandlerAsync(HttpContext http)
    {
        var handler = new OpenIdConnectHandler(
            new Fixed(_options), _parts.Logs, HtmlEncoder.Default, UrlEncoder.Default);
        await handler.InitializeAsync(new(Row.Name, null, typeof(OpenIdConnectHandler)), http);
        return handler;
    }

    private OpenIdConnectOptions Options(string? secret)
    {
        var path = $"{Path}/{Row.Name}";
        var options = new OpenIdConnectOptions
        {
            Authority = Row.Issuer, ClientId = Row.ClientId, ClientSecret = secret,
            CallbackPath = $"{path}/back", ResponseType = OpenIdConnectResponseType.Code,
            ResponseMode = OpenIdConnectResponseMode.Query, // by form_post cookies would have to be SameSite=None
            UsePkce = true, MapInboundClaims = false, SaveTokens = false, GetClaimsFromUserInfoEndpoint = true,
            DisableTelemetry = true, SignInScheme = "none", ConfigurationManager = Metadata,
            Backchannel = _parts.Connections.Http, TimeProvider = _parts.Clock,
            RequireHttpsMetadata = false, // ProviderRules asks it of each address, but for this machine's
            TokenHandler = new RolloverTokenHandler(Metadata), RefreshOnIssuerKeyNotFound = false,
            TokenValidationParameters = new()
            {
                ValidIssuer = Row.Issuer, ValidAudience = Row.ClientId, ValidAlgorithms = Algorithms,
                RequireSignedTokens = true, RequireExpirationTime = true, ClockSkew = ClockSkew,
                LifetimeValidator = (from, until, _, _) => IsOfNow(from, until),
            },
        };
        options.Scope.Clear();
        foreach (var scope in Row.Scopes) options.Scope.Add(scope);
        options.ClaimActions.Clear();
        SetCookie(options.CorrelationCookie, "c", path);
        SetCookie(options.NonceCookie, "n", path);
        options.ProtocolValidator.NonceLifetime = options.RemoteAuthenticationTimeout = Longest;
        options.Events = new Events(this);
        new OpenIdConnectPostConfigureOptions(_parts.Ring).PostConfigure(Row.Name, options);
        options.Validate(Row.Name);
        return options;
    }

    private void SetCookie(CookieBuilder cookie, string kind, string path)
    {
        cookie.Name = CookieOf(kind);
        cookie.Path = path;
        cookie.SameSite = SameSiteMode.Lax;
        cookie.SecurePolicy =
            _parts.Cookies.AreSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        cookie.IsEssential = true;
    }

    private string CookieOf(string kind) => $"{(_parts.Cookies.AreSecure ? "__Secure-" : "")}guerdon.sso.{kind}.";

    // A page that somebody visits can begin sign-ins without end; the browser would send all their cookies until the
    // server refuses them.
    private void ForgetOldest(HttpContext http)
    {
        foreach (var kind in (string[])["c", "n"])
        {
            var names = http.Request.Cookies.Keys
                .Where(name => name.StartsWith(CookieOf(kind), StringComparison.Ordinal)).ToArray();
            foreach (var name in names.Take(names.Length - MostUnderWay + 1))
                http.Response.Cookies.Delete(name, new()
                {
                    Path = $"{Path}/{Row.Name}", Secure = _parts.Cookies.AreSecure, HttpOnly = true,
                    SameSite = SameSiteMode.Lax,
                });
        }
    }

    private bool IsOfNow(DateTime? from, DateTime? until)
    {
        var now = _parts.Clock.GetUtcNow().UtcDateTime;
        // Nothing is added to what came: a token may have any time, the first and the last there are too.
        return until is { } end && end > now - ClockSkew && (from is not { } begin || begin <= now + ClockSkew);
    }

    private sealed class Fixed(OpenIdConnectOptions options) : IOptionsMonitor<OpenIdConnectOptions>
    {
        public OpenIdConnectOptions CurrentValue => options;
        public OpenIdConnectOptions Get(string? name) => options;
        public IDisposable? OnChange(Action<OpenIdConnectOptions, string?> listener) => null;
    }

    // What the handler says, put where the endpoint finds it: it neither signs in nor answers by itself.
    private sealed class Events(LiveProvider provider) : OpenIdConnectEvents
    {
        private static Arrival Of(HttpContext http) => http.Features.Get<Arrival>()!;

        // RFC 9207: an answer of another provider is not taken for this one's.
        public override Task MessageReceived(MessageReceivedContext context)
        {
            Of(context.HttpContext).WasDeclined = !string.IsNullOrEmpty(context.ProtocolMessage.Error);
            var mustName = provider.Metadata.Known is { AuthorizationResponseIssParameterSupported: true };
            if (context.ProtocolMessage.Iss is { Length: > 0 } iss ? iss != provider.Row.Issuer : mustName)
                context.Fail(new SecurityTokenInvalidIssuerException("The answer names another issuer."));
            return Task.CompletedTask;
        }

        public override Task TokenValidated(TokenValidatedContext context)
        {
            var arrival = Of(context.HttpContext);
            arrival.IdToken = context.TokenEndpointResponse?.IdToken ?? "";
            return Task.CompletedTask;
        }

        public override Task UserInformationReceived(UserInformationReceivedContext context)
        {
            Of(context.HttpContext).UserInfo = context.User.RootElement.Clone();
            return Task.CompletedTask;
        }

        public override Task TicketReceived(TicketReceivedContext context)
        {
            var arrival = Of(context.HttpContext);
            (arrival.Properties, arrival.ReturnUrl) = (context.Properties, context.ReturnUri);
            context.HandleResponse();
            return Task.CompletedTask;
        }

        public override Task AccessDenied(AccessDeniedContext context)
        {
            context.HandleResponse();
            return Task.CompletedTask;
        }

        public override Task RemoteFailure(RemoteFailureContext context)
        {
            var arrival = Of(context.HttpContext);
            arrival.Failure = context.Failure;
            // An error without our state is whoever's.
            if (context.Failure is AuthenticationFailureException { InnerException: null })
                arrival.WasDeclined = false;
            context.HandleResponse();
            return Task.CompletedTask;
        }
    }
}
