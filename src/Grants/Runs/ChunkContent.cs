using System.Security.Cryptography;
using Guerdon.Grants.Lines;
using Guerdon.Ledger.Accounts;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Grants.Runs;

/// <summary>What a chunk is by its lines, which are added in their order: how many, of which asset, their sum, and the
/// SHA-256 over their evidence. A hash is all that is held.</summary>
internal sealed class ChunkContent : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public int Lines { get; private set; }

    /// <summary>In milli-tokens; wider than a chunk can be, since lines that were edited are added up, too.</summary>
    public Int128 TotalMilli { get; private set; }

    /// <summary>The first line's; null: there is none.</summary>
    public Asset? Asset { get; private set; }

    /// <summary>Whether lines are of several assets, which no chunk has.</summary>
    public bool IsMixed { get; private set; }

    /// <summary>Adds a line by the evidence that it makes.</summary>
    public void Add(GrantLine line, byte[] evidence)
    {
        Lines++;
        TotalMilli += line.Amount.Tokens.Milli;
        IsMixed |= Asset is { } other && other != line.Asset;
        Asset = line.Asset;
        _hash.AppendData(evidence);
    }

    /// <summary>Adds a line as it is saved.</summary>
    /// <returns>False where the evidence that is saved with it is not what it says.</returns>
    public bool Add(StoredLine line)
    {
        var evidence = line.Grant.Evidence();
        Add(line.Grant, evidence);
        return line.Evidence.AsSpan().SequenceEqual(evidence);
    }

    /// <summary>The SHA-256 over the evidence of all lines. Once; what is added after it begins a new one.</summary>
    public byte[] Hash() => _hash.GetHashAndReset();

    /// <summary>Whether that is the one that was saved for the chunk. Once, as <see cref="Hash"/>.</summary>
    public bool Matches(byte[] kept) => Hash().AsSpan().SequenceEqual(kept);

    public void Dispose() => _hash.Dispose();
}

/// <summary>What was saved of a chunk when it was prepared.</summary>
internal sealed record StoredChunk(Asset Asset, int Lines, long TotalMilli, byte[] Content)
{
    /// <summary>Whether lines are those that were prepared, all of them. Once, as
    /// <see cref="ChunkContent.Hash"/>.</summary>
    public bool Is(ChunkContent lines) => Lines == lines.Lines && TotalMilli == lines.TotalMilli && !lines.IsMixed
        && Asset == lines.Asset && lines.Matches(Content);

    /// <summary>Reads chunks by what names each of them.</summary>
    public static async Task<Dictionary<TKey, StoredChunk>> ReadAsync<TKey>(
        NpgsqlConnection connection, string sql, object[] values, Func<Row, TKey> name, CancellationToken ct)
        where TKey : notnull
    {
        var chunks = new Dictionary<TKey, StoredChunk>();
        foreach (var (of, chunk) in await connection.ReadAsync(sql, row => (name(row), Of(row)), values, ct))
            chunks[of] = chunk;
        return chunks;
    }

    private static StoredChunk Of(Row row) => new(
        (Asset)row.Smallint("asset"), row.Int4("lines"), row.Bigint("total_milli"), row.Bytes("content"));
}
