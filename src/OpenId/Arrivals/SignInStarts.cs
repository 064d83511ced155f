using System.Net;
using Guerdon.Kernel;
using Microsoft.Extensions.Options;

namespace Guerdon.OpenId.Arrivals;

/// <summary>How often sign-ins are begun, by address: each may cost a call to the provider.</summary>
internal sealed class SignInStarts(IOptions<OpenIdOptions> options, TimeProvider clock)
{
    private readonly Throttle _addresses =
        new(clock, options.Value.StartsPerAddressPerMinute, TimeSpan.FromMinutes(1), 10_000);

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Counts one.</summary>
    /// <returns>Null: it may begin. Else how long to wait.</returns>
    public TimeSpan? Take(IPAddress? from) => _addresses.Take(Throttle.KeyOf(from));
}
