using System.Collections.Frozen;
using Microsoft.Extensions.Options;

namespace Stipend.Gateway;

/// <summary>The configured providers by their name in the price book.</summary>
internal sealed class ProviderSet(IOptions<GatewayOptions> options) : IDisposable
{
    private readonly FrozenDictionary<string, Provider> _byName = options.Value.Providers.ToFrozenDictionary(
        pair => pair.Key, pair => new Provider(pair.Key, pair.Value, options.Value), StringComparer.OrdinalIgnoreCase);

    public Provider? Find(string name) => _byName.GetValueOrDefault(name);

    public void Dispose()
    {
        foreach (var provider in _byName.Values) provider.Dispose();
    }
}
