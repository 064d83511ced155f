using Guerdon.Kernel;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Transfers;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Ledger.Statements;

/// <summary>One day's movement of one kind and lot; negative where it left the account.</summary>
/// <param name="Day">In the statement's time zone.</param>
/// <param name="Kind">What moved it.</param>
/// <param name="Lot">The lot it moved in; 0 outside lots.</param>
/// <param name="Source">The lot's source, empty outside lots.</param>
/// <param name="Amount">Signed.</param>
/// <param name="Transfers">How many transfers are summed here.</param>
public sealed record StatementLine(
    DateOnly Day, TransferKind Kind, int Lot, string Source, Tokens Amount, int Transfers);

/// <summary>What an account held at the start of a period, what moved, and what it held at the end.</summary>
public sealed record Statement(
    WalletId Wallet, Asset Asset, DateTimeOffset From, DateTimeOffset To, Tokens Opening,
    IReadOnlyList<StatementLine> Lines, Tokens Closing);

/// <summary>What a statement is asked for: some accounts of a wallet in [from, to).</summary>
/// <param name="Wallet">Whose.</param>
/// <param name="Asset">Of which asset.</param>
/// <param name="Accounts">Which accounts, taken together; moves between them are no lines.</param>
/// <param name="From">First instant.</param>
/// <param name="To">First instant after it.</param>
public sealed record StatementAsked(
    WalletId Wallet, Asset Asset, IReadOnlyList<AccountKind> Accounts, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>IANA name of where the lines' days begin.</summary>
    public string Zone { get; init; } = "UTC";
}

/// <summary>Statements of a wallet for a period. They re-add, or they are not given.</summary>
public static class WalletStatements
{
    /// <summary>The accounts that are the owner's to use.</summary>
    public static readonly IReadOnlyList<AccountKind> Own = [AccountKind.Available, AccountKind.Escrow];

    private static readonly string LinesSql = Sql.Read("Ledger/Statements/Lines.sql");
    private static readonly string BalanceSql = Sql.Read("Ledger/Statements/Balance.sql");

    /// <summary>
    /// A statement from the entries of a period. The closing balance is read apart, not added up here.
    /// </summary>
    /// <param name="db">Read in one snapshot.</param>
    /// <param name="asked">Of what.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="InvalidOperationException">The lines do not add up to the closing balance.</exception>
    public static async Task<Statement> ForAsync(
        NpgsqlDataSource db, StatementAsked asked, CancellationToken ct)
    {
        var (wallet, asset, accounts, from, to) = asked;
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var snapshot =
            await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        object?[] of = [wallet.Value, (short)asset, accounts.Select(a => (short)a).ToArray()];
        var opening = await BalanceAsync(from);
        var lines = await connection.ReadAsync(LinesSql, LineOf, [.. of, from, to, asked.Zone], ct);
        var closing = await BalanceAsync(to);

        if (opening.Milli + lines.Sum(l => l.Amount.Milli) != closing.Milli)
            throw new InvalidOperationException($"The statement of {wallet} for {from:O} to {to:O} does not re-add.");
        return new(wallet, asset, from, to, opening, lines, closing);

        async Task<Tokens> BalanceAsync(DateTimeOffset before) =>
            new(await connection.ScalarAsync<long>(BalanceSql, [.. of, before], ct));
    }

    private static StatementLine LineOf(Row row) => new(
        DateOnly.FromDateTime(row.Get<DateTime>("day")), (TransferKind)row.Smallint("kind"), row.Int4("lot"),
        row.Text("source"), row.Tokens("amount"), row.Int4("transfers"));
}
