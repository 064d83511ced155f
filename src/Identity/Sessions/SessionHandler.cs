using System.Text.Encodings.Web;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Protection;
using Guerdon.Identity.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Guerdon.Identity.Sessions;

/// <summary>Signs a command line in by <c>Authorization: Bearer grs_…</c>: the secret of a session that somebody gave
/// it. The secret of a browser's is not taken.</summary>
internal sealed class SessionHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder,
    OpenSessions sessions) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string SchemeName = "login";

    public static bool IsAddressed(HttpRequest request) =>
        TokenHandler.SecretOf(request)?.StartsWith(SecretNames.Session, StringComparison.Ordinal) == true;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (TokenHandler.SecretOf(Request) is not { } secret) return AuthenticateResult.NoResult();

        if (await sessions.FindAsync(secret, SessionKind.CommandLine, Context.RequestAborted) is not { } live)
            return AuthenticateResult.Fail("The session is unknown or over.");
        var now = TimeProvider.GetUtcNow();
        if (live.Account.IsOver(now))
        {
            Problems.NoteOver(Context, live.Account);
            return AuthenticateResult.Fail("The session's owner has left.");
        }

        LastUse.Remember(Context, live);
        var caller = Principals.Of(live.Account, Scheme.Name, now, SessionCookie.ClaimsOf(live));
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
