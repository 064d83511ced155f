using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Metering.Requests;

/// <summary>Keeps this month's and the next two months' partitions ready.</summary>
internal sealed class MonthPartitions(NpgsqlDataSource db, TimeProvider clock, ILogger<MonthPartitions> log)
    : Job(new(TimeSpan.FromHours(6)) { AtStart = false }, db, clock, log)
{
    private const int MonthsAhead = 2;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the first request, which would otherwise go to the default partition.
        await WorkAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <returns>0: that they are there is nothing to say.</returns>
    protected override async Task<int> WorkAsync(CancellationToken ct)
    {
        var month = Clock.Today();
        for (var ahead = 0; ahead <= MonthsAhead; ahead++) await EnsureAsync(Database, month.AddMonths(ahead), ct);
        return 0;
    }

    /// <summary>Makes the partitions of the month that a day lies in. Repeating it is safe.</summary>
    public static Task EnsureAsync(NpgsqlDataSource db, DateOnly day, CancellationToken ct) =>
        db.ExecuteAsync("select metering.ensure_month($1)", [day], ct);
}
