using Guerdon.Identity.Accounts;
using Guerdon.Identity.SignIn;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Identity.External;

/// <summary>How often may be tried what is no password, and costs a check all the same: counted by where it comes from,
/// as passwords are, so that nobody keeps another out. A browser that is known has a count of its own.</summary>
public sealed class ExternalTries
{
    // In place of an e-mail.
    private const string Counted = "a passkey";

    private readonly SignInLimits _limits;
    private readonly KnownDevices _devices;

    internal ExternalTries(SignInLimits limits, KnownDevices devices) => (_limits, _devices) = (limits, devices);

    /// <summary>Counts a try.</summary>
    /// <returns>Null: it may be made. Else how long to wait.</returns>
    public TimeSpan? Take(HttpContext http) =>
        _limits.Take(http.Connection.RemoteIpAddress, Counted, _devices.Find(http)?.Name);

    /// <summary>The try succeeded.</summary>
    public void GiveBack(HttpContext http) =>
        _limits.GiveBack(http.Connection.RemoteIpAddress, Counted, _devices.Find(http)?.Name);

    /// <summary>Remembers the browser as the account's, who has signed in there.</summary>
    public void Remember(HttpContext http, AccountId account)
    {
        if (_devices.Find(http)?.Account != account) _devices.Remember(http, account);
    }
}
