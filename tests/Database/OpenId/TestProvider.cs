using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Guerdon.Database.OpenId;

/// <summary>A provider that signs whoever it is told to in, with real keys, and answers as badly as it is told to.
/// </summary>
internal sealed class TestProvider : IAsyncDisposable
{
    public const string Client = "guerdon", Secret = "a secret of at least thirty-two characters";

    /// <summary>Tokens that it gives beside the one that it signs.</summary>
    public const string AccessToken = "opaque-access-token", RefreshToken = "opaque-refresh-token";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Code> _codes = [];

    private sealed record Code(string Nonce, string Challenge, string RedirectUri);

    private TestProvider(WebApplication app) => _app = app;

    public string Issuer => _app.Urls.Single();

    /// <summary>Who is signed in there, as its tokens say it.</summary>
    public JsonObject User { get; set; } = Of("u-1", "ada@example.com");

    /// <summary>What its user endpoint says; null: the subject alone.</summary>
    public JsonObject? UserInfo { get; set; }

    public RsaSecurityKey Key { get; private set; } = NewKey();

    /// <summary>Changes an id token before it is signed.</summary>
    public Action<JsonObject>? Bend { get; set; }

    /// <summary>Signs in another way.</summary>
    public Func<string, string>? Sign { get; set; }

    /// <summary>Answers in place of an endpoint, by its path.</summary>
    public Dictionary<string, Func<HttpContext, IResult>> Instead { get; } = [];

    /// <summary>Changes what it says of itself.</summary>
    public Action<JsonObject>? BendMetadata { get; set; }

    /// <summary>What it sends browsers back with, beside code and state.</summary>
    public string More { get; set; } = "";

    /// <summary>The last request to sign somebody in.</summary>
    public IQueryCollection? Asked { get; private set; }

    public int KeysRead { get; private set; }

    /// <summary>The id token that it gave last.</summary>
    public string IdToken { get; private set; } = "";

    public static JsonObject Of(string subject, string email, bool verified = true) =>
        new() { ["sub"] = subject, ["email"] = email, ["email_verified"] = verified, ["name"] = "Ada Test" };

    public static async Task<TestProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var provider = new TestProvider(app);
        app.MapGet("/.well-known/openid-configuration", provider.Metadata);
        app.MapGet("/keys", provider.Keys);
        app.MapGet("/authorize", provider.Authorize);
        app.MapPost("/token", (Delegate)provider.TokenAsync);
        app.MapGet("/me", (HttpContext http) => provider.Say(http, () => Results.Json(
            provider.UserInfo ?? new JsonObject { ["sub"] = $"{provider.User["sub"]}" })));
        await app.StartAsync();
        return provider;
    }

    /// <summary>Becomes honest again.</summary>
    public void Behave()
    {
        (User, UserInfo, Bend, Sign, BendMetadata, More) = (Of("u-1", "ada@example.com"), null, null, null, null, "");
        Instead.Clear();
    }

    /// <summary>Signs with another key from now on, and no longer shows the former one.</summary>
    public void Rotate() => Key = NewKey();

    /// <summary>A logout token, as it should be unless it is bent.</summary>
    public string LogoutToken(string? sid, string? subject, Action<JsonObject>? bend = null)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var says = new JsonObject
        {
            ["iss"] = Issuer, ["aud"] = Client, ["iat"] = now, ["exp"] = now + 120, ["jti"] = $"{Guid.NewGuid()}",
            ["events"] = new JsonObject { ["http://schemas.openid.net/event/backchannel-logout"] = new JsonObject() },
        };
        if (sid is not null) says["sid"] = sid;
        if (subject is not null) says["sub"] = subject;
        bend?.Invoke(says);
        return Signed(says.ToJsonString());
    }

    /// <summary>Signed by its key, with a header that is chosen.</summary>
    public string Raw(string header, string payload)
    {
        var text = $"{Base64UrlEncoder.Encode(header)}.{Base64UrlEncoder.Encode(payload)}";
        var signature = Key.Rsa.SignData(
            Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{text}.{Base64UrlEncoder.Encode(signature)}";
    }

    public string Signed(string payload) => Sign?.Invoke(payload)
        ?? new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            payload, new SigningCredentials(Key, SecurityAlgorithms.RsaSha256));

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static RsaSecurityKey NewKey() => new(RSA.Create(2048)) { KeyId = $"{Guid.NewGuid():N}" };

    private IResult Say(HttpContext http, Func<IResult> usual) =>
        Instead.TryGetValue(http.Request.Path, out var instead) ? instead(http) : usual();

    private IResult Metadata(HttpContext http) => Say(http, () =>
    {
        var says = new JsonObject
        {
            ["issuer"] = Issuer, ["authorization_endpoint"] = $"{Issuer}/authorize",
            ["token_endpoint"] = $"{Issuer}/token", ["jwks_uri"] = $"{Issuer}/keys",
            ["userinfo_endpoint"] = $"{Issuer}/me", ["end_session_endpoint"] = $"{Issuer}/end",
            ["backchannel_logout_supported"] = true,
        };
        BendMetadata?.Invoke(says);
        return Results.Json(says);
    });

    private IResult Keys(HttpContext http) => Say(http, () =>
    {
        KeysRead++;
        var one = Key.Rsa.ExportParameters(false);
        return Results.Json(new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = "RSA", ["use"] = "sig", ["alg"] = "RS256", ["kid"] = Key.KeyId,
                ["n"] = Base64UrlEncoder.Encode(one.Modulus), ["e"] = Base64UrlEncoder.Encode(one.Exponent),
            }),
        });
    });

    private IResult Authorize(HttpContext http) => Say(http, () =>
    {
        var asked = Asked = http.Request.Query;
        var code = $"{Guid.NewGuid():N}";
        _codes[code] = new(asked["nonce"]!, asked["code_challenge"]!, asked["redirect_uri"]!);
        return Results.Redirect(QueryHelpers.AddQueryString(
            asked["redirect_uri"]!, new Dictionary<string, string?> { ["code"] = code, ["state"] = asked["state"] })
            + More);
    });

    private async Task<IResult> TokenAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        return Say(http, () =>
        {
            // Once, for whoever has the verifier, at the address that it was for.
            if (!_codes.TryRemove(form["code"].ToString(), out var code) || code.RedirectUri != form["redirect_uri"]
                || code.Challenge != Base64UrlEncoder.Encode(
                    SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))))
                return Results.Json(new { error = "invalid_grant" }, statusCode: 400);

            var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
            var says = JsonSerializer.Deserialize<JsonObject>(User.ToJsonString())!;
            (says["iss"], says["aud"], says["nonce"]) = (Issuer, Client, code.Nonce);
            (says["iat"], says["exp"]) = (now, now + 300);
            Bend?.Invoke(says);
            IdToken = Signed(says.ToJsonString());
            return Results.Json(new
            {
                access_token = AccessToken, refresh_token = RefreshToken, token_type = "Bearer", expires_in = 300,
                id_token = IdToken,
            });
        });
    }
}
