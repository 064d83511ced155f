using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Ledger.Accounts;

/// <summary>Where a wallet's tokens of one asset stand.</summary>
/// <param name="Available">Free to be spent; lots past their date not counted.</param>
/// <param name="Escrow">Set aside for gateway nodes; still the owner's until settled.</param>
/// <param name="Spent">Used up since the wallet opened, less what was refunded.</param>
/// <param name="Expired">Lapsed, booked or about to be.</param>
/// <param name="Unvested">Granted, and not the owner's yet.</param>
/// <param name="Locked">Set aside for a conversion; still the owner's.</param>
/// <param name="Converted">Paid out.</param>
public sealed record Balance(
    Tokens Available, Tokens Escrow, Tokens Spent, Tokens Expired, Tokens Unvested = default, Tokens Locked = default,
    Tokens Converted = default)
{
    /// <summary>What is the owner's to use: available and escrow.</summary>
    public Tokens Own => Available + Escrow;
}

/// <summary>Balances at any past instant, added up from the entries.</summary>
public static class Balances
{
    private static readonly string AtSql = Sql.Read("Ledger/Accounts/BalanceAt.sql");

    /// <summary>The balance at an instant, re-added from the entries up to and with it.</summary>
    public static Task<Balance> AtAsync(
        NpgsqlDataSource db, WalletId wallet, Asset asset, DateTimeOffset at, CancellationToken ct) =>
        db.SingleAsync(AtSql, BalanceOf, [wallet.Value, (short)asset, at], ct);

    /// <summary>The same, by a connection whose transaction may be a snapshot that other reads share.</summary>
    public static Task<Balance> AtAsync(
        NpgsqlConnection connection, WalletId wallet, Asset asset, DateTimeOffset at, CancellationToken ct) =>
        connection.SingleAsync(AtSql, BalanceOf, [wallet.Value, (short)asset, at], ct);

    private static Balance BalanceOf(Row row) => new(
        row.Tokens("available"), row.Tokens("escrow"), row.Tokens("spent"), row.Tokens("expired"),
        row.Tokens("unvested"), row.Tokens("locked"), row.Tokens("converted"));
}
