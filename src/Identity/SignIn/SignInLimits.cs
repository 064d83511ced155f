using System.Net;
using Guerdon.Kernel;
using Microsoft.Extensions.Options;

namespace Guerdon.Identity.SignIn;

/// <summary>
/// How often a password may be tried. Tries are counted by where they come from, never by account alone: so nobody can
/// lock an account's owner out from somewhere else. A browser in which the owner has signed in before has a count of
/// its own, which nobody else's tries touch, whatever happens at its address. Tries that succeed do not count. Of IPv6
/// a /64 counts as an address, and a /48, which a site has, as four.
/// </summary>
internal sealed class SignInLimits(IOptions<SignInOptions> options, TimeProvider clock)
{
    private const int AddressesOfSite = 4;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly Throttle _addresses = new(clock, options.Value.TriesPerAddressPerMinute, Window);
    private readonly Throttle _pairs = new(clock, options.Value.TriesPerMinute, Window);
    private readonly Throttle _devices = new(clock, options.Value.TriesPerMinute, Window);
    private readonly Throttle _sites = new(clock, AddressesOfSite * options.Value.TriesPerAddressPerMinute, Window);
    private readonly Throttle _sitePairs = new(clock, AddressesOfSite * options.Value.TriesPerMinute, Window);

    /// <summary>Counters in memory, of all kinds.</summary>
    public int Count => Counters.Sum(counter => counter.Count);

    private IEnumerable<Throttle> Counters => [_addresses, _pairs, _devices, _sites, _sitePairs];

    /// <summary>Counts a try.</summary>
    /// <returns>Null: it may be made. Else how long to wait.</returns>
    public TimeSpan? Take(IPAddress? from, string email, string? device)
    {
        var taken = new List<(Throttle Counter, string Key)>();
        foreach (var (counter, key) in CountedBy(from, email, device))
        {
            if (counter.Take(key) is { } wait)
            {
                // What is refused counts nowhere, so that tries for one e-mail never use up what others there may.
                foreach (var (earlier, its) in taken) earlier.GiveBack(its);
                return wait;
            }

            taken.Add((counter, key));
        }

        return null;
    }

    /// <summary>The try succeeded.</summary>
    public void GiveBack(IPAddress? from, string email, string? device)
    {
        foreach (var (counter, key) in CountedBy(from, email, device)) counter.GiveBack(key);
    }

    private IEnumerable<(Throttle Counter, string Key)> CountedBy(IPAddress? from, string email, string? device)
    {
        if (device is not null) return [(_devices, device)];
        var address = Throttle.KeyOf(from);
        return Throttle.SiteOf(from) is { } site
            ? [(_addresses, address), (_sites, site), (_pairs, Pair(address, email)), (_sitePairs, Pair(site, email))]
            : [(_addresses, address), (_pairs, Pair(address, email))];
    }

    private static string Pair(string address, string email) => $"{address} {email.ToUpperInvariant()}";
}
