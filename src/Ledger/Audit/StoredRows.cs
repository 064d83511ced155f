using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Transfers;
using Guerdon.Storage;

namespace Guerdon.Ledger.Audit;

/// <summary>A wallet's head, or a lot that no entry opened.</summary>
/// <param name="StrayLot">The lot; null: it is a head.</param>
/// <param name="End">The head, where it is one.</param>
internal readonly record struct StoredHead(int? StrayLot, ChainEnd End)
{
    public static StoredHead Of(Row row) => row.Int4OrNull("stray_lot") is { } lot ? new(lot, default)
        : new(null, new(row.Bigint("seq"), row.Bytes("head"), row.Get<DateTime>("at")));
}

/// <summary>The last entry of a chain.</summary>
internal readonly record struct ChainEnd(long Seq, byte[] Hash, DateTime At);

/// <summary>An entry, and the lot that it opened, where it opened one that is there.</summary>
internal readonly record struct StoredEntry(Entry Entry, StoredLot? Lot)
{
    public static StoredEntry Of(Row row) => new(
        new Entry
        {
            Wallet = row.Uuid("wallet_id"), Seq = row.Bigint("seq"), Transfer = row.Uuid("transfer_id"),
            Link = row.UuidOrNull("link_id"), Kind = (TransferKind)row.Smallint("kind"),
            Asset = (Asset)row.Smallint("asset"), From = (AccountKind)row.Smallint("from_account"),
            To = (AccountKind)row.Smallint("to_account"), Other = row.UuidOrNull("other_wallet"),
            Holder = row.UuidOrNull("holder"), Lot = row.Int4("lot"), AmountMilli = row.Bigint("amount_milli"),
            Key = row.Text("key"), Content = row.Bytes("content"), Corrects = row.UuidOrNull("corrects"),
            Evidence = row.BytesOrNull("evidence"), At = row.Get<DateTime>("at"), Hash = row.Bytes("hash"),
            SourceId = row.UuidOrNull("source_id"),
        },
        row.TextOrNull("tax_class") is not { } taxClass ? null : new StoredLot(
            new LotTerms(taxClass, row.Text("source"), row.InstantOrNull("expires_at")), row.Bigint("granted_milli"),
            (Asset)row.Smallint("lot_asset"), row.Get<DateTime>("granted_at")));
}

/// <summary>A lot as it lies beside the entry that opened it.</summary>
internal sealed record StoredLot(LotTerms Terms, long GrantedMilli, Asset Asset, DateTime GrantedAt);

/// <summary>What an account is said to hold of a lot.</summary>
internal readonly record struct StoredPosition(PositionKey Key, long AmountMilli)
{
    public static StoredPosition Of(Row row) => new(
        new((Asset)row.Smallint("asset"), (AccountKind)row.Smallint("account"), row.Uuid("holder"), row.Int4("lot")),
        row.Bigint("amount_milli"));
}
