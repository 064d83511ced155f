using System.Text.Encodings.Web;
using Guerdon.Identity.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Guerdon.Identity.Tokens;

/// <summary>Signs in by <c>Authorization: Bearer grd_…</c>. Other bearers are the gateway's keys.</summary>
internal sealed class TokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, ApiTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string SchemeName = "token";
    private const string Bearer = "Bearer ";

    public static bool IsAddressed(HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith(Bearer, StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!IsAddressed(Request)) return AuthenticateResult.NoResult();

        var token = Request.Headers.Authorization.ToString()[Bearer.Length..].Trim();
        if (!token.StartsWith(ApiTokens.Prefix, StringComparison.Ordinal)) return AuthenticateResult.NoResult();

        if (await tokens.FindOwnerAsync(token, Context.RequestAborted) is not { } account)
            return AuthenticateResult.Fail("The token is unknown or revoked.");
        if (!account.IsOver(TimeProvider.GetUtcNow()))
            return AuthenticateResult.Success(new(Principals.Of(account, Scheme.Name), Scheme.Name));

        Problems.NoteOver(Context, account);
        return AuthenticateResult.Fail("The token's owner has left.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        return Problems.NotSignedInAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problems.NotAllowedAsync(Context);
}
