using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Guerdon.Pricing.Costing;

namespace Guerdon.Metering.Requests;

/// <summary>
/// SHA-256 over all fields of a record; the digest of a flush is over its records' digests in id order.
/// </summary>
internal static class RecordDigest
{
    private const int FixedSize = 320;
    private const int MaxTextBytes = 2_048; // model and provider together: 200 characters each, of three bytes
    private const int MaxPartBytes = 1_024; // a name of 200 characters takes 800 at most

    public static byte[] Of(RequestRecord r)
    {
        Span<byte> buffer = stackalloc byte[FixedSize + MaxTextBytes];
        var at = 0;
        Put(buffer, ref at, r.Wallet.Value);
        Put(buffer, ref at, r.Id.Value);
        Put(buffer, ref at, Micros(r.StartedAt));
        Put(buffer, ref at, Micros(r.EndedAt));
        Put(buffer, ref at, r.Holder?.Value ?? default);
        Put(buffer, ref at, r.KeyId ?? default);
        Put(buffer, ref at, r.PriceId ?? default);
        ReadOnlySpan<long> numbers =
        [
            (long)r.Source, r.TokenValueNanos, r.Usage.Input, r.Usage.CachedInput, r.Usage.CacheWrite5m,
            r.Usage.CacheWrite1h, r.Usage.Output, r.Usage.Reasoning, r.Cost.Money.Nanos, r.Cost.Charge.Milli,
            r.Charged.Milli, r.Held.Milli, r.AskedCap ?? -1, r.SentCap ?? -1, (long)r.State, (long)r.Outcome,
            r.HttpStatus,
            r.FirstByteUs, r.DurationUs, r.RequestBytes, r.ResponseBytes,
        ];
        foreach (var number in numbers) Put(buffer, ref at, number);
        Put(buffer, ref at, r.Model);
        Put(buffer, ref at, r.Provider);
        if (r.Usage.HasMedia) PutMedia(buffer, ref at, r.Usage); // so that rows without any have the digest they had
        return r.Parts.Count == 0 ? SHA256.HashData(buffer[..at]) : WithParts(buffer[..at], r.Parts);
    }

    // In their order, after the record, so that a record without parts has the digest that
    // it had before there were parts.
    private static byte[] WithParts(ReadOnlySpan<byte> record, IReadOnlyList<RequestPart> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(record);
        Span<byte> buffer = stackalloc byte[MaxPartBytes];
        foreach (var part in parts)
        {
            var at = 0;
            var (usage, cost) = (part.Usage, part.CostFemto);
            Put(buffer, ref at, part.PriceId);
            ReadOnlySpan<long> numbers =
            [
                (long)part.Kind, (long)(part.Tool ?? 0), part.Uses, (long)part.Doubts, usage.Input, usage.CachedInput,
                usage.CacheWrite5m, usage.CacheWrite1h, usage.Output, usage.Reasoning, usage.AudioInput,
                usage.ImageInput, usage.AudioOutput, usage.ImageOutput, (long)(cost >> 64), (long)(ulong)cost,
            ];
            foreach (var number in numbers) Put(buffer, ref at, number);
            Put(buffer, ref at, part.Name);
            hash.AppendData(buffer[..at]);
        }

        return hash.GetHashAndReset();
    }

    /// <summary>
    /// What a settlement's evidence must be: the digests of its records, which come in the order of their ids.
    /// </summary>
    public static byte[] OfFlush(IEnumerable<byte[]> digests)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var digest in digests) hash.AppendData(digest);
        return hash.GetHashAndReset();
    }

    private static void PutMedia(Span<byte> buffer, ref int at, in Usage usage)
    {
        Put(buffer, ref at, usage.AudioInput);
        Put(buffer, ref at, usage.ImageInput);
        Put(buffer, ref at, usage.AudioOutput);
        Put(buffer, ref at, usage.ImageOutput);
    }

    private static long Micros(DateTime at) => (at - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static void Put(Span<byte> buffer, ref int at, Guid value)
    {
        value.TryWriteBytes(buffer[at..], bigEndian: true, out _);
        at += 16;
    }

    private static void Put(Span<byte> buffer, ref int at, long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(buffer[at..], value);
        at += sizeof(long);
    }

    private static void Put(Span<byte> buffer, ref int at, string value)
    {
        var length = Encoding.UTF8.GetBytes(value, buffer[(at + 4)..]);
        BinaryPrimitives.WriteInt32BigEndian(buffer[at..], length);
        at += 4 + length;
    }
}
