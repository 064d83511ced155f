using Dapper;
using Guerdon.Kernel;
using Guerdon.Ledger.Accounts;
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
         where wallet_id = @wallet and asset = @asset
         order by expires_at nulls last, lot
        """;

    /// <summary>All lots of a wallet, in spending order, empty ones too.</summary>
    public static async Task<IReadOnlyList<Lot>> OfAsync(
        NpgsqlDataSource db, WalletId wallet, Asset asset, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            OfWallet, new { wallet = wallet.Value, asset = (short)asset }, cancellationToken: ct));
        return [.. rows.Select(r => new Lot(
            r.Lot, new(r.Granted_Milli), new(r.Available_Milli), new(r.Escrow_Milli), new(r.Spent_Milli),
            new(r.Expired_Milli), new(r.Unvested_Milli), new(r.Locked_Milli), new(r.Converted_Milli),
            r.Tax_Class, r.Source, r.Expires_At, r.Granted_At))];
    }

    private sealed record Row(
        int Lot, long Granted_Milli, long Available_Milli, long Escrow_Milli, long Spent_Milli, long Expired_Milli,
        long Unvested_Milli, long Locked_Milli, long Converted_Milli, string Tax_Class, string Source,
        DateTime? Expires_At, DateTime Granted_At);
}
