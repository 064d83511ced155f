using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Policies;

/// <summary>A version of the policy as it was applied.</summary>
public sealed record AppliedPolicy(
    int Version, DateTimeOffset EffectiveFrom, DateTimeOffset AppliedAt, string AppliedBy, string Text);

/// <summary>Whether the gateway was closed by hand, who did it and when.</summary>
/// <param name="Reason">Why it is closed; null: it is open.</param>
/// <param name="At">When it was turned.</param>
/// <param name="By">Who turned it.</param>
public sealed record GatewaySwitch(string? Reason, DateTimeOffset At, string By);

/// <summary>Versions and turns in the database.</summary>
public static class PolicyStore
{
    /// <summary>Where nodes hear that there is something new: a version, a turn of the switch, a node that
    /// came or went.</summary>
    public const string Channel = "gateway_policy";

    private const string Columns =
        "select version, effective_from, applied_at, applied_by, text from gateway.v_policy ";
    private const string Newest = Columns + "order by version desc limit 1";
    private const string One = Columns + "where version = $1";
    private const string InForce = Columns + "where effective_from <= $1 order by version desc limit 1";

    // All that a later one is compared with: what held then or came after, and what was applied since.
    private const string Since = Columns + """
        where applied_at > $1 or version >= coalesce(
              (select max(version) from gateway.v_policy where effective_from <= $2 and applied_at <= $1), 0)
        order by version
        """;

    private const string Coming = Columns + """
        where version >= coalesce((select max(version) from gateway.v_policy where effective_from <= $1), 0)
        order by version desc
        """;

    private const string LastTurn =
        "select reason, turned_at, turned_by from gateway.v_switch order by turn desc limit 1";

    private const string LiveNodes =
        "select count(*)::int from gateway.node where reclaimed_at is null and lease_until > now()";

    private const string OneAtATime = "gateway.policy";

    private const string Insert = """
        insert into gateway.policy (version, effective_from, applied_at, applied_by, text)
        values ($1, $2, $3, $4, $5)
        """;

    private const string Turn = """
        insert into gateway.switch (turn, reason, turned_at, turned_by)
        select coalesce(max(turn), 0) + 1, $1, $2, $3 from gateway.switch
        """;

    public static Task<AppliedPolicy?> FindAsync(NpgsqlDataSource db, int version, CancellationToken ct) =>
        db.FirstAsync(One, PolicyOf, [version], ct);

    internal static Task<AppliedPolicy?> InForceAsync(
        NpgsqlConnection at, DateTimeOffset now, CancellationToken ct) => at.FirstAsync(
            InForce, PolicyOf, [now], ct);

    /// <summary>The version in force and those that may follow it, the newest first; the switch's last turn; and how
    /// many nodes are alive.</summary>
    public static async Task<(IReadOnlyList<AppliedPolicy> Versions, GatewaySwitch? Switch, int Nodes)> ReadAsync(
        NpgsqlDataSource db, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var versions = await connection.ReadAsync(Coming, PolicyOf, [now], ct);
        var turned = await SwitchAsync(connection, ct);
        return (versions, turned, await connection.ScalarAsync<int>(LiveNodes, [], ct));
    }

    /// <summary>Waits until nobody else changes policy or switch; nobody does until the transaction ends.</summary>
    internal static Task LockAsync(NpgsqlConnection at, CancellationToken ct) =>
        Locks.InTransactionAsync(at, OneAtATime, ct);

    internal static Task<AppliedPolicy?> NewestAsync(NpgsqlConnection at, CancellationToken ct) =>
        at.FirstAsync(Newest, PolicyOf, [], ct);

    /// <summary>The version in force at a time and those that follow it, the newest first.</summary>
    internal static async Task<IReadOnlyList<AppliedPolicy>> ComingAsync(
        NpgsqlConnection at, DateTimeOffset time, CancellationToken ct) =>
        await at.ReadAsync(Coming, PolicyOf, [time], ct);

    /// <summary>What held on a day or came after, as it was applied by then, and all that was applied since, the oldest
    /// first.</summary>
    internal static async Task<IReadOnlyList<AppliedPolicy>> SinceAsync(
        NpgsqlConnection at, DateTimeOffset appliedBy, DateTimeOffset day, CancellationToken ct) =>
        await at.ReadAsync(Since, PolicyOf, [appliedBy, day], ct);

    /// <summary>Adds a version.</summary>
    /// <param name="at">In a transaction, which the caller commits.</param>
    /// <param name="text">A policy that was read without errors.</param>
    /// <param name="from">When it comes into force.</param>
    /// <param name="now">The present.</param>
    /// <param name="by">Who applies it.</param>
    /// <param name="ct">Stops it.</param>
    internal static async Task<AppliedPolicy> AddAsync(
        NpgsqlConnection at, string text, DateTimeOffset from, DateTimeOffset now, string by, CancellationToken ct)
    {
        var newest = await NewestAsync(at, ct);
        var added = new AppliedPolicy((newest?.Version ?? 0) + 1, from, now, by, text);
        await at.ExecuteAsync(Insert, [added.Version, from, now, by, text], ct);
        await Notify.InTransactionAsync(at, Channel, ct);
        return added;
    }

    /// <summary>Closes the gateway for a reason, or opens it (null).</summary>
    /// <returns>The switch as it stands, and whether that is news.</returns>
    internal static async Task<(GatewaySwitch Switch, bool Done)> TurnAsync(
        NpgsqlDataSource db, string? reason, DateTimeOffset now, string by, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await LockAsync(connection, ct);
        var last = await SwitchAsync(connection, ct);
        if (last is null && reason is null) return (new(null, now, by), false); // it was never closed
        if (last is not null && last.Reason == reason) return (last, false);

        var turned = await TurnAsync(connection, reason, now, by, ct);
        await transaction.CommitAsync(ct);
        return (turned, true);
    }

    /// <summary>The same, whatever it was, in the caller's transaction.</summary>
    internal static async Task<GatewaySwitch> TurnAsync(
        NpgsqlConnection at, string? reason, DateTimeOffset now, string by, CancellationToken ct)
    {
        await at.ExecuteAsync(Turn, [reason, now, by], ct);
        await Notify.InTransactionAsync(at, Channel, ct);
        return new(reason, now, by);
    }

    /// <summary>The switch's last turn; null: it was never closed.</summary>
    internal static Task<GatewaySwitch?> SwitchAsync(NpgsqlConnection connection, CancellationToken ct) =>
        connection.FirstAsync(
            LastTurn,
            row => new GatewaySwitch(row.TextOrNull("reason"), row.Instant("turned_at"), row.Text("turned_by")),
            [], ct);

    private static AppliedPolicy PolicyOf(Row row) => new(
        row.Int4("version"), row.Instant("effective_from"), row.Instant("applied_at"), row.Text("applied_by"),
        row.Text("text"));
}
