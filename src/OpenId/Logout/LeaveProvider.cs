using System.Security.Cryptography;
using Guerdon.Identity.Sessions;
using Guerdon.Identity.SignIn;
using Guerdon.OpenId.Arrivals;
using Guerdon.OpenId.Wire;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Guerdon.OpenId.Logout;

/// <summary>Whoever signs out here is asked whether they want to sign out at the provider too: on a page with a link,
/// since the security policy lets no form lead to another site.</summary>
internal sealed class LeaveProvider(
    BegunSessions begun, LiveProviders providers, IDataProtectionProvider ring) : IAfterSignOut
{
    /// <summary>The page that asks.</summary>
    public const string PagePath = "/signed-out";

    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(10);

    private readonly ITimeLimitedDataProtector _protector =
        ring.CreateProtector("Guerdon.OpenId.SignedOut.v1").ToTimeLimitedDataProtector();

    public async Task<string?> PageAsync(SessionId session, CancellationToken ct)
    {
        if (await begun.FindAsync(session, ct) is not { IsInForce: true } was
            // What is known by now: nobody who signs out waits for a provider that is away.
            || providers.Find(was.Name)?.Metadata.Known is not { EndSessionEndpoint.Length: > 0 }) return null;
        return PagePath + QueryString.Create("with", was.Name)
            .Add("of", _protector.Protect($"{session}", Lasts));
    }

    /// <summary>Sends a browser to the provider, to sign out there.</summary>
    internal static async Task<IResult> Handle(
        string provider, string? of, HttpContext http, LeaveProvider leave, CancellationToken ct) =>
        await leave.AddressAsync(http, provider, of, ct) is { } address
            ? Results.Redirect(address) : ArrivalAnswers.SeeOther(http, "/sign-in");

    private async Task<string?> AddressAsync(HttpContext http, string provider, string? of, CancellationToken ct)
    {
        if (providers.Find(provider) is not { } live || SessionIn(of) is not { } session
            || await begun.FindAsync(session, ct) is not { } was || was.Issuer != live.Row.Issuer
            || await EndOfAsync(live, ct) is not { } end) return null;
        return new OpenIdConnectMessage
        {
            IssuerAddress = end, ClientId = live.Row.ClientId, IdTokenHint = was.IdToken,
            EnableTelemetryParameters = false,
            PostLogoutRedirectUri = $"{http.Request.Scheme}://{http.Request.Host.ToUriComponent()}/sign-in",
        }.CreateLogoutRequestUrl();
    }

    private SessionId? SessionIn(string? of)
    {
        try
        {
            return of is { Length: > 0 and < 1_000 } && SessionId.TryParse(_protector.Unprotect(of), out var id)
                ? id : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static async Task<string?> EndOfAsync(LiveProvider live, CancellationToken ct)
    {
        try
        {
            var says = await live.Metadata.GetConfigurationAsync(ct);
            return string.IsNullOrEmpty(says.EndSessionEndpoint) ? null : says.EndSessionEndpoint;
        }
        catch (Exception e) when (ProviderMetadata.IsAway(e, ct))
        {
            return null;
        }
    }
}
