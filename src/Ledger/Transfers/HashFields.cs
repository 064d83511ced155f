using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Guerdon.Ledger.Transfers;

/// <summary>
/// What is hashed, as bytes: fields of fixed width, big-endian, and texts and optional bytes with their length before
/// them, so that two different records never have the same bytes.
/// </summary>
/// <param name="buffer">Where they are written, as far as it reaches; more takes an array.</param>
internal ref struct HashFields(Span<byte> buffer)
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
