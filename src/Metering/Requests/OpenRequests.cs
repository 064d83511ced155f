using Guerdon.Ledger;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Metering.Requests;

/// <summary>Requests that were opened and never closed: what a dead node had in flight.</summary>
public static class OpenRequests
{
    private const string OfHolderSql = """
        select o.wallet_id, o.request_id, o.started_at, o.key_id, o.model, o.held_milli
          from metering.opening o
         where o.holder = $1 and o.opened_at >= $2
           and not exists (
            select from metering.request r
             where r.wallet_id = o.wallet_id and r.started_at = o.started_at and r.request_id = o.request_id)
        """;

    /// <param name="db">Where.</param>
    /// <param name="holder">The dead node's run.</param>
    /// <param name="since">Nothing that it had in flight was filed earlier.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<IReadOnlyList<Opening>> OfHolderAsync(
        NpgsqlDataSource db, HolderId holder, DateTime since, CancellationToken ct) =>
        await db.ReadAsync(
            OfHolderSql,
            row => new Opening(
                row.Id<WalletId>("wallet_id"), row.Id<RequestId>("request_id"), row.Get<DateTime>("started_at"), holder,
                row.Uuid("key_id"), row.Text("model"), row.Tokens("held_milli")),
            [holder.Value, since], ct);
}
