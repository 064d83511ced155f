using Dapper;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Metering;
using Guerdon.Metering.Requests;
using Npgsql;

namespace Guerdon.Gateway.Stops;

/// <summary>Stops in the database.</summary>
internal static class StopStore
{
    /// <summary>Where nodes hear that a wallet was stopped or cleared.</summary>
    public const string Channel = "gateway_stop";

    private const string Columns = """
        select request_id, wallet_id, model, held_milli, cost_milli, stopped_at, cleared_at, cleared_by, name, email
          from gateway.v_wallet_stop left join people.v_person on person_id = wallet_id
        """;

    private const string Open = Columns + " where cleared_at is null order by stopped_at limit 100000";
    private const string Newest = Columns + " order by cleared_at is not null, stopped_at desc limit 200";

    private const string Insert = $"""
        with stopped as (
            insert into gateway.wallet_stop (
                request_id, wallet_id, model, held_milli, cost_milli, stopped_at, cleared_at, cleared_by)
            values (@request, @wallet, @model, @held, @cost, @at, @cleared, @by) on conflict (request_id) do nothing
            returning request_id
        )
        select count(pg_notify('{Channel}', '')) from stopped
        """;

    private const string Settle = $"""
        with settled as (
            update gateway.wallet_stop set cleared_at = @cleared, cleared_by = @by
             where request_id = @request and cleared_at is null
            returning request_id
        )
        select count(pg_notify('{Channel}', '')) from settled
        """;

    // Whose node died between booking the call and clearing its stop, or was corrected by the provider's report since.
    private const string SettlePaid = $"""
        with paid as (
            update gateway.wallet_stop s set cleared_at = @now, cleared_by = 'settled'
              from metering.v_request r
             where s.cleared_at is null and r.wallet_id = s.wallet_id and r.request_id = s.request_id
               and r.started_at between s.stopped_at - interval '2 days' and s.stopped_at + interval '1 hour'
               and r.charged_milli >= case when r.state = @corrected then r.cost_milli else s.cost_milli end
            returning s.request_id
        ), told as (select count(pg_notify('{Channel}', '')) from paid)
        select count(*) from paid, told
        """;

    private const string Clear = $"""
        with cleared as (
            update gateway.wallet_stop set cleared_at = @now, cleared_by = @name, cleared_by_account = @account,
                   cleared_by_person = @person, cleared_alone = @alone
             where wallet_id = @wallet and request_id = any (@requests) and cleared_at is null
            returning request_id
        ), told as (select count(pg_notify('{Channel}', '')) from cleared)
        select count(*) from cleared, told
        """;

    private const string Left = """
        select request_id from gateway.v_wallet_stop where wallet_id = @wallet and cleared_at is null
         order by stopped_at limit 200
        """;

    private const string Costs = "select request_id, cost_milli from gateway.wallet_stop where request_id = any ($1)";

    // Filled by name, because Dapper wants a constructor's types to be exactly the database's.
    private sealed record Row
    {
        public Guid Request_Id { get; init; }
        public Guid Wallet_Id { get; init; }
        public string Model { get; init; } = "";
        public long Held_Milli { get; init; }
        public long Cost_Milli { get; init; }
        public DateTime Stopped_At { get; init; }
        public DateTime? Cleared_At { get; init; }
        public string? Cleared_By { get; init; }
        public string? Name { get; init; }
        public string? Email { get; init; }

        public WalletStop Stop => new(
            new RequestId(Request_Id), new WalletId(Wallet_Id), Model, Held_Milli, Cost_Milli, Stopped_At)
        {
            ClearedAt = Cleared_At, ClearedBy = Cleared_By, Name = Name, Email = Email,
        };
    }

    /// <summary>Those that stop a wallet now.</summary>
    public static Task<IReadOnlyList<WalletStop>> OpenAsync(NpgsqlDataSource db, CancellationToken ct) =>
        ReadAsync(db, Open, ct);

    /// <summary>Those that stop a wallet first, then the newest of the others.</summary>
    public static Task<IReadOnlyList<WalletStop>> NewestAsync(NpgsqlDataSource db, CancellationToken ct) =>
        ReadAsync(db, Newest, ct);

    /// <summary>Writes a stop down. Safe to repeat.</summary>
    public static Task AddAsync(NpgsqlDataSource db, WalletStop stop, CancellationToken ct) =>
        RunAsync(db, Insert, stop, ct);

    /// <summary>Clears a stop whose wallet has paid. Safe to repeat.</summary>
    public static Task SettleAsync(NpgsqlDataSource db, WalletStop stop, CancellationToken ct) =>
        RunAsync(db, Settle, stop, ct);

    /// <summary>Clears stops whose calls are charged in whole by now, by whichever node's doing. Safe to repeat.
    /// </summary>
    /// <returns>How many.</returns>
    public static async Task<long> SettlePaidAsync(NpgsqlDataSource db, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            SettlePaid, new { now = now.UtcDateTime, corrected = (short)RecordState.Corrected },
            cancellationToken: ct));
    }

    private static async Task RunAsync(NpgsqlDataSource db, string sql, WalletStop stop, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.ExecuteScalarAsync<long>(new CommandDefinition(sql, new
        {
            request = stop.Request.Value, wallet = stop.Wallet.Value, model = stop.Model, held = stop.HeldMilli,
            cost = stop.CostMilli, at = stop.StoppedAt.UtcDateTime, cleared = stop.ClearedAt?.UtcDateTime,
            by = stop.ClearedBy,
        }, cancellationToken: ct));
    }

    /// <returns>How many stops were cleared: 0 where none of the calls stopped the wallet.</returns>
    public static async Task<long> ClearAsync(
        NpgsqlDataSource db, (WalletId Wallet, IReadOnlyList<RequestId> Requests) which, DateTimeOffset now,
        (Actor Who, bool Alone) by, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            Clear, new
            {
                wallet = which.Wallet.Value, requests = which.Requests.Select(r => r.Value).ToArray(),
                now = now.UtcDateTime, name = by.Who.Name, account = by.Who.Account, person = by.Who.Person,
                alone = by.Alone,
            }, cancellationToken: ct));
    }

    /// <summary>What those of these calls that stopped a wallet are to be charged, as it was known when they ended.
    /// </summary>
    public static async Task<IReadOnlyDictionary<RequestId, Tokens>> CostsAsync(
        NpgsqlDataSource db, IEnumerable<RequestId> requests, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Costs);
        command.Parameters.Add(new() { Value = requests.Select(request => request.Value).ToArray() });
        await using var row = await command.ExecuteReaderAsync(ct);
        var costs = new Dictionary<RequestId, Tokens>();
        while (await row.ReadAsync(ct)) costs[new(row.GetGuid(0))] = new(row.GetInt64(1));
        return costs;
    }

    /// <summary>The calls that stop a wallet now, the first 200.</summary>
    public static async Task<IReadOnlyList<RequestId>> OfAsync(
        NpgsqlDataSource db, WalletId wallet, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var ids = await connection.QueryAsync<Guid>(
            new CommandDefinition(Left, new { wallet = wallet.Value }, cancellationToken: ct));
        return [.. ids.Select(id => new RequestId(id))];
    }

    private static async Task<IReadOnlyList<WalletStop>> ReadAsync(
        NpgsqlDataSource db, string sql, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(sql, cancellationToken: ct));
        return [.. rows.Select(row => row.Stop)];
    }
}
