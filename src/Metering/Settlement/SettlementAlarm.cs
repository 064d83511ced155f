using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Metering.Settlement;

/// <summary>What was charged and is not booked long after it should have been: sums, in which no person is.</summary>
/// <param name="Wallets">Of how many wallets.</param>
/// <param name="ChargedMilli">What they add up to, in milli-tokens.</param>
/// <param name="Since">When the first of them was opened.</param>
public sealed record SettlementAlarm(long Wallets, long ChargedMilli, DateTimeOffset Since)
{
    /// <summary>Beyond any window, and a node that died is reclaimed long before.</summary>
    public static readonly TimeSpan After = TimeSpan.FromMinutes(15);

    private const string ReadSql = """
        select count(distinct wallet_id) as wallets, sum(charged_milli)::bigint as charged_milli,
               min(opened_at) as since
          from metering.unsettled where opened_at < $1
        having count(*) > 0
        """;

    /// <returns>Null where all is booked in time.</returns>
    public static Task<SettlementAlarm?> ReadAsync(NpgsqlDataSource db, DateTimeOffset now, CancellationToken ct) =>
        db.FirstAsync(
            ReadSql,
            row => new SettlementAlarm(row.Bigint("wallets"), row.Bigint("charged_milli"), row.Instant("since")),
            [now - After], ct);
}
