using Dapper;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Policies;
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
        values (@holder, now(), now() + @lease, @oldest) returning pg_notify('{PolicyStore.Channel}', '')
        """;

    // The database's clock decides, so that the nodes' own need not agree.
    private const string RenewSql = """
        update gateway.node set lease_until = now() + @lease, oldest_open = greatest(oldest_open, @oldest)
         where holder = @holder and reclaimed_at is null
           and not exists (select from metering.v_closed_holder c where c.holder = @holder)
        """;

    private const string RetireSql = $"""
        with told as (delete from gateway.key_share where holder = @holder and share_milli = 0)
        update gateway.node set reclaimed_at = now(), lease_until = now()
         where holder = @holder returning pg_notify('{PolicyStore.Channel}', '')
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
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(RegisterSql,
            new { holder = holder.Value, lease = options.Value.Lease, oldest = oldestOpen },
            cancellationToken: ct));
        (Holder, _renewedAt, Unbroken) = (holder, asOf, TimeSpan.Zero);
        Log.Registered(log, holder);
    }

    /// <param name="oldestOpen">Nothing this node has in flight, or not yet booked, began before.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>False where another node has taken this one for dead.</returns>
    public async Task<bool> RenewAsync(DateTime oldestOpen, CancellationToken ct)
    {
        var asOf = clock.GetTimestamp();
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.ExecuteAsync(new CommandDefinition(RenewSql,
            new { holder = Holder.Value, lease = options.Value.Lease, oldest = oldestOpen }, cancellationToken: ct));
        if (rows == 0) return false;

        var gap = clock.GetElapsedTime(_renewedAt, asOf);
        Unbroken = gap < options.Value.Lease ? Unbroken + gap : TimeSpan.Zero;
        _renewedAt = asOf;
        return true;
    }

    /// <summary>Says that nothing of this node is left to reclaim.</summary>
    public async Task RetireAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            RetireSql, new { holder = Holder.Value }, cancellationToken: ct));
        _renewedAt = 0;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "This node is {Holder}.")]
        public static partial void Registered(ILogger log, HolderId holder);
    }
}
