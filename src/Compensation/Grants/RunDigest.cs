using System.Security.Cryptography;
using Npgsql;
using Stipend.Kernel;

namespace Stipend.Compensation;

/// <summary>
/// The digest that an approval names: SHA-256 over a run's plan as it was applied, its sums and its chunks, each with
/// the SHA-256 over its lines (<c>compensation.run_digest</c>). People see it as 64 hexadecimal digits.
/// </summary>
internal static class RunDigest
{
    private const string Chunks =
        "select chunk, lines, content from compensation.grant_chunk where run_id = $1 order by chunk";

    public static string Text(byte[] digest) => Convert.ToHexStringLower(digest);

    /// <summary>Why what is named is not what would be posted, or null.</summary>
    /// <param name="run">Which run.</param>
    /// <param name="state">As it is, locked.</param>
    /// <param name="named">What the approver names; null: nothing.</param>
    public static Refused? Differs(RunId run, RunState state, string? named)
    {
        var now = Text(state.Now);
        if (!state.Now.AsSpan().SequenceEqual(state.Content))
            return CompensationRefusals.RunChanged.With(
                $"{run} was prepared with the digest {Text(state.Content)}, and has the digest {now} now.");
        if (string.IsNullOrWhiteSpace(named))
            return CompensationRefusals.RunDigestNeeded.With($"No digest was named. {run} has the digest {now}.");
        return string.Equals(named.Trim(), now, StringComparison.OrdinalIgnoreCase)
            ? null
            : CompensationRefusals.RunDigestDiffers.With($"{run} has the digest {now}, not the one that was named.");
    }

    /// <summary>Why the lines are not those that were prepared, or null. Lines pass one by one; a hash for each asset
    /// is all that is held.</summary>
    public static async Task<Refused?> LinesDifferAsync(
        NpgsqlConnection connection, RunId run, CancellationToken ct)
    {
        var chunks = await ChunksAsync(connection, run, ct);
        var open = new Dictionary<int, Reading>();
        try
        {
            await foreach (var (chunk, line) in GrantLines.OfRunAsync(connection, run, ct))
            {
                if (!chunks.TryGetValue(chunk, out var kept)) return Changed(chunk);
                if (!open.TryGetValue(chunk, out var reading)) open[chunk] = reading = new Reading();
                if (!reading.Add(line)) return Changed(chunk);
                if (reading.Lines < kept.Lines) continue;
                if (!reading.Matches(kept.Content)) return Changed(chunk);
                reading.Dispose();
                open.Remove(chunk);
                chunks.Remove(chunk); // whatever comes after its last line is one too many
            }
        }
        finally
        {
            foreach (var reading in open.Values) reading.Dispose();
        }

        return chunks.Count == 0 ? null : Changed(chunks.Keys.Min());

        Refused Changed(int chunk) => CompensationRefusals.RunChanged.With(
            $"The lines in chunk {chunk} of {run} are others than those that were prepared.");
    }

    private static async Task<Dictionary<int, (int Lines, byte[] Content)>> ChunksAsync(
        NpgsqlConnection connection, RunId run, CancellationToken ct)
    {
        var chunks = new Dictionary<int, (int, byte[])>();
        await using var command = Db.Command(connection, Chunks, run.Value);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            chunks.Add(row.GetInt32(0), (row.GetInt32(1), row.GetFieldValue<byte[]>(2)));
        return chunks;
    }

    private sealed class Reading : IDisposable
    {
        private readonly IncrementalHash content = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public int Lines { get; private set; }

        // False where the line is not what its own evidence says.
        public bool Add(KeptLine line)
        {
            var evidence = line.Grant.Evidence();
            Lines++;
            content.AppendData(evidence);
            return line.Evidence.AsSpan().SequenceEqual(evidence);
        }

        public bool Matches(byte[] kept) => content.GetHashAndReset().AsSpan().SequenceEqual(kept);

        public void Dispose() => content.Dispose();
    }
}
