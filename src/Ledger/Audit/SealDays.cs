using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Ledger.Audit;

/// <summary>Seals days as they end. Any number of nodes may run it: an advisory lock lets one through.</summary>
internal sealed class SealDays(
    NpgsqlDataSource db, IOptions<LedgerOptions> options, TimeProvider clock, ILogger<SealDays> log)
    : Job(new(TimeSpan.FromMinutes(5)), db, clock, log)
{
    /// <returns>How many days were sealed.</returns>
    protected override Task<int> WorkAsync(CancellationToken ct) =>
        Seals.SealAsync(Database, Clock, options.Value.SealAfter, ct);
}
