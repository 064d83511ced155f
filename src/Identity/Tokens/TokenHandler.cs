using System.Text.Encodings.Web;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Protection;
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

    public static bool IsAddressed(HttpRequest request) => SecretOf(request) is not null;

    /// <summary>What a request has as a bearer; null: nothing.</summary>
    public static string? SecretOf(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header
        && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (SecretOf(Request) is not { } token || !token.StartsWith(SecretNames.Token, StringComparison.Ordinal))
            return AuthenticateResult.NoResult();

        if (await tokens.FindOwnerAsync(token, Context.RequestAborted) is not { } owner)
            return AuthenticateResult.Fail("The token is unknown, revoked or over.");
        var now = TimeProvider.GetUtcNow();
        if (owner.Account.IsOver(now))
        {
            Problems.NoteOver(Context, owner.Account);
            return AuthenticateResult.Fail("The token's owner has left.");
        }

        Context.Items[typeof(TokenOwner)] = owner;
        var caller = Principals.Of(owner.Account, Scheme.Name, now, owner.Claims());
        return AuthenticateResult.Success(new(caller, Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        return Problems.NotSignedInAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problems.NotAllowedAsync(Context);
}
