using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Audit;
using Guerdon.Ledger.Transfers;

namespace Guerdon.Unit.Ledger;

/// <summary>
/// The bytes of every hash, written a second time as docs and other programs would: a hash once given out can never
/// change, so that what is hashed, and in which order, is part of the format.
/// </summary>
public class ChainHashTests
{
    private static readonly DateTime At = new(2026, 11, 21, 10, 30, 0, 123, 456, DateTimeKind.Utc);

    private static Guid Id(int number) => new(number, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11]);

    private static Entry Entry(string key) => new()
    {
        Wallet = Id(1), Seq = 7, Transfer = Id(2), Link = Id(3), Kind = TransferKind.Award, Asset = Asset.Reward,
        From = AccountKind.Available, To = AccountKind.Unvested, Other = Id(4), Holder = Id(5), Lot = 9,
        AmountMilli = 123_456_789_012, Key = key, Content = [1, 2, 3], Corrects = Id(6), Evidence = [9, 8], At = At,
    };

    [Theory]
    [InlineData(10)]
    [InlineData(700)]
    [InlineData(1_024)]
    [InlineData(5_000)] // longer than the first buffer, and than twice it
    public void OfEntry_EveryField_IsInItsPlace(int keyLength)
    {
        var entry = Entry(new string('ł', keyLength));
        var terms = new LotTerms("bonus", "plan é", new DateTimeOffset(At.AddDays(1)));
        byte[] previous = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        byte[] plain =
        [
            .. previous, .. Of(entry.Wallet), .. Of(7L), .. Of(Id(2)), .. Of(Id(3)), .. Of((short)TransferKind.Award),
            .. Of((short)Asset.Reward), .. Of((short)AccountKind.Available), .. Of((short)AccountKind.Unvested),
            .. Of(Id(4)), .. Of(Id(5)), .. Of(9), .. Of(123_456_789_012), .. Of(entry.Key), .. Bytes([1, 2, 3]),
            .. Of(Id(6)), .. Bytes([9, 8]), .. Of(At),
        ];
        Assert.Equal(SHA256.HashData(plain), ChainHash.OfEntry(previous, entry, null));
        Assert.Equal(
            SHA256.HashData([.. plain, .. Of("bonus"), .. Of("plan é"), .. Of(At.AddDays(1))]),
            ChainHash.OfEntry(previous, entry, terms));
        Assert.Equal(
            SHA256.HashData([.. plain, .. Of("bonus"), .. Of("plan é"), .. Of(-1L)]),
            ChainHash.OfEntry(previous, entry, terms with { ExpiresAt = null }));
        var sourced = entry with { SourceId = Id(8) };
        Assert.Equal(SHA256.HashData([.. plain, .. Of(Id(8))]), ChainHash.OfEntry(previous, sourced, null));
        Assert.Equal(
            SHA256.HashData([.. plain, .. Of(Id(8)), .. Of("bonus"), .. Of("plan é"), .. Of(At.AddDays(1))]),
            ChainHash.OfEntry(previous, sourced, terms));
    }

    [Fact]
    public void OfEntry_WhatIsNotThere_IsZeroesOrALengthOfMinusOne()
    {
        var entry = Entry("k") with { Link = null, Other = null, Holder = null, Corrects = null, Evidence = null };
        Assert.Equal(
            SHA256.HashData(
            [
                .. ChainHash.Genesis, .. Of(entry.Wallet), .. Of(7L), .. Of(Id(2)), .. new byte[16],
                .. Of((short)TransferKind.Award), .. Of((short)Asset.Reward), .. Of((short)AccountKind.Available),
                .. Of((short)AccountKind.Unvested), .. new byte[32], .. Of(9), .. Of(123_456_789_012), .. Of("k"),
                .. Bytes([1, 2, 3]), .. new byte[16], .. Of(-1), .. Of(At),
            ]),
            ChainHash.OfEntry(ChainHash.Genesis, entry, null));
    }

    [Fact]
    public void OfContent_EveryField_IsInItsPlace()
    {
        var transfer = new Transfer
        {
            Kind = TransferKind.Grant, Wallet = new(Id(1)), To = new(Id(2)), Holder = new(Id(3)), Asset = Asset.Reward,
            Amount = new(55), AtLeast = new(44), Lot = 6, Corrects = new(Id(4)), Evidence = [1], Key = "not in it",
            NewLot = new("bonus", "plan", null),
        };
        byte[] terms = [.. Of("bonus"), .. Of("plan"), .. Of(-1L)];
        Assert.Equal(
            SHA256.HashData(
            [
                .. Of((short)TransferKind.Grant), .. Of(Id(1)), .. Of(Id(2)), .. Of(Id(3)), .. Of((short)Asset.Reward),
                .. Of(55L), .. Of(44L), .. Of(6), .. Of(Id(4)), .. Bytes([1]), .. terms,
            ])[..16],
            ChainHash.OfContent(transfer));
        var bare = new Transfer { Kind = TransferKind.Spend, Wallet = new(Id(1)), Amount = new(55), Key = "k" };
        Assert.Equal(
            SHA256.HashData(
            [
                .. Of((short)TransferKind.Spend), .. Of(Id(1)), .. new byte[32], .. Of((short)bare.Asset), .. Of(55L),
                .. Of(-1L), .. Of(-1), .. new byte[16], .. Of(-1),
            ])[..16],
            ChainHash.OfContent(bare));
    }

    [Fact]
    public void Append_StepsOfADay_AreInTheirPlace()
    {
        AssertAppended(root => SealHash.AppendHead(root, Id(1), 3, [7, 7]), [.. Of(Id(1)), .. Of(3L), 7, 7]);
        AssertAppended(root => SealHash.AppendTable(root, new("people.person", 4, 5, [8, 9])),
            [.. Of("people.person"), .. Of(4L), .. Of(5L), 8, 9]);
        AssertAppended(
            root => SealHash.AppendChange(
                root, new(1, At, "row", "update", [1], Breaks: true, [Id(1), Id(2)], "r", "p")),
            [
                .. Of(1L), .. Of(At), .. Of("row"), .. Of("update"), .. Bytes([1]), .. Of((short)1), .. Of(-1),
                .. Of(2), .. Of(Id(1)), .. Of(Id(2)), .. Of("r"), .. Of("p"),
            ]);
        AssertAppended(
            root => SealHash.AppendChange(root, new(1, At, "", "delete", null, Breaks: false, null, "r", "p")
            {
                RowKeys = ["a", "bc"], Digests = [[1], null],
            }),
            [
                .. Of(1L), .. Of(At), .. Of(""), .. Of("delete"), .. Of(-1), .. Of((short)0), .. Of(2), .. Of("a"),
                .. Of("bc"), .. Bytes([1]), .. Of(-1), .. Of(-1), .. Of("r"), .. Of("p"),
            ]);
    }

    private static void AssertAppended(Action<IncrementalHash> append, byte[] bytes)
    {
        using var root = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        append(root);
        Assert.Equal(SHA256.HashData(bytes), root.GetHashAndReset());
    }

    private static byte[] Of(Guid id) => id.ToByteArray(bigEndian: true);

    private static byte[] Of(DateTime at) => Of((at - DateTime.UnixEpoch).Ticks / 10); // microseconds

    private static byte[] Of(string text) => Bytes(Encoding.UTF8.GetBytes(text));

    private static byte[] Bytes(byte[] bytes) => [.. Of(bytes.Length), .. bytes];

    private static byte[] Of(short number)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteInt16BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] Of(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] Of(long number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return bytes;
    }
}
