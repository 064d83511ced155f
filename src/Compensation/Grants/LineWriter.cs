using System.Security.Cryptography;
using Npgsql;
using Stipend.Ledger;

namespace Stipend.Compensation;

/// <summary>Writes a run's lines as they come, dealt into chunks of one asset each. Holds two hashes, however many
/// lines there are.</summary>
internal sealed class LineWriter(NpgsqlBinaryImporter copy, RunId run, bool rehearsal) : IDisposable
{
    private readonly Dictionary<Asset, OpenChunk> open = [];
    private readonly List<ChunkRow> full = [];
    private int number;
    private int chunks;

    /// <summary>Chunks that are complete; after <see cref="Finish"/>, all.</summary>
    public IReadOnlyList<ChunkRow> Chunks => full;

    /// <summary>One chunk as it is kept.</summary>
    public readonly record struct ChunkRow(int Chunk, Asset Asset, int Lines, long TotalMilli, byte[] Content);

    public async Task AddAsync(GrantLine line, CancellationToken ct)
    {
        if (!open.TryGetValue(line.Asset, out var chunk))
            open[line.Asset] = chunk = new OpenChunk(chunks++, line.Asset);
        var evidence = line.Evidence();
        await GrantLines.WriteAsync(copy, new(run, rehearsal, ++number, chunk.Number), line, evidence, ct);
        chunk.Add(line.Amount.Tokens.Milli, evidence);
        if (chunk.Lines == GrantLines.ChunkSize) Close(chunk);
    }

    public void Finish()
    {
        foreach (var chunk in open.Values.ToArray()) Close(chunk);
    }

    public void Dispose()
    {
        foreach (var chunk in open.Values) chunk.Dispose();
    }

    private void Close(OpenChunk chunk)
    {
        open.Remove(chunk.Asset);
        full.Add(chunk.Row());
        chunk.Dispose();
    }

    private sealed class OpenChunk(int number, Asset asset) : IDisposable
    {
        private readonly IncrementalHash content = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private long totalMilli;

        public int Number => number;
        public Asset Asset => asset;
        public int Lines { get; private set; }

        public void Add(long milli, byte[] evidence)
        {
            Lines++;
            totalMilli = checked(totalMilli + milli);
            content.AppendData(evidence);
        }

        public ChunkRow Row() => new(number, asset, Lines, totalMilli, content.GetHashAndReset());

        public void Dispose() => content.Dispose();
    }
}
