using Guerdon.Kernel;
using Guerdon.Ledger.Accounts;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Ledger.Lots;

/// <summary>
/// What one grant brought, and where it went. Granted is the sum of the others and of what was revoked.
/// </summary>
public sealed record Lot(
    int Number, Tokens Granted, Tokens Available, Tokens Escrow, Tokens Spent, Tokens Expired, Tokens Unvested,
    Tokens Locked, Tokens Converted, string TaxClass, string Source, DateTimeOffset? ExpiresAt,
    DateTimeOffset GrantedAt)
{
    public Tokens Revoked =>
        Granted - Available - Escrow - Spent - Expired - Unvested - Locked - Converted;
}

/// <summary>The lots of a wallet: what was granted, and where each part of it is.</summary>
public static class WalletLots
{
    private const string OfWallet = """
        select lot, granted_milli, available_milli, escrow_milli, spent_milli, expired_milli, unvested_milli,
               locked_milli, converted_milli, tax_class, source, expires_at, granted_at
          from ledger.v_lot
         where wallet_id = $1 and asset = $2
         order by expires_at nulls last, lot
        """;

    /// <summary>All lots of a wallet, in spending order, empty ones too.</summary>
    public static async Task<IReadOnlyList<Lot>> OfAsync(
        NpgsqlDataSource db, WalletId wallet, Asset asset, CancellationToken ct) =>
        await db.ReadAsync(OfWallet, LotOf, [wallet.Value, (short)asset], ct);

    /// <summary>The same, by a connection whose transaction may be a snapshot that other reads share.</summary>
    public static async Task<IReadOnlyList<Lot>> OfAsync(
        NpgsqlConnection connection, WalletId wallet, Asset asset, CancellationToken ct) =>
        await connection.ReadAsync(OfWallet, LotOf, [wallet.Value, (short)asset], ct);

    private static Lot LotOf(Row row) => new(
        row.Int4("lot"), row.Tokens("granted_milli"), row.Tokens("available_milli"), row.Tokens("escrow_milli"),
        row.Tokens("spent_milli"), row.Tokens("expired_milli"), row.Tokens("unvested_milli"),
        row.Tokens("locked_milli"), row.Tokens("converted_milli"), row.Text("tax_class"), row.Text("source"),
        row.InstantOrNull("expires_at"), row.Instant("granted_at"));
}
