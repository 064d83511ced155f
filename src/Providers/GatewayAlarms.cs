using Guerdon.Policies;

namespace Guerdon.Providers;

/// <summary>What keeps calls from passing, as this node sees it, for whoever runs the programme.</summary>
public sealed class GatewayAlarms
{
    private readonly ProviderChanges _providers;
    private readonly CurrentPolicy _policies;

    internal GatewayAlarms(ProviderChanges providers, CurrentPolicy policies) =>
        (_providers, _policies) = (providers, policies);

    /// <summary>Why nobody's calls pass; null: they do.</summary>
    public string? Closed => _policies.InForce()?.Closed;

    /// <summary>Providers that are not wholly well, by name.</summary>
    public async Task<IReadOnlyList<ListProviders.Item>> ProvidersAsync(CancellationToken ct) =>
        [.. (await ListProviders.OfAsync(_providers, ct)).Where(p => p.Health.State != HealthState.Healthy)];
}
