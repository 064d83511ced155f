using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Payroll.Conversions;
using Guerdon.Payroll.Pay;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Payroll.PayProofs;

/// <summary>A row of the ledger that a pay line rests on.</summary>
/// <param name="Seq">Its place in the wallet's chain.</param>
/// <param name="Transfer">The transfer it is of.</param>
/// <param name="Kind"><c>convert</c> or <c>reconvert</c>.</param>
/// <param name="Lot">The lot it takes from, or gives back to.</param>
/// <param name="Evidence">SHA-256 of the conversion, in hexadecimal.</param>
public sealed record LedgerRow(
    long Seq, TransferId Transfer, string Kind, int Lot, long AmountMilli, string Key, string Evidence,
    DateTimeOffset At);

/// <summary>Compares a pay line with what it rests on.</summary>
internal static class PayLineProof
{
    private const string RowsSql = """
        select seq, transfer_id, lot, amount_milli, key, evidence, at from ledger.v_entry
         where wallet_id = $1 and key = any ($2) and asset = ledger.asset_reward() and from_account = $3
           and to_account = $4
         order by seq
        """;

    /// <summary>What does not add up, or null.</summary>
    public static string? Problem(PayLine line, Conversion c, IReadOnlyList<LedgerRow> rows)
    {
        var sign = line.Kind == PayLine.OfReversal ? -1 : 1;
        if (line.Person != c.Person || line.Form != c.Form || line.TaxClass != c.TaxClass || line.Unit != c.Unit
            || line.Currency != c.Currency) return "it is not of the conversion it names";
        if (line.Amount != sign * c.Units) return $"its conversion makes {sign * c.Units} units";
        var step = c.Currency is null ? 1 : Currencies.Step(c.Currency);
        // Conversions to yen could once have hundredths, so one that adds up only in those was right in its time.
        if (c.Rate.UnitsFor(c.AmountMilli, step) != c.Units && c.Rate.UnitsFor(c.AmountMilli) != c.Units)
            return $"at its rate its tokens make {c.Rate.UnitsFor(c.AmountMilli, step)} units";
        if (c.Lots.Sum(l => l.AmountMilli) != c.AmountMilli) return "its lots do not add up to its tokens";
        var booked = rows.OrderBy(r => r.Lot).Select(r => new LotPart(r.Lot, r.AmountMilli));
        if (!booked.SequenceEqual(c.Lots)) return "the ledger's rows are not those of its lots";
        var evidence = Hex(c.Evidence());
        return rows.All(r => r.Evidence == evidence) ? null : "the ledger's evidence is of another conversion";
    }

    /// <summary>The rows in the ledger's chain that a line of a conversion rests on.</summary>
    public static async Task<IReadOnlyList<LedgerRow>> RowsAsync(
        NpgsqlDataSource db, PayLine line, Conversion c, CancellationToken ct)
    {
        var isBack = line.Kind == PayLine.OfReversal;
        var (does, from, to) = isBack
            ? ("reconvert", AccountKind.Converted, AccountKind.Available)
            : ("convert", AccountKind.Locked, AccountKind.Converted);
        var keys = c.Lots.Select(l => ConversionTransfers.Key(does, c.Id, l.Lot)).ToArray();
        return await db.ReadAsync(
            RowsSql,
            row => new LedgerRow(
                row.Bigint("seq"), row.Id<TransferId>("transfer_id"), does, row.Int4("lot"), row.Bigint("amount_milli"),
                row.Text("key"), row.BytesOrNull("evidence") is { } evidence ? Hex(evidence) : "", row.Instant("at")),
            [c.Person.Value, keys, (short)from, (short)to], ct);
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
