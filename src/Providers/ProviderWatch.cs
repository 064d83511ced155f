using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Providers;

/// <summary>
/// Keeps this node's providers as the database has them; read before the first call. Erases keys whose time has passed,
/// and those that waited for nothing.
/// </summary>
internal sealed class ProviderWatch(
    ProviderCatalog book, ProposedKeys proposed, NpgsqlDataSource db, TimeProvider clock, ILogger<ProviderWatch> log)
    : WatchedValue(ProviderStore.Channel, TimeSpan.FromSeconds(30), clock, log)
{
    private readonly TimeProvider _clock = clock;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ReadAsync(CancellationToken ct)
    {
        var now = _clock.GetUtcNow();
        await ProviderStore.EraseRetiredAsync(db, now, ct);
        await proposed.EraseUnnamedAsync(now, ct);
        await book.ReloadAsync(now, ct);
    }
}
