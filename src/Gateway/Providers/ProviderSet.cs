using System.Collections.Frozen;
using Microsoft.Extensions.Options;

namespace Stipend.Gateway;

/// <summary>The configured providers, by the name in the price book whose models they serve.</summary>
internal sealed class ProviderSet : IDisposable
{
    private readonly FrozenDictionary<string, ProviderGroup> _byServed;

    public ProviderSet(IOptions<GatewayOptions> options, TimeProvider clock)
    {
        _byServed = options.Value.Providers
            .Select(pair => (Serves: pair.Value.ServesOr(pair.Key),
                Provider: new Provider(pair.Key, pair.Value, options.Value, clock)))
            .GroupBy(one => one.Serves, one => one.Provider, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(
                group => group.Key, group => new ProviderGroup([.. group]), StringComparer.OrdinalIgnoreCase);
    }

    public ProviderGroup? Find(string served) => _byServed.GetValueOrDefault(served);

    public void Dispose()
    {
        foreach (var provider in _byServed.Values.SelectMany(group => group.Members)) provider.Dispose();
    }
}
