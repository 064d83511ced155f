using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Guerdon.Storage;

namespace Guerdon.Identity.Audit;

/// <summary>A row of <c>host.act</c>, and what its place in the chain is over (docs/hashes.md#acts).</summary>
internal sealed record ChainedAct(ActRow Row, long? Seq, byte[]? Hash)
{
    public const string Columns = """
        act_id, request_id, at, kind, who, account_id, person_id, means, means_id, roles, address, endpoint,
        permission, subject, about_id, status, times, seq, hash
        """;

    /// <summary>What stands before the first.</summary>
    public static byte[] Genesis => new byte[SHA256.HashSizeInBytes];

    public static ChainedAct Of(Row row) => new(
        new ActRow
        {
            ActId = row.Uuid("act_id"), RequestId = row.Uuid("request_id"), At = row.Instant("at"),
            Kind = row.Text("kind"), Who = row.Text("who"), AccountId = row.UuidOrNull("account_id"),
            PersonId = row.UuidOrNull("person_id"), Means = row.Text("means"), MeansId = row.UuidOrNull("means_id"),
            Roles = row.Text("roles"), Address = row.Text("address"), Endpoint = row.Text("endpoint"),
            Permission = row.Text("permission"), Subject = row.Text("subject"), AboutId = row.UuidOrNull("about_id"),
            Status = row.Int4("status"), Times = row.Bigint("times"),
        }, row.BigintOrNull("seq"), row.BytesOrNull("hash"));

    /// <summary>Its hash as number <paramref name="seq"/>, after the hash of the one before.</summary>
    public byte[] HashAfter(byte[] before, long seq)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(before);
        Number(hash, seq);
        Id(hash, Row.ActId);
        Id(hash, Row.RequestId);
        Number(hash, (Row.At.UtcDateTime - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        Text(hash, Row.Kind);
        Text(hash, Row.Who);
        Id(hash, Row.AccountId ?? Guid.Empty);
        Id(hash, Row.PersonId ?? Guid.Empty);
        Text(hash, Row.Means);
        Id(hash, Row.MeansId ?? Guid.Empty);
        foreach (var text in (string[])[Row.Roles, Row.Address, Row.Endpoint, Row.Permission, Row.Subject])
            Text(hash, text);
        Id(hash, Row.AboutId ?? Guid.Empty);
        Number(hash, Row.Status);
        Number(hash, Row.Times);
        return hash.GetHashAndReset();
    }

    private static void Number(IncrementalHash hash, long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        hash.AppendData(bytes);
    }

    private static void Id(IncrementalHash hash, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        hash.AppendData(bytes);
    }

    private static void Text(IncrementalHash hash, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
