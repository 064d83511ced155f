using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Metering;
using Guerdon.Metering.Requests;
using Guerdon.Storage;
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
            values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (request_id) do nothing
            returning request_id
        )
        select count(pg_notify('{Channel}', '')) from stopped
        """;

    private const string Settle = $"""
        with settled as (
            update gateway.wallet_stop set cleared_at = $2, cleared_by = $3
             where request_id = $1 and cleared_at is null
            returning request_id
        )
        select count(pg_notify('{Channel}', '')) from settled
        """;

    // Whose node died between booking the call and clearing its stop, or was corrected by the provider's report since.
    private const string SettlePaid = $"""
        with paid as (
            update gateway.wallet_stop s set cleared_at = $1, cleared_by = 'settled'
              from metering.v_request r
             where s.cleared_at is null and r.wallet_id = s.wallet_id and r.request_id = s.request_id
               and r.started_at between s.stopped_at - interval '2 days' and s.stopped_at + interval '1 hour'
               and r.charged_milli >= case when r.state = $2 then r.cost_milli else s.cost_milli end
            returning s.request_id
        ), told as (select count(pg_notify('{Channel}', '')) from paid)
        select count(*) from paid, told
        """;

    private const string Clear = $"""
        with cleared as (
            update gateway.wallet_stop set cleared_at = $3, cleared_by = $4, cleared_by_account = $5,
                   cleared_by_person = $6, cleared_alone = $7
             where wallet_id = $1 and request_id = any ($2) and cleared_at is null
            returning request_id
        ), told as (select count(pg_notify('{Channel}', '')) from cleared)
        select count(*) from cleared, told
        """;

    private const string Left = """
        select request_id from gateway.v_wallet_stop where wallet_id = $1 and cleared_at is null
         order by stopped_at limit 200
        """;

    private const string Costs = "select request_id, cost_milli from gateway.wallet_stop where request_id = any ($1)";

    /// <summary>Those that stop a wallet now.</summary>
    public static async Task<IReadOnlyList<WalletStop>> OpenAsync(NpgsqlDataSource db, CancellationToken ct) =>
        await db.ReadAsync(Open, StopOf, [], ct);

    /// <summary>Those that stop a wallet first, then the newest of the others.</summary>
    public static async Task<IReadOnlyList<WalletStop>> NewestAsync(NpgsqlDataSource db, CancellationToken ct) =>
        await db.ReadAsync(Newest, StopOf, [], ct);

    /// <summary>Writes a stop down. Safe to repeat.</summary>
    public static Task AddAsync(NpgsqlDataSource db, WalletStop stop, CancellationToken ct) =>
        db.ExecuteAsync(Insert,
            [
                stop.Request.Value, stop.Wallet.Value, stop.Model, stop.HeldMilli, stop.CostMilli, stop.StoppedAt,
                stop.ClearedAt, stop.ClearedBy,
            ], ct);

    /// <summary>Clears a stop whose wallet has paid. Safe to repeat.</summary>
    public static Task SettleAsync(NpgsqlDataSource db, WalletStop stop, CancellationToken ct) =>
        db.ExecuteAsync(Settle, [stop.Request.Value, stop.ClearedAt, stop.ClearedBy], ct);

    /// <summary>Clears stops whose calls are charged in whole by now, by whichever node's doing. Safe to repeat.
    /// </summary>
    /// <returns>How many.</returns>
    public static Task<long> SettlePaidAsync(NpgsqlDataSource db, DateTimeOffset now, CancellationToken ct) =>
        db.ChangeAsync<long>(SettlePaid, [now, (short)RecordState.Corrected], ct);

    /// <returns>How many stops were cleared: 0 where none of the calls stopped the wallet.</returns>
    public static Task<long> ClearAsync(
        NpgsqlDataSource db, (WalletId Wallet, IReadOnlyList<RequestId> Requests) which, DateTimeOffset now,
        (Actor Who, bool Alone) by, CancellationToken ct) =>
        db.ChangeAsync<long>(Clear,
            [
                which.Wallet.Value, which.Requests.Select(r => r.Value).ToArray(), now, by.Who.Name, by.Who.Account,
                by.Who.Person, by.Alone,
            ], ct);

    /// <summary>What those of these calls that stopped a wallet are to be charged, as it was known when they ended.
    /// </summary>
    public static async Task<IReadOnlyDictionary<RequestId, Tokens>> CostsAsync(
        NpgsqlDataSource db, IEnumerable<RequestId> requests, CancellationToken ct)
    {
        var costs = await db.ReadAsync(
            Costs, row => (Request: row.Id<RequestId>("request_id"), Cost: row.Tokens("cost_milli")),
            [requests.Select(request => request.Value).ToArray()], ct);
        return costs.ToDictionary(c => c.Request, c => c.Cost);
    }

    /// <summary>The calls that stop a wallet now, the first 200.</summary>
    public static async Task<IReadOnlyList<RequestId>> OfAsync(
        NpgsqlDataSource db, WalletId wallet, CancellationToken ct) =>
        await db.ReadAsync(Left, row => row.Id<RequestId>("request_id"), [wallet.Value], ct);

    private static WalletStop StopOf(Row row) => new(
        row.Id<RequestId>("request_id"), row.Id<WalletId>("wallet_id"), row.Text("model"), row.Bigint("held_milli"),
        row.Bigint("cost_milli"), row.Instant("stopped_at"))
    {
        ClearedAt = row.InstantOrNull("cleared_at"), ClearedBy = row.TextOrNull("cleared_by"),
        Name = row.TextOrNull("name"), Email = row.TextOrNull("email"),
    };
}
