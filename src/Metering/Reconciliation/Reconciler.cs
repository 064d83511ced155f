using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;
using Npgsql;

namespace Guerdon.Metering.Reconciliation;

/// <summary>What is compared: a provider in a span of days (UTC), both included.</summary>
internal sealed record Scope(string Provider, DateOnly From, DateOnly To)
{
    public (DateTime From, DateTime Until) Span => (
        From.ToDateTime(default, DateTimeKind.Utc), To.AddDays(1).ToDateTime(default, DateTimeKind.Utc));
}

/// <summary>A comparison of usage, made.</summary>
/// <param name="Windows">By model and time.</param>
/// <param name="Corrections">Of all windows.</param>
internal sealed record Reconciled(IReadOnlyList<Compared> Windows, IReadOnlyList<Correction> Corrections)
{
    /// <summary>SHA-256 of what would be corrected: it differs where calls, reports or prices do.</summary>
    public byte[] Content()
    {
        var text = new StringBuilder();
        foreach (var c in Corrections.OrderBy(c => c.Call.Id.Value))
        {
            text.Append(CultureInfo.InvariantCulture, $"{c.Call.Id} {c.Call.Version} {c.Priced.PriceId} ");
            text.Append(CultureInfo.InvariantCulture, $"{c.Priced.Cost.Money.Nanos} {c.Due.Milli} {c.Report}");
            foreach (var tokens in TokenClasses.All)
                text.Append(CultureInfo.InvariantCulture, $" {tokens.Of(c.Usage)}");
            text.Append('\n');
        }

        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>Whether it would correct what was shown, and nothing else.</summary>
    public bool IsStill(StoredReconciliation shown) => Content().AsSpan().SequenceEqual(shown.Content);
}

/// <summary>Compares the saved reports with what is booked. Reads only.</summary>
internal static class Reconciler
{
    /// <returns>Null where more calls were estimated than one comparison takes.</returns>
    public static async Task<Reconciled?> RunAsync(
        NpgsqlConnection connection, PriceBook book, Scope scope, CancellationToken ct)
    {
        var kept = await ReportStore.ReadAsync(connection, scope.Provider, ReportFile.OfUsage, scope.Span, ct);
        if (kept.Count == 0) return new([], []);

        var spans = kept.Select(k => new Span(
            k.Bucket.StartsAt, k.Bucket.EndsAt, k.ImportedAt >= k.Bucket.EndsAt, k.Report)).ToList();
        var reader = new JournalReader(connection, book, scope.Provider);
        if (await reader.ReadAsync(spans, ct) is not { } journal) return null;

        var reported = new Dictionary<(string, int), Reported>();
        for (var place = 1; place <= kept.Count; place++)
            foreach (var line in kept[place - 1].Bucket.Lines)
            {
                var key = (reader.ModelOf(line.Model ?? NoModel, spans[^1].EndsAt), place);
                var said = ReportedOf(line, line.IsOwn(kept[place - 1].Own));
                reported[key] = reported.TryGetValue(key, out var before) ? before.Plus(said) : said;
            }

        var windows = new Comparison(spans, journal, (call, usage) => PriceOf(book, call, usage)).Run(reported);
        return new(windows, [.. windows.SelectMany(w => w.Corrections)]);
    }

    /// <summary>Stands for a report that is not by model; nothing is booked under it.</summary>
    public const string NoModel = "(no model)";

    private static Reported ReportedOf(ReportLine line, bool isOwn) => isOwn
        ? new(line.Usage(), default, line.Requests, line.OtherTokens)
        : new(default, line.Usage(), 0, 0);

    // A call of a dead node has no row of its own, so it is priced at the one that was in force when it began.
    private static Priced? PriceOf(PriceBook book, Estimate call, Usage usage)
    {
        var price = call.PriceId is { } id ? book.FindRow(id) : book.Find(call.Called, call.StartedAt);
        if (price is null) return null;
        var worth = call.TokenValueNanos > 0 ? call.TokenValueNanos : book.TokenValueAt(call.StartedAt);
        return new(price.Id, worth, Cost.Of(price, usage, worth));
    }
}
