using System.Text.Json.Serialization;

namespace Guerdon.Providers;

/// <summary>How a provider is, as one node sees it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HealthState>))]
public enum HealthState
{
    /// <summary>It is called.</summary>
    Healthy,

    /// <summary>It is called, and takes only its second key.</summary>
    OnSecondKey,

    /// <summary>It failed too often, and is not called for a while.</summary>
    LeftAlone,

    /// <summary>It refuses the company's key.</summary>
    KeyRefused,

    /// <summary>It cannot be called as it is set; the reason says why.</summary>
    Unusable,
}

/// <summary>A provider's health.</summary>
/// <param name="State">What it is.</param>
/// <param name="Since">Since when the key is refused, or only the second is taken.</param>
/// <param name="Until">Until when it is not called.</param>
/// <param name="Reason">Why it is unusable.</param>
public sealed record ProviderHealth(
    HealthState State, DateTimeOffset? Since, DateTimeOffset? Until, string? Reason = null);
