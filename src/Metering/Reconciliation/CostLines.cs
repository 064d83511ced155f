using Guerdon.Pricing.Book;
using Npgsql;

namespace Guerdon.Metering.Reconciliation;

/// <summary>Money: what cost reports say of each model and bucket, beside what calls cost by the price book.</summary>
internal static class CostLines
{
    public static async Task<IReadOnlyList<ShowReconciliation.CostLine>> ReadAsync(
        NpgsqlConnection connection, PriceBook book, Scope scope, CancellationToken ct)
    {
        var kept = await ReportStore.ReadAsync(connection, scope.Provider, ReportFile.OfCost, scope.Span, ct);
        if (kept.Count == 0) return [];

        var reader = new JournalReader(connection, book, scope.Provider);
        var booked = await reader.CostsAsync([.. kept.Select(k => k.Bucket)], ct);
        var reported = new Dictionary<(string Model, int Place), (long Own, long Others)>();
        for (var place = 1; place <= kept.Count; place++)
            foreach (var line in kept[place - 1].Bucket.Lines)
            {
                var model = line.Model is { } named
                    ? reader.ModelOf(named, kept[place - 1].Bucket.EndsAt) : line.Item ?? Reconciler.NoModel;
                var (own, others) = reported.GetValueOrDefault((model, place));
                reported[(model, place)] = line.IsOwn(kept[place - 1].Own)
                    ? (own + line.AmountNanos, others) : (own, others + line.AmountNanos);
            }

        return
        [
            .. booked.Keys.Union(reported.Keys).OrderBy(k => k.Place).ThenBy(k => k.Model, StringComparer.Ordinal)
                .Select(k => Line(
                    scope.Provider, k.Model, kept[k.Place - 1].Bucket, booked.GetValueOrDefault(k),
                    reported.GetValueOrDefault(k))),
        ];
    }

    private static ShowReconciliation.CostLine Line(
        string provider, string model, ReportBucket bucket, long booked, (long Own, long Others) reported) => new(
        provider, model, bucket.StartsAt, bucket.EndsAt, booked, reported.Own, reported.Own - booked, reported.Others);
}
