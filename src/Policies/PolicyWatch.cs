using Guerdon.Storage;
using Microsoft.Extensions.Logging;

namespace Guerdon.Policies;

/// <summary>Keeps this node's policy as the database has it; read before the first call.</summary>
internal sealed class PolicyWatch(CurrentPolicy book, TimeProvider clock, ILogger<PolicyWatch> log)
    : WatchedValue(PolicyStore.Channel, TimeSpan.FromSeconds(30), clock, log)
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await book.ReloadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override Task ReadAsync(CancellationToken ct) => book.ReloadAsync(ct);
}
