using Guerdon.Identity.Accounts;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Identity.SignIn;

/// <summary>Signs in by e-mail and password.</summary>
internal sealed class PasswordSignIn(
    AccountDirectory accounts, SignInLimits limits, KnownDevices devices, HashTurns turns, TimeProvider clock)
{
    /// <summary>What came of it.</summary>
    /// <param name="Account">Whose it is; null where they do not belong together, or nobody looked.</param>
    /// <param name="Status">200; 400: too long; 401: they do not belong together; 403: its person has left;
    /// 429: try later.</param>
    /// <param name="Wait">How long, where it is 429.</param>
    public sealed record Outcome(Account? Account, int Status, TimeSpan Wait = default);

    /// <summary>
    /// In this order, the cheapest first: 1 lengths, before anything is stored; 2 the limits of address, e-mail and
    /// browser; 3 the password, in its turn.
    /// </summary>
    public async Task<Outcome> TryAsync(HttpContext http, string email, string password)
    {
        var isTooLong = email.Length > AccountDirectory.MostEmailChars || password.Length > Passwords.MaxLength; // 1
        if (isTooLong) return new(null, 400);
        var (from, ct) = (http.Connection.RemoteIpAddress, http.RequestAborted);
        var device = await DeviceAsync(http, email); // 2
        if (limits.Take(from, email, device) is { } wait) return new(null, 429, wait);

        // By account, so that its browsers wait together, however many there are.
        var asks = device is null ? Throttle.KeyOf(from) : email.ToUpperInvariant();
        var (done, right) = await turns.RunAsync( // 3
            device is not null, asks, () => accounts.CheckPasswordAsync(email, password, ct), ct);
        if (done && right is null) return new(null, 401);

        limits.GiveBack(from, email, device); // nothing was guessed
        if (right is null) return new(null, 429, TimeSpan.FromSeconds(5));
        if (right.IsOver(clock.GetUtcNow())) return new(right, 403);
        if (device is null) devices.Remember(http, right.Id);
        return new(right, 200);
    }

    // Null unless it is this very account's, since anybody may send a cookie.
    private async Task<string?> DeviceAsync(HttpContext http, string email) =>
        devices.Find(http) is { } known
        && await accounts.FindByEmailAsync(email, http.RequestAborted) is { } account && account.Id == known.Account
            ? known.Name
            : null;
}
