using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Metering.Reconciliation;

/// <summary>Where a report is from, and whose keys it is over.</summary>
internal sealed record ReportSource(string Provider, string Name, IReadOnlyList<string> Own, string By);

/// <summary>A bucket as it holds now.</summary>
internal sealed record StoredBucket(
    ReportBucket Bucket, ReportId Report, byte[] Content, IReadOnlyList<string> Own, DateTime ImportedAt);

/// <summary>Reports in the database. A bucket whose figures a provider revised is saved as a further version.</summary>
internal static class ReportStore
{
    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition
            .WhenWritingDefault
        };

    private const string Find = """
        select starts_at, ends_at, report_id, content, lines, own, imported_at
          from metering.v_report_bucket
         where provider = $1 and kind = $2 and starts_at < $4 and ends_at > $3
         order by starts_at, ends_at
        """;

    private const string InsertReport = """
        insert into metering.report (report_id, provider, kind, name, own, imported_by, imported_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        """;

    private const string InsertBucket = """
        insert into metering.report_bucket (provider, kind, starts_at, ends_at, version, report_id, content, lines)
        select $1, $2, $3, $4, coalesce(max(version), 0) + 1, $5, $6, $7::jsonb
          from metering.report_bucket
         where provider = $1 and kind = $2 and starts_at = $3 and ends_at = $4
        """;

    /// <summary>Steps: 1 one import of a provider at a time, 2 what is saved so far, 3 no two widths for the same
    /// time, 4 what is new or was revised.</summary>
    /// <returns>Counts of buckets, or why nothing was saved.</returns>
    public static async Task<Result<(int New, int Revised, int Same)>> SaveAsync(
        NpgsqlDataSource db, ProviderReport report, ReportSource source, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await Locks.InTransactionAsync(connection, $"metering.report {source.Provider}", ct); // 1

        var (first, until) = (report.Buckets[0].StartsAt, report.Buckets[^1].EndsAt); // 2
        var kept = await ReadAsync(connection, source.Provider, report.Kind!, (first, until), ct);
        if (Overlap(report.Buckets, kept) is { } overlap) return overlap; // 3

        var before = kept.ToDictionary(k => (k.Bucket.StartsAt, k.Bucket.EndsAt)); // 4
        var now = clock.GetUtcNow();
        var id = Id.New<ReportId>(clock);
        var (added, revised) = (0, 0);
        foreach (var bucket in report.Buckets)
        {
            var (content, lines) = ContentOf(bucket, source.Own);
            var isKnown = before.TryGetValue((bucket.StartsAt, bucket.EndsAt), out var had);
            // The figures may be the same, but the bucket is over now: only from now on are they those of all of it.
            var isFirstWhole = isKnown && had!.ImportedAt < bucket.EndsAt && now >= bucket.EndsAt;
            if (isKnown && !isFirstWhole && had!.Content.AsSpan().SequenceEqual(content)) continue;
            if (added + revised == 0)
                await RunAsync(InsertReport, id.Value, source.Provider, report.Kind!, source.Name,
                    source.Own.ToArray(), source.By, now);
            await RunAsync(InsertBucket, source.Provider, report.Kind!, bucket.StartsAt, bucket.EndsAt, id.Value,
                content, lines);
            if (isKnown) revised++;
            else added++;
        }

        await transaction.CommitAsync(ct);
        return (added, revised, report.Buckets.Count - added - revised);

        Task RunAsync(string sql, params object[] values) => connection.ExecuteAsync(sql, values, ct);
    }

    /// <summary>The buckets of a provider that touch a span of time, as they hold now.</summary>
    public static async Task<IReadOnlyList<StoredBucket>> ReadAsync(
        NpgsqlConnection connection, string provider, string kind, (DateTime From, DateTime Until) span,
        CancellationToken ct) =>
        await connection.ReadAsync(
            Find,
            row => new StoredBucket(
                new(row.Get<DateTime>("starts_at"), row.Get<DateTime>("ends_at"),
                    JsonSerializer.Deserialize<List<ReportLine>>(row.Text("lines"), Json)!),
                row.Id<ReportId>("report_id"), row.Bytes("content"), row.Get<string[]>("own"),
                row.Get<DateTime>("imported_at")),
            [provider, kind, span.From, span.Until], ct);

    private static Refused? Overlap(IReadOnlyList<ReportBucket> buckets, IReadOnlyList<StoredBucket> kept)
    {
        foreach (var bucket in buckets)
        {
            var other = kept.FirstOrDefault(k => k.Bucket.StartsAt < bucket.EndsAt && k.Bucket.EndsAt > bucket.StartsAt
                && (k.Bucket.StartsAt, k.Bucket.EndsAt) != (bucket.StartsAt, bucket.EndsAt));
            if (other is not null)
                return MeteringRefusals.ReportOverlaps.With(
                    $"{Wording.Utc(bucket.StartsAt)} to {Wording.Utc(bucket.EndsAt)} lies across "
                    + $"{Wording.Utc(other.Bucket.StartsAt)} to {Wording.Utc(other.Bucket.EndsAt)}, which was imported "
                    + "before.");
        }

        return null;
    }

    // Sorted, because providers promise no order of the lines in a bucket.
    private static (byte[] Content, string Lines) ContentOf(ReportBucket bucket, IReadOnlyList<string> own)
    {
        var lines = bucket.Lines.Select(l => JsonSerializer.Serialize(l, Json)).Order(StringComparer.Ordinal).ToList();
        var text = $"[{string.Join(",\n", lines)}]";
        var ids = string.Join('\n', own.Order(StringComparer.Ordinal));
        return (SHA256.HashData(Encoding.UTF8.GetBytes($"{text}\n{ids}")), text);
    }
}
