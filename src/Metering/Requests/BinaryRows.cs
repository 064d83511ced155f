using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Guerdon.Metering.Requests;

/// <summary>Rows as PostgreSQL's <c>COPY … (format binary)</c> takes them.</summary>
/// <remarks>
/// Npgsql's importer checks and awaits each value: with thirty columns that costs more than the rows themselves. The
/// format is in PostgreSQL's documentation of COPY, "Binary Format".
/// </remarks>
internal sealed class BinaryRows
{
    private static readonly DateTime Epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly ArrayBufferWriter<byte> _buffer = new(128 * 1_024);

    public BinaryRows()
    {
        _buffer.Write("PGCOPY"u8);
        _buffer.Write(stackalloc byte[] { (byte)'\n', 0xff, (byte)'\r', (byte)'\n', 0 });
        _buffer.Write(stackalloc byte[8]); // no flags, no extension
    }

    public int Bytes => _buffer.WrittenCount;

    public void Row(short columns) => Raw(columns);

    /// <summary>The trailer, after the last row.</summary>
    public void End() => Raw((short)-1);

    public void Add(Guid? value)
    {
        if (value is not { } known) { Null(); return; }
        Size(16);
        known.TryWriteBytes(_buffer.GetSpan(16), bigEndian: true, out _);
        _buffer.Advance(16);
    }

    public void Add(long? value)
    {
        if (value is not { } known) { Null(); return; }
        Size(sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(_buffer.GetSpan(sizeof(long)), known);
        _buffer.Advance(sizeof(long));
    }

    public void Add(int value)
    {
        Size(sizeof(int));
        Size(value);
    }

    public void Add(short value)
    {
        Size(sizeof(short));
        Raw(value);
    }

    /// <summary>A <c>timestamptz</c>.</summary>
    /// <param name="utc">UTC, whole microseconds.</param>
    public void Add(DateTime utc) => Add((long?)((utc - Epoch).Ticks / TimeSpan.TicksPerMicrosecond));

    public void Add(string value)
    {
        var bytes = Encoding.UTF8.GetByteCount(value);
        Size(bytes);
        Encoding.UTF8.GetBytes(value, _buffer.GetSpan(bytes));
        _buffer.Advance(bytes);
    }

    public void Add(ReadOnlySpan<byte> value)
    {
        Size(value.Length);
        _buffer.Write(value);
    }

    /// <summary>Sends what has gathered, and begins again.</summary>
    public async Task SendAsync(Stream to, CancellationToken ct)
    {
        await to.WriteAsync(_buffer.WrittenMemory, ct);
        _buffer.ResetWrittenCount();
    }

    private void Null() => Size(-1);

    private void Size(int bytes)
    {
        BinaryPrimitives.WriteInt32BigEndian(_buffer.GetSpan(sizeof(int)), bytes);
        _buffer.Advance(sizeof(int));
    }

    private void Raw(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(_buffer.GetSpan(sizeof(short)), value);
        _buffer.Advance(sizeof(short));
    }
}
