using System.Runtime.CompilerServices;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Lots;
using Guerdon.Ledger.Transfers;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Payroll.GeneralLedger;

/// <summary>One entry of the ledger with the change of its lot's value. Accounts are numbers of
/// <see cref="AccountKind"/>; 0 is a pool's.</summary>
/// <param name="UsedChangeNanos">Nano-USD of the lot that were spent; of what can become pay none.</param>
/// <param name="Held">What can become pay and is the owner's, before and after; of compute nothing.</param>
/// <param name="Payout">What a conversion pays in money for it; null: no money, or none.</param>
internal sealed record GlRow(
    DateTimeOffset At, WalletId Wallet, long Seq, TransferId Transfer, TransferKind Kind, Asset Asset, int Lot,
    long AmountMilli, AccountKind From, AccountKind To, WalletId? Other, string TaxClass, string CostCentre,
    long UsedChangeNanos, GlHeld Held, GlPayout? Payout)
{
    /// <summary>Of a conversion that is reversed: what was held before and after it, and when.</summary>
    public (GlHeld Held, DateTimeOffset At)? Undone { get; init; }
}

/// <summary>Vested tokens of a lot that can become pay, in milli-tokens, and what the lot is worth.</summary>
/// <param name="Currency">Of the pay of whoever was granted it.</param>
/// <param name="UsdNanos">The value of the whole grant.</param>
/// <param name="GrantedMilli">The whole grant.</param>
internal readonly record struct GlHeld(
    long BeforeMilli, long AfterMilli, string Currency, long UsdNanos, long GrantedMilli)
{
    /// <summary>How much more is owed after than before.</summary>
    /// <param name="rate">At which it can be cashed; null: the lot's own value.</param>
    public long ChangeNanos(LiabilityRate? rate)
    {
        if (GrantedMilli == 0) return 0;
        var at = rate ?? new LiabilityRate(UsdNanos, GrantedMilli);
        return checked(at.Of(AfterMilli) - at.Of(BeforeMilli));
    }
}

/// <summary>A lot's share of what a conversion pays.</summary>
/// <param name="Hundredths">What the whole conversion pays, in the smallest unit (<see cref="Currencies"/>).</param>
/// <param name="Currency">Of the pay.</param>
/// <param name="OfMilli">What the whole conversion took.</param>
/// <param name="BeforeMilli">What it took of the lots before this one.</param>
/// <param name="RateAt">The instant whose rate holds: of the conversion, also where it is reversed.</param>
internal sealed record GlPayout(long Hundredths, string Currency, long OfMilli, long BeforeMilli, DateTimeOffset RateAt)
{
    /// <summary>Nano-USD for so many milli-tokens; the parts of a conversion add up to the whole.</summary>
    /// <param name="milli">Of this lot.</param>
    /// <param name="rateNanos">Nano-USD that one unit of the currency is worth.</param>
    public long NanosOf(long milli, long rateNanos)
    {
        var of = (Int128)OfMilli * Currencies.PerUnit(Currency);
        return checked((long)(Upto(BeforeMilli + milli) - Upto(BeforeMilli)));

        Int128 Upto(long taken) => (2 * (Int128)Hundredths * rateNanos * taken + of) / (2 * of);
    }
}

internal static class GlRows
{
    private static readonly string ReadSql = Sql.Read("Payroll/GeneralLedger/ReadGl.sql");

    /// <summary>Classes whose tokens can become pay.</summary>
    public static readonly string[] Convertible =
        [.. TaxClass.All.Where(c => c.ConvertsTo is not null).Select(c => c.Name)];

    /// <summary>The entries of [from, to) in the order they were made. Streamed, in one snapshot.</summary>
    public static async IAsyncEnumerable<GlRow> ReadAsync(
        NpgsqlDataSource db, DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var command = Db.Command(connection, ReadSql, from, to, Convertible);
        command.CommandTimeout = 0; // as long as it takes; the caller's hanging up ends it
        await foreach (var row in command.StreamAsync(Read, ct)) yield return row;
    }

    /// <summary>Numbers that may be larger than a long, as an array for a statement.</summary>
    public static decimal?[] Numbers(IReadOnlyList<ClassRate> rates, Func<ClassRate, Int128?> number) =>
        [.. rates.Select(r => number(r) is { } n ? (decimal)n : (decimal?)null)];

    private static GlRow Read(Row row)
    {
        var read = Moved(row);
        return row.IsNull("undone_before") ? read : read with
        {
            Undone = (
                read.Held with
                {
                    BeforeMilli = row.Bigint("undone_before"),
                    AfterMilli = row.Bigint("undone_after"),
                },
                row.Instant("undone_at")),
        };
    }

    private static GlRow Moved(Row row) => new(
        row.Instant("at"), row.Id<WalletId>("wallet_id"), row.Bigint("seq"), row.Id<TransferId>("transfer_id"),
        (TransferKind)row.Smallint("kind"), (Asset)row.Smallint("asset"), row.Int4("lot"), row.Bigint("amount_milli"),
        (AccountKind)row.Smallint("from_account"), (AccountKind)row.Smallint("to_account"),
        row.IdOrNull<WalletId>("other_wallet"), row.Text("tax_class"), row.Text("cost_centre"),
        row.Bigint("used_change"),
        new(
            row.Bigint("held_before"), row.Bigint("held_after"), row.Text("pay_currency"), row.Bigint("usd_nanos"),
            row.Bigint("granted_milli")),
        row.IsNull("units") ? null : new GlPayout(
            row.Bigint("units"), row.Text("currency"), row.Bigint("of_milli"), row.Bigint("before_milli"),
            row.Instant("rate_at")));
}
