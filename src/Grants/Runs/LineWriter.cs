using Guerdon.Grants.Lines;
using Guerdon.Ledger.Accounts;
using Npgsql;

namespace Guerdon.Grants.Runs;

/// <summary>Writes a run's lines as they come, dealt into chunks of one asset each. Holds two hashes, however many
/// lines there are.</summary>
internal sealed class LineWriter(NpgsqlBinaryImporter copy, RunId run, bool rehearsal) : IDisposable
{
    private readonly Dictionary<Asset, OpenChunk> _open = [];
    private readonly List<ChunkRow> _full = [];
    private int _number;
    private int _chunks;

    /// <summary>Chunks that are complete; after <see cref="Finish"/>, all.</summary>
    public IReadOnlyList<ChunkRow> Chunks => _full;

    /// <summary>One chunk as it is saved.</summary>
    public readonly record struct ChunkRow(int Chunk, Asset Asset, int Lines, long TotalMilli, byte[] Content);

    public async Task AddAsync(GrantLine line, CancellationToken ct)
    {
        if (!_open.TryGetValue(line.Asset, out var chunk))
            _open[line.Asset] = chunk = new OpenChunk(_chunks++, line.Asset);
        var evidence = line.Evidence();
        await GrantLines.WriteAsync(copy, new(run, rehearsal, ++_number, chunk.Number), line, evidence, ct);
        chunk.Content.Add(line, evidence);
        if (chunk.Content.Lines == GrantLines.ChunkSize) Close(chunk);
    }

    public void Finish()
    {
        foreach (var chunk in _open.Values.ToArray()) Close(chunk);
    }

    public void Dispose()
    {
        foreach (var chunk in _open.Values) chunk.Content.Dispose();
    }

    private void Close(OpenChunk chunk)
    {
        _open.Remove(chunk.Asset);
        _full.Add(chunk.Row());
        chunk.Content.Dispose();
    }

    private sealed record OpenChunk(int Number, Asset Asset)
    {
        public ChunkContent Content { get; } = new();

        public ChunkRow Row() => new(Number, Asset, Content.Lines, checked((long)Content.TotalMilli), Content.Hash());
    }
}
