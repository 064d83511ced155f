using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Guerdon.Kernel;

namespace Guerdon.Scim.Queries;

/// <summary>
/// Where a page by cursor ended (RFC 9865): after which id, of which filter, and when. It is no secret: whoever makes
/// one up reads what they may read anyway.
/// </summary>
/// <param name="After">The last id of the page before.</param>
/// <param name="Second">When that page was read, in seconds since 1970.</param>
/// <param name="Of">What was asked for.</param>
internal readonly record struct PageCursor(Guid After, long Second, ulong Of)
{
    /// <summary>How long a cursor is taken.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromHours(1);

    private const int Size = 32;

    /// <summary>One of a page that is read now.</summary>
    public static PageCursor At(Guid after, DateTimeOffset now, ulong of) => new(after, now.ToUnixTimeSeconds(), of);

    /// <summary>What a cursor is for: a type and a filter.</summary>
    public static ulong Digest(string type, string? filter) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{type} {filter}")));

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        After.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes[16..], Second);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], Of);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads one that is to go on with the same question.</summary>
    public static Result<PageCursor> Read(string text, ulong of, DateTimeOffset now)
    {
        var bytes = new byte[Size];
        if (!Base64Url.IsValid(text, out var length) || length != Size
            || !Base64Url.TryDecodeFromChars(text, bytes, out _))
            return ScimRefusals.CursorInvalid.With("The cursor is none that Guerdon gave.");
        var cursor = new PageCursor(
            new Guid(bytes.AsSpan(0, 16), bigEndian: true), BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(16)),
            BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(24)));
        if (cursor.Of != of) return ScimRefusals.CursorInvalid.With("The cursor is of another list.");
        if (cursor.Second < (now - Lasts).ToUnixTimeSeconds())
            return ScimRefusals.CursorExpired.With($"The cursor is older than {Lasts.TotalMinutes:0} minutes.");
        return cursor;
    }
}
