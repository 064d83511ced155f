using System.Security.Cryptography;
using Guerdon.Identity.Accounts;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Guerdon.Identity.SignIn;

/// <summary>
/// Browsers in which somebody has signed in: a cookie, encrypted by the key ring, that names the account and the
/// browser. It opens nothing; its owner's tries are merely counted apart from everybody else's.
/// </summary>
internal sealed class KnownDevices(IDataProtectionProvider ring, IOptions<CookieRules> cookies)
{
    private const int IdBytes = 16;
    private const int MostCookieChars = 1_000;
    private static readonly TimeSpan For = TimeSpan.FromDays(180);

    private readonly ITimeLimitedDataProtector _protector =
        ring.CreateProtector("Guerdon.Host.KnownDevice.v1").ToTimeLimitedDataProtector();

    private string CookieName => cookies.Value.NameOf("guerdon.device");

    /// <summary>Whose browser it is, and its name for counting; null where its cookie is missing, false or over.
    /// </summary>
    public (AccountId Account, string Name)? Find(HttpContext http)
    {
        if (http.Request.Cookies[CookieName] is not { Length: <= MostCookieChars } cookie) return null;
        try
        {
            var device = _protector.Unprotect(WebEncoders.Base64UrlDecode(cookie));
            return device.Length == 2 * IdBytes
                ? (new AccountId(new Guid(device.AsSpan(0, IdBytes))), Convert.ToHexString(device))
                : null;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Remembers the browser as the account's.</summary>
    public void Remember(HttpContext http, AccountId account)
    {
        var device = new byte[2 * IdBytes];
        account.Value.TryWriteBytes(device);
        RandomNumberGenerator.Fill(device.AsSpan(IdBytes));
        http.Response.Cookies.Append(CookieName, WebEncoders.Base64UrlEncode(_protector.Protect(device, For)), new()
        {
            HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, MaxAge = For, Path = "/",
            IsEssential = true,
        });
    }
}
