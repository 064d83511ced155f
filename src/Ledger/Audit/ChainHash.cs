using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Guerdon.Ledger.Transfers;

namespace Guerdon.Ledger.Audit;

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
        var writer = new Fields(stackalloc byte[1_024]);
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
        var writer = new Fields(stackalloc byte[1_024]);
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

    /// <summary>One step of a day's root: the chain heads of the day, in wallet order, behind the day before.</summary>
    public static void AppendHead(IncrementalHash root, Guid wallet, long seq, ReadOnlySpan<byte> head)
    {
        var writer = new Fields(stackalloc byte[64]);
        writer.Guid(wallet);
        writer.Int64(seq);
        writer.Raw(head);
        root.AppendData(writer.Written);
    }

    /// <summary>One step of a table's root: a line of <c>kernel.change</c>.</summary>
    public static void AppendChange(IncrementalHash root, Change c)
    {
        var writer = new Fields(stackalloc byte[512]);
        writer.Int64(c.Seq);
        writer.Time(c.At);
        writer.Text(c.RowKey);
        writer.Text(c.Op);
        writer.Bytes(c.Digest);
        writer.Int16((short)(c.Breaks ? 1 : 0));
        writer.Int32(c.RowKeys?.Count ?? -1);
        foreach (var key in c.RowKeys ?? []) writer.Text(key);
        foreach (var digest in c.Digests ?? []) writer.Bytes(digest);
        writer.Int32(c.Ids?.Length ?? -1);
        foreach (var id in c.Ids ?? []) writer.Guid(id);
        writer.Text(c.Role);
        writer.Text(c.Program);
        root.AppendData(writer.Written);
    }

    /// <summary>One step of a day's root: what it says of a guarded table.</summary>
    public static void AppendTable(IncrementalHash root, SealTable table)
    {
        var writer = new Fields(stackalloc byte[256]);
        writer.Text(table.Name);
        writer.Int64(table.Rows);
        writer.Int64(table.Changes);
        writer.Raw(table.Root);
        root.AppendData(writer.Written);
    }

    private ref struct Fields(Span<byte> buffer)
    {
        private Span<byte> _buffer = buffer;
        private int _length;

        public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

        public readonly byte[] Hash() => SHA256.HashData(Written);

        public void Int16(short value) => BinaryPrimitives.WriteInt16BigEndian(Take(2), value);
        public void Int32(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(4), value);
        public void Int64(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(8), value);
        public void Guid(Guid value) => value.TryWriteBytes(Take(16), bigEndian: true, out _);
        public void Raw(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));
        public void Time(DateTime at) => Int64((at - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);

        public void Bytes(byte[]? value)
        {
            Int32(value?.Length ?? -1);
            Raw(value);
        }

        public void Text(string value)
        {
            var count = Encoding.UTF8.GetByteCount(value);
            Int32(count);
            Encoding.UTF8.GetBytes(value, Take(count));
        }

        public void Terms(LotTerms terms)
        {
            Text(terms.TaxClass);
            Text(terms.Source);
            if (terms.ExpiresAt is { } expiry) Time(expiry.UtcDateTime);
            else Int64(-1);
        }

        private Span<byte> Take(int count)
        {
            if (_length + count > _buffer.Length)
            {
                var larger = new byte[Math.Max(_buffer.Length * 2, _length + count)];
                Written.CopyTo(larger);
                _buffer = larger;
            }

            _length += count;
            return _buffer.Slice(_length - count, count);
        }
    }
}
