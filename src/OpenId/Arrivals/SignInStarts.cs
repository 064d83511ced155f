using System.Net;
using Guerdon.Kernel;
using Microsoft.Extensions.Options;

namespace Guerdon.OpenId.Arrivals;

/// <summary>How often sign-ins are begun and end, by address: each may cost calls to the provider.</summary>
internal sealed class SignInStarts(IOptions<OpenIdOptions> options, TimeProvider clock)
{
    private const int MostAddresses = 10_000;

    private readonly Throttle _starts =
        new(clock, options.Value.StartsPerAddressPerMinute, TimeSpan.FromMinutes(1), MostAddresses);

    private readonly Throttle _ends =
        new(clock, options.Value.StartsPerAddressPerMinute, TimeSpan.FromMinutes(1), MostAddresses);

    // A provider signs many people out from one address.
    private readonly Throttle _logouts =
        new(clock, 10 * options.Value.StartsPerAddressPerMinute, TimeSpan.FromMinutes(1), MostAddresses);

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Counts one that begins.</summary>
    /// <returns>Null: it may. Else how long to wait.</returns>
    public TimeSpan? Take(IPAddress? from) => _starts.Take(Throttle.KeyOf(from));

    /// <summary>Counts a logout that a provider sends, or whoever says so.</summary>
    /// <returns>Null: it may. Else how long to wait.</returns>
    public TimeSpan? TakeLogout(IPAddress? from) => _logouts.Take(Throttle.KeyOf(from));

    /// <summary>Counts one that ends: whoever saves their cookies can end one that they began many times.</summary>
    /// <returns>Null: it may. Else how long to wait.</returns>
    public TimeSpan? TakeEnd(IPAddress? from) => _ends.Take(Throttle.KeyOf(from));
}
