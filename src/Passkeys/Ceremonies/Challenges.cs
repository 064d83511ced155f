using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Guerdon.Identity;
using Guerdon.Identity.Sessions;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Guerdon.Passkeys.Ceremonies;

/// <summary>What a passkey is asked for. A challenge for one is none for another.</summary>
internal enum Ceremony
{
    SignIn,
    Confirm,
    Add,
}

/// <summary>What a browser was asked to have signed.</summary>
/// <param name="State">As the framework made it: the challenge, and whose passkey is asked for.</param>
/// <param name="EndsAt">It is taken until then.</param>
internal sealed record Challenge(string State, DateTimeOffset EndsAt)
{
    /// <summary>By which it is known as answered.</summary>
    public byte[] Hash => SHA256.HashData(Encoding.UTF8.GetBytes(State));
}

/// <summary>Challenges that wait for an answer: each in a cookie of the browser that asked, encrypted by the key ring,
/// for its session and for five minutes. So whoever asks for many fills nothing here. What was answered is noted, and
/// taken once.</summary>
internal sealed class Challenges(IDataProtectionProvider ring, IOptions<CookieRules> cookies, TimeProvider clock)
{
    /// <summary>How long somebody has.</summary>
    public static readonly TimeSpan For = TimeSpan.FromMinutes(5);

    private const int MostCookieChars = 4_000;

    private string CookieName => cookies.Value.NameOf("guerdon.passkey");

    public void Keep(HttpContext http, Ceremony what, string state)
    {
        var (ends, session) = ((clock.GetUtcNow() + For).UtcTicks, SessionOf(http, what));
        http.Response.Cookies.Append(
            CookieName,
            Protector(what).Protect(string.Create(CultureInfo.InvariantCulture, $"{ends} {session} {state}")),
            Options(For));
    }

    /// <summary>The one that this browser was given for this, which it has no more; null: none, it is over, or it is
    /// another session's.</summary>
    public Challenge? Take(HttpContext http, Ceremony what)
    {
        if (http.Request.Cookies[CookieName] is not { Length: <= MostCookieChars } cookie) return null;
        http.Response.Cookies.Delete(CookieName, Options(null));
        try
        {
            if (Protector(what).Unprotect(cookie).Split(' ', 3) is not [var until, var session, var state]
                || session != SessionOf(http, what)) return null;
            var ends = new DateTimeOffset(long.Parse(until, CultureInfo.InvariantCulture), TimeSpan.Zero);
            return ends > clock.GetUtcNow() ? new(state, ends) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    // Whoever signs in may have any, which the new one ends.
    private static string SessionOf(HttpContext http, Ceremony what) =>
        what == Ceremony.SignIn ? "-" : $"{OpenSessions.IdOf(http.User)}";

    private IDataProtector Protector(Ceremony what) => ring.CreateProtector($"Guerdon.Passkeys.{what}.v1");

    private CookieOptions Options(TimeSpan? age) => new()
    {
        HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = cookies.Value.AreSecure, MaxAge = age, Path = "/",
        IsEssential = true,
    };
}
