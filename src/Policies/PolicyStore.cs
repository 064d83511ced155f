using Dapper;
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
    /// <summary>Where nodes hear that there is something new: a version, a turn of the switch, a node that came or
    /// went.</summary>
    public const string Channel = "gateway_policy";

    private const string Columns =
        "select version, effective_from, applied_at, applied_by, text from gateway.v_policy ";
    private const string Newest = Columns + "order by version desc limit 1";
    private const string One = Columns + "where version = @version";
    private const string InForce = Columns + "where effective_from <= @now order by version desc limit 1";

    // The one in force, and those above it, whose time may come.
    private const string Coming = Columns + """
        where version >= coalesce((select max(version) from gateway.v_policy where effective_from <= @now), 0)
        order by version desc
        """;

    private const string LastTurn =
        "select reason, turned_at, turned_by from gateway.v_switch order by turn desc limit 1";

    private const string LiveNodes =
        "select count(*)::int from gateway.node where reclaimed_at is null and lease_until > now()";

    private const string OneAtATime = "select pg_advisory_xact_lock(hashtextextended('gateway.policy', 0))";

    // Told to every node by the commit.
    private const string TellNodes = $"select pg_notify('{Channel}', '')";

    private const string Insert = """
        insert into gateway.policy (version, effective_from, applied_at, applied_by, text)
        values (@version, @from, @now, @by, @text)
        """;

    private const string Turn = """
        insert into gateway.switch (turn, reason, turned_at, turned_by)
        select coalesce(max(turn), 0) + 1, @reason, @now, @by from gateway.switch
        """;

    private sealed record Row(
        int Version, DateTime Effective_From, DateTime Applied_At, string Applied_By, string Text)
    {
        public AppliedPolicy Applied => new(Version, Effective_From, Applied_At, Applied_By, Text);
    }

    // Filled by name: Dapper wants the constructor's types to be the database's to the letter.
    private sealed record TurnRow
    {
        public string? Reason { get; init; }
        public DateTime Turned_At { get; init; }
        public string Turned_By { get; init; } = "";
    }

    public static Task<AppliedPolicy?> FindAsync(NpgsqlDataSource db, int version, CancellationToken ct) =>
        FindAsync(db, One, new { version }, ct);

    public static Task<AppliedPolicy?> InForceAsync(NpgsqlDataSource db, DateTimeOffset now, CancellationToken ct) =>
        FindAsync(db, InForce, new { now = now.UtcDateTime }, ct);

    /// <summary>The version in force and those that may follow it, the newest first; the switch's last turn; and how
    /// many nodes are alive.</summary>
    public static async Task<(IReadOnlyList<AppliedPolicy> Versions, GatewaySwitch? Switch, int Nodes)> ReadAsync(
        NpgsqlDataSource db, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<Row>(
            new CommandDefinition(Coming, new { now = now.UtcDateTime }, cancellationToken: ct));
        var turned = await SwitchAsync(connection, ct);
        var nodes = await connection.ExecuteScalarAsync<int>(new CommandDefinition(LiveNodes, cancellationToken: ct));
        return ([.. rows.Select(row => row.Applied)], turned, nodes);
    }

    /// <summary>Adds a version, unless the newest says the same from the same time. Safe to repeat.</summary>
    /// <param name="db">Where.</param>
    /// <param name="text">A policy that was read without errors.</param>
    /// <param name="from">When it comes into force; null: now.</param>
    /// <param name="now">The present.</param>
    /// <param name="by">Who applies it.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<(AppliedPolicy Policy, bool Added)> ApplyAsync(
        NpgsqlDataSource db, string text, DateTimeOffset? from, DateTimeOffset now, string by, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await RunAsync(connection, OneAtATime, null, ct);
        var newest = (await connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(Newest, cancellationToken: ct)))?.Applied;
        var isSame = newest?.Text == text
            && (from is null ? newest.EffectiveFrom <= now : newest.EffectiveFrom == from);
        if (isSame) return (newest!, false);

        var added = new AppliedPolicy((newest?.Version ?? 0) + 1, from ?? now, now, by, text);
        await RunAsync(connection, Insert, new
        {
            version = added.Version, from = added.EffectiveFrom.UtcDateTime, now = now.UtcDateTime, by, text,
        }, ct);
        await RunAsync(connection, TellNodes, null, ct);
        await transaction.CommitAsync(ct);
        return (added, true);
    }

    /// <summary>Closes the gateway for a reason, or opens it (null).</summary>
    /// <returns>The switch as it stands, and whether that is news.</returns>
    public static async Task<(GatewaySwitch Switch, bool Done)> TurnAsync(
        NpgsqlDataSource db, string? reason, DateTimeOffset now, string by, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await RunAsync(connection, OneAtATime, null, ct);
        var last = await SwitchAsync(connection, ct);
        if (last is null && reason is null) return (new(null, now, by), false); // it was never closed
        if (last is not null && last.Reason == reason) return (last, false);

        await RunAsync(connection, Turn, new { reason, now = now.UtcDateTime, by }, ct);
        await RunAsync(connection, TellNodes, null, ct);
        await transaction.CommitAsync(ct);
        return (new(reason, now, by), true);
    }

    private static async Task<AppliedPolicy?> FindAsync(
        NpgsqlDataSource db, string sql, object values, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(sql, values, cancellationToken: ct)))?.Applied;
    }

    private static async Task<GatewaySwitch?> SwitchAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var row = await connection.QuerySingleOrDefaultAsync<TurnRow>(
            new CommandDefinition(LastTurn, cancellationToken: ct));
        return row is null ? null : new(row.Reason, row.Turned_At, row.Turned_By);
    }

    private static Task<int> RunAsync(NpgsqlConnection connection, string sql, object? values, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(sql, values, cancellationToken: ct));
}
