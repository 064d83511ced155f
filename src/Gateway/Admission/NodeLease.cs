using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Policies;
using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Gateway.Admission;

/// <summary>
/// This run of this node, and its lease. A node that could not show for a whole lease that it lives takes itself for
/// dead before others do, and begins again under a new name.
/// </summary>
public sealed partial class NodeLease(
    NpgsqlDataSource db, IOptions<AdmissionOptions> options, TimeProvider clock, ILogger<NodeLease> log)
{
    // Notifies the other nodes, so that they share the policy's rates with it from now on.
    private const string RegisterSql = $"""
        insert into gateway.node (holder, started_at, lease_until, oldest_open)
        values ($1, now(), now() + $2, $3) returning pg_notify('{PolicyStore.Channel}', '')
        """;

    // The database's clock decides, so that the nodes' own need not agree.
    private const string RenewSql = """
        update gateway.node set lease_until = now() + $2, oldest_open = greatest(oldest_open, $3)
         where holder = $1 and reclaimed_at is null
           and not exists (select from metering.v_closed_holder c where c.holder = $1)
        """;

    private const string RetireSql = $"""
        with told as (delete from gateway.key_share where holder = $1 and share_milli = 0)
        update gateway.node set reclaimed_at = now(), lease_until = now()
         where holder = $1 returning pg_notify('{PolicyStore.Channel}', '')
        """;

    private long _renewedAt;

    public HolderId Holder { get; private set; }

    /// <summary>
    /// How long in unbroken succession it has shown that it lives; a node reclaims others only after a lease.
    /// </summary>
    public TimeSpan Unbroken { get; private set; }

    /// <summary>False where others may have taken this node for dead; nothing may be admitted then.</summary>
    public bool IsAlive => _renewedAt != 0
        && clock.GetElapsedTime(_renewedAt) < options.Value.Lease - options.Value.Heartbeat;

    /// <param name="oldestOpen">Nothing that this run opens is filed earlier.</param>
    /// <param name="ct">Stops it.</param>
    public async Task RegisterAsync(DateTime oldestOpen, CancellationToken ct)
    {
        var holder = Id.New<HolderId>(clock);
        var asOf = clock.GetTimestamp();
        await db.ExecuteAsync(RegisterSql, [holder.Value, options.Value.Lease, oldestOpen], ct);
        (Holder, _renewedAt, Unbroken) = (holder, asOf, TimeSpan.Zero);
        Log.Registered(log, holder);
    }

    /// <param name="oldestOpen">Nothing this node has in flight, or not yet booked, began before.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>False where another node has taken this one for dead.</returns>
    public async Task<bool> RenewAsync(DateTime oldestOpen, CancellationToken ct)
    {
        var asOf = clock.GetTimestamp();
        if (await db.ExecuteAsync(RenewSql, [Holder.Value, options.Value.Lease, oldestOpen], ct) == 0) return false;

        var gap = clock.GetElapsedTime(_renewedAt, asOf);
        Unbroken = gap < options.Value.Lease ? Unbroken + gap : TimeSpan.Zero;
        _renewedAt = asOf;
        return true;
    }

    /// <summary>Says that nothing of this node is left to reclaim.</summary>
    public async Task RetireAsync(CancellationToken ct)
    {
        await db.ExecuteAsync(RetireSql, [Holder.Value], ct);
        _renewedAt = 0;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "This node is {Holder}.")]
        public static partial void Registered(ILogger log, HolderId holder);
    }
}
