using System.ComponentModel.DataAnnotations;
using Guerdon.Outbound;

namespace Guerdon.OpenId;

/// <summary>What this node does with sign-in providers, of which the database has the rest.</summary>
internal sealed record OpenIdOptions
{
    public const string Section = "OpenId";

    /// <summary>Which providers on this machine or in a private network may be called: hosts, hosts with a port, or
    /// networks. None by default.</summary>
    public string[] LocalProviders { get; init; } = [];

    /// <summary>How often a minute one address (IPv6: a /64) may begin to sign in: each may cost a call to the
    /// provider.</summary>
    [Range(1, 100_000)]
    public int StartsPerAddressPerMinute { get; init; } = 60;

    internal AllowedInside AllowedInside => new($"{Section}:{nameof(LocalProviders)}", LocalProviders);
}
