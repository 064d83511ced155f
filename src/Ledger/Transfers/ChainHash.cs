using System.Security.Cryptography;

namespace Guerdon.Ledger.Transfers;

/// <summary>
/// The hashes of the ledger, SHA-256 over fixed-width big-endian fields (texts and optional bytes with their length
/// before them), so that two different entries never have the same bytes.
/// </summary>
internal static class ChainHash
{
    public const int Size = SHA256.HashSizeInBytes;

    /// <summary>What a chain begins with.</summary>
    public static readonly byte[] Genesis = new byte[Size];

    /// <summary>Digest of what was asked for, in 16 bytes: the same key with another digest is an error.</summary>
    public static byte[] OfContent(Transfer t)
    {
        var writer = new HashFields(stackalloc byte[1_024]);
        writer.Int16((short)t.Kind);
        writer.Guid(t.Wallet.Value);
        writer.Guid(t.To?.Value ?? default);
        writer.Guid(t.Holder?.Value ?? default);
        writer.Int16((short)t.Asset);
        writer.Int64(t.Amount.Milli);
        writer.Int64(t.AtLeast?.Milli ?? -1);
        writer.Int32(t.Lot ?? -1);
        writer.Guid(t.Corrects?.Value ?? default);
        writer.Bytes(t.Evidence);
        if (t.NewLot is { } terms) writer.Terms(terms);
        return writer.Hash()[..16];
    }

    /// <summary>
    /// The hash of an entry after the one before it. What it was booked for is in it only where there is such, so that
    /// entries from before that was noted keep theirs; a granted lot's terms are part of its entry.
    /// </summary>
    public static byte[] OfEntry(ReadOnlySpan<byte> previous, Entry e, LotTerms? opened)
    {
        var writer = new HashFields(stackalloc byte[1_024]);
        writer.Raw(previous);
        writer.Guid(e.Wallet);
        writer.Int64(e.Seq);
        writer.Guid(e.Transfer);
        writer.Guid(e.Link ?? default);
        writer.Int16((short)e.Kind);
        writer.Int16((short)e.Asset);
        writer.Int16((short)e.From);
        writer.Int16((short)e.To);
        writer.Guid(e.Other ?? default);
        writer.Guid(e.Holder ?? default);
        writer.Int32(e.Lot);
        writer.Int64(e.AmountMilli);
        writer.Text(e.Key);
        writer.Bytes(e.Content);
        writer.Guid(e.Corrects ?? default);
        writer.Bytes(e.Evidence);
        writer.Time(e.At);
        if (e.SourceId is { } source) writer.Guid(source);
        if (opened is not null) writer.Terms(opened);
        return writer.Hash();
    }
}
