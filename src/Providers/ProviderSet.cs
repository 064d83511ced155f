using System.Collections.Frozen;
using Microsoft.Extensions.Options;

namespace Guerdon.Providers;

/// <summary>
/// The providers that calls go to, by the name in the price book whose models they serve. <see cref="Replace"/> changes
/// all of them at once; calls in flight end with those they began with.
/// </summary>
public sealed class ProviderSet : IDisposable
{
    // A call counts in its group as soon as it has found it, so this need only cover the moment between the two.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);

    private readonly Lock _changing = new();
    private readonly GatewayOptions _options;
    private readonly TimeProvider _clock;
    private readonly List<(ProviderGroup Group, DateTimeOffset Since)> _replaced = [];
    private Dictionary<string, (ProviderOptions Settings, Provider Provider)> _byName = [];
    private volatile FrozenDictionary<string, ProviderGroup> _byServed = FrozenDictionary<string, ProviderGroup>.Empty;

    /// <summary>Begins with those of configuration.</summary>
    public ProviderSet(IOptions<GatewayOptions> options, TimeProvider clock)
    {
        (_options, _clock) = (options.Value, clock);
        Replace(_options.Providers);
    }

    /// <summary>Who serves these models. Never waits.</summary>
    public ProviderGroup? Find(string served) => _byServed.GetValueOrDefault(served);

    /// <summary>The provider of this name as it is called now, or null.</summary>
    public Provider? Named(string name)
    {
        lock (_changing) return _byName.TryGetValue(name, out var one) ? one.Provider : null;
    }

    /// <summary>
    /// Calls these from now on. Those whose settings stay as they are keep their connections and their health.
    /// Repeating it is safe.
    /// </summary>
    /// <param name="providers">By name; each passed <see cref="ProviderRules"/>.</param>
    public void Replace(IReadOnlyDictionary<string, ProviderOptions> providers)
    {
        lock (_changing)
        {
            if (!IsSame(providers))
            {
                var were = _byServed.Values;
                _byName = providers.ToDictionary(
                    pair => pair.Key, pair => (pair.Value, SameOr(pair.Key, pair.Value)),
                    StringComparer.OrdinalIgnoreCase);
                _byServed = _byName
                    .GroupBy(one => one.Value.Settings.ServesOr(one.Key), one => one.Value.Provider,
                        StringComparer.OrdinalIgnoreCase)
                    .ToFrozenDictionary(
                        group => group.Key, group => new ProviderGroup([.. group]), StringComparer.OrdinalIgnoreCase);
                _replaced.AddRange(were.Select(group => (group, _clock.GetUtcNow())));
            }

            DisposeUnused(_clock.GetUtcNow() - Quiet);
        }
    }

    /// <summary>Providers that were replaced and still have calls, or had some just now.</summary>
    internal int Waiting
    {
        get
        {
            lock (_changing) return Unused(_replaced.SelectMany(one => one.Group.Members)).Count();
        }
    }

    private bool IsSame(IReadOnlyDictionary<string, ProviderOptions> providers) =>
        providers.Count == _byName.Count && providers.All(
            pair => _byName.TryGetValue(pair.Key, out var one) && one.Settings == pair.Value);

    private Provider SameOr(string name, ProviderOptions settings) =>
        _byName.TryGetValue(name, out var one) && one.Settings == settings && one.Provider.Name == name
            ? one.Provider
            : new Provider(name, settings, _options, _clock);

    private void DisposeUnused(DateTimeOffset before)
    {
        var ended = _replaced.Where(one => one.Since <= before && one.Group.Calls == 0).ToList();
        if (ended.Count == 0) return;
        _replaced.RemoveAll(ended.Contains);
        var waiting = _replaced.SelectMany(one => one.Group.Members).ToHashSet();
        foreach (var provider in Unused(ended.SelectMany(one => one.Group.Members)))
            if (!waiting.Contains(provider)) provider.Dispose();
    }

    private IEnumerable<Provider> Unused(IEnumerable<Provider> providers) =>
        providers.Distinct().Except(_byName.Values.Select(one => one.Provider));

    public void Dispose()
    {
        lock (_changing)
        {
            var all = _byName.Values.Select(one => one.Provider).Concat(_replaced.SelectMany(one => one.Group.Members));
            foreach (var provider in all.Distinct()) provider.Dispose();
        }
    }
}
