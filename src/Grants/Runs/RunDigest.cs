using Guerdon.Approvals;
using Guerdon.Kernel;
using Npgsql;

namespace Guerdon.Grants.Runs;

/// <summary>
/// The digest that an approval names: SHA-256 over a run's plan as it was applied, its sums and its chunks, each with
/// the SHA-256 over its lines (<c>compensation.run_digest</c>). People see it as 64 hexadecimal digits.
/// </summary>
internal static class RunDigest
{
    private static readonly NamedDigest Named = new(GrantRefusals.RunDigestNeeded, GrantRefusals.RunDigestDiffers);

    private const string Chunks =
        "select chunk, asset, lines, total_milli, content from compensation.grant_chunk where run_id = $1";

    public static string Text(byte[] digest) => Convert.ToHexStringLower(digest);

    /// <summary>Why what is named is not what would be posted, or null.</summary>
    /// <param name="run">Which run.</param>
    /// <param name="state">As it is, locked.</param>
    /// <param name="named">What the approver names; null: nothing.</param>
    public static Refused? Differs(RunId run, RunState state, string? named)
    {
        var now = Text(state.Now);
        if (!state.Now.AsSpan().SequenceEqual(state.Content))
            return GrantRefusals.RunChanged.With(
                $"{run} was prepared with the digest {Text(state.Content)}, and has the digest {now} now.");
        return Named.Check($"{run}", now, named);
    }

    /// <summary>Why the lines are not those that were prepared, or their sums not those that are shown; null: they are.
    /// Lines pass one by one; a hash for each asset is all that is held.</summary>
    public static async Task<Refused?> LinesDifferAsync(
        NpgsqlConnection connection, RunId run, RunState state, CancellationToken ct)
    {
        var chunks = await StoredChunk.ReadAsync(connection, Chunks, [run.Value], row => row.Int4("chunk"), ct);
        var open = new Dictionary<int, ChunkContent>();
        var (lines, milli, nanos) = (0, Int128.Zero, Int128.Zero);
        try
        {
            await foreach (var (chunk, line) in GrantLines.OfRunAsync(connection, run, ct))
            {
                if (!chunks.TryGetValue(chunk, out var kept)) return Changed(chunk);
                if (!open.TryGetValue(chunk, out var reading)) open[chunk] = reading = new ChunkContent();
                if (!reading.Add(line)) return Changed(chunk);
                lines++;
                milli += line.Grant.Amount.Tokens.Milli;
                nanos += line.Grant.Amount.Money.Nanos;
                if (reading.Lines < kept.Lines) continue;
                if (!kept.Is(reading)) return Changed(chunk);
                reading.Dispose();
                open.Remove(chunk);
                chunks.Remove(chunk); // whatever comes after its last line is one too many
            }
        }
        finally
        {
            foreach (var reading in open.Values) reading.Dispose();
        }

        if (chunks.Count > 0) return Changed(chunks.Keys.Min());
        return lines == state.Lines && milli == state.Totals.Milli && nanos == state.Totals.UsdNanos ? null
            : GrantRefusals.RunChanged.With($"The lines of {run} do not add up to the sums that it shows.");

        Refused Changed(int chunk) => GrantRefusals.RunChanged.With(
            $"The lines in chunk {chunk} of {run} are not those that were prepared.");
    }
}
