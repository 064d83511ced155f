using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Guerdon.Metering.Requests;
using Guerdon.Pricing.Costing;

namespace Guerdon.Unit.Metering;

/// <summary>The bytes of a record's digest, written a second time: what was settled by it must verify for ever.
/// </summary>
public class RecordDigestTests
{
    private static readonly DateTime At = new(2026, 11, 21, 10, 30, 0, 123, 456, DateTimeKind.Utc);

    private static Guid Id(int number) => new(number, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11]);

    private static readonly RequestRecord Record = new()
    {
        Wallet = new(Id(1)), Id = new(Id(2)), StartedAt = At, EndedAt = At.AddSeconds(1), Source = Source.Import,
        Holder = new(Id(3)), KeyId = Id(4), Model = "modèle", Provider = "prov", PriceId = Id(5), TokenValueNanos = 11,
        Usage = new Usage(12, 13, 14, 15, 16, 17), Cost = new(new(18), new(19)), Charged = new(20), Held = new(21),
        AskedCap = 22, SentCap = 23, State = RecordState.Provisional, Outcome = Guerdon.Metering.Requests.Outcome.Cut,
        HttpStatus = 200, FirstByteUs = 25, DurationUs = 26, RequestBytes = 27, ResponseBytes = 28,
    };

    private static byte[] Fields(RequestRecord r) =>
    [
        .. Of(r.Wallet.Value), .. Of(r.Id.Value), .. Of(Micros(r.StartedAt)), .. Of(Micros(r.EndedAt)),
        .. Of(r.Holder?.Value ?? default), .. Of(r.KeyId ?? default), .. Of(r.PriceId ?? default),
        .. new long[]
        {
            (long)r.Source, r.TokenValueNanos, r.Usage.Input, r.Usage.CachedInput, r.Usage.CacheWrite5m,
            r.Usage.CacheWrite1h, r.Usage.Output, r.Usage.Reasoning, r.Cost.Money.Nanos, r.Cost.Charge.Milli,
            r.Charged.Milli, r.Held.Milli, r.AskedCap ?? -1, r.SentCap ?? -1, (long)r.State, (long)r.Outcome,
            r.HttpStatus, r.FirstByteUs, r.DurationUs, r.RequestBytes, r.ResponseBytes,
        }.SelectMany(Of),
        .. Of(r.Model), .. Of(r.Provider),
    ];

    [Fact]
    public void Of_ARecord_IsOverAllItsFields()
    {
        Assert.Equal(SHA256.HashData(Fields(Record)), RecordDigest.Of(Record));
        var bare = Record with { Holder = null, KeyId = null, PriceId = null, AskedCap = null, SentCap = null };
        Assert.Equal(SHA256.HashData(Fields(bare)), RecordDigest.Of(bare));
        var longest = Record with { Model = new string('模', 200), Provider = new string('供', 200) };
        Assert.Equal(SHA256.HashData(Fields(longest)), RecordDigest.Of(longest));
    }

    [Fact]
    public void Of_MediaAndParts_FollowWhereThereAreAny()
    {
        var usage = Record.Usage with { AudioInput = 1, ImageInput = 2, AudioOutput = 3, ImageOutput = 4 };
        var media = Record with { Usage = usage };
        byte[] withMedia = [.. Fields(media), .. new long[] { 1, 2, 3, 4 }.SelectMany(Of)];
        Assert.Equal(SHA256.HashData(withMedia), RecordDigest.Of(media));

        var cost = ((Int128)5 << 64) + ulong.MaxValue - 2; // both halves
        RequestPart[] parts =
        [
            new(PartKind.Tokens, "one", Id(7)) { Usage = usage, CostFemto = cost },
            new(PartKind.Uses, new string('模', 200), Id(8))
            {
                Tool = HostedTool.FileSearch, Uses = 31, Doubts = Doubts.Unread, CostFemto = -1,
            },
        ];
        Assert.Equal(
            SHA256.HashData([.. withMedia, .. parts.SelectMany(Part)]), RecordDigest.Of(media with { Parts = parts }));
        Assert.Equal(
            SHA256.HashData([.. Fields(Record), .. Part(parts[1])]),
            RecordDigest.Of(Record with { Parts = parts[1..] }));
    }

    [Fact]
    public void OfFlush_IsOverTheDigestsInTheirOrder()
    {
        Assert.Equal(SHA256.HashData([1, 2, 3]), RecordDigest.OfFlush([[1, 2], [3]]));
        Assert.NotEqual(RecordDigest.OfFlush([[1], [2]]), RecordDigest.OfFlush([[2], [1]]));
    }

    [Fact]
    public void CostBy_WhatIsNotKnown_IsNothing()
    {
        var price = Pricing.CostTests.PriceOf(new Rates(5_000_000, 0, 0, 0, 0));
        var part = new RequestPart(PartKind.Tokens, "m", Id(1)) { Usage = new Usage(2, 0, 0, 0, 0, 0) };
        Assert.Equal(10_000_000, part.CostBy(price));
        Assert.Equal(0, (part with { Kind = PartKind.Unknown }).CostBy(price));
    }

    private static byte[] Part(RequestPart p) =>
    [
        .. Of(p.PriceId),
        .. new long[]
        {
            (long)p.Kind, (long)(p.Tool ?? 0), p.Uses, (long)p.Doubts, p.Usage.Input, p.Usage.CachedInput,
            p.Usage.CacheWrite5m, p.Usage.CacheWrite1h, p.Usage.Output, p.Usage.Reasoning, p.Usage.AudioInput,
            p.Usage.ImageInput, p.Usage.AudioOutput, p.Usage.ImageOutput, (long)(p.CostFemto >> 64),
            unchecked((long)(ulong)(p.CostFemto & ulong.MaxValue)),
        }.SelectMany(Of),
        .. Of(p.Name),
    ];

    private static long Micros(DateTime at) => (at - DateTime.UnixEpoch).Ticks / 10;

    private static byte[] Of(Guid id) => id.ToByteArray(bigEndian: true);

    private static byte[] Of(long number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] Of(string text)
    {
        var (bytes, length) = (Encoding.UTF8.GetBytes(text), new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        return [.. length, .. bytes];
    }
}
