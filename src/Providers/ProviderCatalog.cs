using Guerdon.Dialects.Known;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Providers;

/// <summary>
/// Which providers there are: those in the database, and those of configuration whose names it has not.
/// <see cref="ReloadAsync"/> hands them to the <see cref="ProviderSet"/> that calls ask.
/// </summary>
internal sealed partial class ProviderCatalog(
    ProviderSet set, KeySafe safe, NpgsqlDataSource db, IOptions<GatewayOptions> options, ILogger<ProviderCatalog> log)
    : IDisposable
{
    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile IReadOnlyDictionary<string, string> _faults = new Dictionary<string, string>();

    public ProviderSet Set => set;
    public KeySafe Safe => safe;
    public IReadOnlyDictionary<string, ProviderOptions> Configured => options.Value.Providers;

    /// <summary>Why this node may not call a provider where it is, or nothing.</summary>
    public IEnumerable<string> NotAllowed(ProviderOptions settings) =>
        ProviderRules.NotAllowed(settings, options.Value);

    /// <summary>Why a provider in the database cannot be called by this node, or null.</summary>
    public string? FaultOf(string name) => _faults.GetValueOrDefault(name);

    /// <summary>Reads what the database has. One at a time, so that what is read last stands last.</summary>
    public async Task ReloadAsync(DateTimeOffset now, CancellationToken ct)
    {
        await _reading.WaitAsync(ct);
        try
        {
            var (all, wrong) = Merge(await ProviderStore.ReadAsync(db, now, ct));
            foreach (var (name, reason) in wrong.Except(_faults)) Log.Unusable(log, name, reason);
            _faults = wrong;
            set.Replace(all);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>The settings of a row with its keys, or why there are none.</summary>
    public (ProviderOptions? Settings, string? Fault) Open(ProviderRows rows, ProviderRow row)
    {
        if (!KnownDialects.TryFind(row.Dialect, out var dialect))
            return (null, $"this node does not know the dialect {row.Dialect}");
        var (first, second) = (KeyOf(rows.First(row.Name)), KeyOf(rows.Second(row.Name)));
        if (first is null) return (null, "its key cannot be decrypted by this node: set it again");

        return (new ProviderOptions
        {
            Dialect = dialect, BaseUrl = row.BaseUrl, Serves = row.Serves, Weight = row.Weight,
            CapMember = row.CapMember, ApiKey = first, SecondKey = second ?? "",
        }, null);
    }

    private string? KeyOf(ProviderKeyRow? key) => key is null ? "" : safe.Unseal(key.Provider, key.Sealed);

    private (Dictionary<string, ProviderOptions> All, Dictionary<string, string> Wrong) Merge(ProviderRows rows)
    {
        var all = new Dictionary<string, ProviderOptions>(Configured, StringComparer.OrdinalIgnoreCase);
        var wrong = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in rows.Providers.Where(row => !row.IsRemoved))
        {
            all.Remove(row.Name); // the database wins, even where it cannot be used: nobody asked for the other
            var (settings, fault) = Open(rows, row);
            fault ??= ProviderRules.Wrong(settings!).FirstOrDefault();
            fault ??= NotAllowed(settings!).FirstOrDefault();
            if (fault is null) all.Add(row.Name, settings!);
            else wrong.Add(row.Name, fault);
        }

        // Checked here too, since this node may be configured differently from the one that accepted the row.
        foreach (var row in rows.Providers.Where(row => all.ContainsKey(row.Name) && !row.IsRemoved))
        {
            var serves = all[row.Name].ServesOr(row.Name);
            var others = all.Where(o => o.Key != row.Name
                && o.Value.ServesOr(o.Key).Equals(serves, StringComparison.OrdinalIgnoreCase));
            if (others.All(other => other.Value.Dialect == all[row.Name].Dialect)) continue;
            all.Remove(row.Name);
            wrong.Add(row.Name, $"others on this node that serve {serves} differ in Dialect");
        }

        return (all, wrong);
    }

    public void Dispose() => _reading.Dispose();

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Provider {Provider} is not called: {Reason}")]
        public static partial void Unusable(ILogger log, string provider, string reason);
    }
}
