using System.Net;
using Microsoft.Extensions.Options;
using Stipend.Kernel;

namespace Stipend.Host.SignIn;

/// <summary>
/// How often a password may be tried. Tries are counted by where they come from, never by account alone: so nobody can
/// lock an account's owner out from somewhere else. A browser in which the owner has signed in before has a count of
/// its own, which nobody else's tries touch, whatever happens at its address. Tries that succeed do not count.
/// </summary>
internal sealed class SignInLimits(IOptions<SignInOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly Throttle addresses = new(clock, options.Value.TriesPerAddressPerMinute, Window);
    private readonly Throttle pairs = new(clock, options.Value.TriesPerMinute, Window);
    private readonly Throttle devices = new(clock, options.Value.TriesPerMinute, Window);

    /// <summary>Counters in memory, of all three kinds.</summary>
    public int Count => addresses.Count + pairs.Count + devices.Count;

    /// <summary>Counts a try.</summary>
    /// <returns>Null: it may be made. Else how long to wait.</returns>
    public TimeSpan? Take(IPAddress? from, string email, string? device)
    {
        if (device is not null) return devices.Take(device);
        var address = Throttle.KeyOf(from);
        if (addresses.Take(address) is { } wait) return wait;
        if (pairs.Take(Pair(address, email)) is not { } longer) return null;
        addresses.GiveBack(address); // one e-mail's tries are not to use up what others at the address may
        return longer;
    }

    /// <summary>The try succeeded.</summary>
    public void GiveBack(IPAddress? from, string email, string? device)
    {
        if (device is not null)
        {
            devices.GiveBack(device);
            return;
        }

        var address = Throttle.KeyOf(from);
        addresses.GiveBack(address);
        pairs.GiveBack(Pair(address, email));
    }

    private static string Pair(string address, string email) => $"{address} {email.ToUpperInvariant()}";
}
