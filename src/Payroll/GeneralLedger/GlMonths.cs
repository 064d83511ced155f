using System.Runtime.CompilerServices;
using Guerdon.Kernel;
using Guerdon.Ledger.Transfers;

namespace Guerdon.Payroll.GeneralLedger;

/// <summary>
/// The general ledger as it is written in works-council mode: what was used, or was left of a grant, once for a month,
/// kind and tax class, of the whole company and without cost centre. A cost centre may be one person, and its months
/// beside the team's tell more than either. What is pay stays as it is, entry by entry.
/// </summary>
internal static class GlMonths
{
    // Their amounts tell what somebody used, or did not.
    private static readonly HashSet<string> OfUse =
    [
        .. ((TransferKind[])
        [
            TransferKind.Settle, TransferKind.Spend, TransferKind.Refund, TransferKind.Expire, TransferKind.Lapse,
            TransferKind.Revoke,
        ]).Select(kind => kind.ToString().ToLowerInvariant()),
    ];

    /// <summary>Why a span is not taken, since others could be taken from it; null: it is.</summary>
    /// <param name="from">First day.</param>
    /// <param name="to">The day after the last.</param>
    /// <param name="today">Where pay is run.</param>
    public static string? Wrong(DateOnly from, DateOnly to, DateOnly today) =>
        from.Day == 1 && to.Day == 1 && to < today ? null
            : "In works-council mode from and to are first days of months, and to is past.";

    /// <param name="entries">In the order of their days.</param>
    /// <param name="zone">Where months end.</param>
    /// <param name="ct">Stops it.</param>
    public static async IAsyncEnumerable<GlEntry> Of(
        IAsyncEnumerable<GlEntry> entries, TimeZoneInfo zone, [EnumeratorCancellation] CancellationToken ct)
    {
        var (sums, month) = (new Dictionary<(string Kind, string TaxClass), Sum>(), default(DateOnly));
        await foreach (var entry in entries.WithCancellation(ct))
        {
            var first = new DateOnly(entry.Day.Year, entry.Day.Month, 1);
            if (first != month)
                foreach (var whole in Take(sums, month, zone)) yield return whole;
            month = first;
            if (!OfUse.Contains(entry.Kind)) yield return entry;
            else if (sums.TryGetValue((entry.Kind, entry.TaxClass), out var sum)) sum.Add(entry.Postings);
            else sums.Add((entry.Kind, entry.TaxClass), Sum.Of(entry.Postings));
        }

        foreach (var whole in Take(sums, month, zone)) yield return whole;
    }

    private static List<GlEntry> Take(
        Dictionary<(string Kind, string TaxClass), Sum> sums, DateOnly month, TimeZoneInfo zone)
    {
        if (sums.Count == 0) return [];
        var next = month.AddMonths(1);
        List<GlEntry> entries =
        [
            .. sums.OrderBy(one => one.Key.Kind, StringComparer.Ordinal)
                .ThenBy(one => one.Key.TaxClass, StringComparer.Ordinal).Select(one => new GlEntry(
                next.AddDays(-1), ZoneDays.StartOf(next, zone).AddTicks(-TimeSpan.TicksPerMicrosecond),
                $"{month:yyyy-MM}", null, 0, one.Key.Kind, one.Key.TaxClass, "", one.Value.Postings)),
        ];
        sums.Clear();
        return entries;
    }

    // By account and commodity: as balanced as what was added.
    private sealed class Sum
    {
        private readonly Dictionary<(string Account, string Commodity), long> _amounts = [];

        public IReadOnlyList<GlPosting> Postings =>
        [
            .. _amounts.Where(one => one.Value != 0).OrderBy(one => one.Key.Account, StringComparer.Ordinal)
                .ThenBy(one => one.Key.Commodity, StringComparer.Ordinal)
                .Select(one => new GlPosting(one.Key.Account, one.Key.Commodity, one.Value)),
        ];

        public static Sum Of(IReadOnlyList<GlPosting> postings)
        {
            var sum = new Sum();
            sum.Add(postings);
            return sum;
        }

        public void Add(IReadOnlyList<GlPosting> postings)
        {
            foreach (var (account, commodity, amount) in postings)
                _amounts[(account, commodity)] =
                    checked(_amounts.GetValueOrDefault((account, commodity)) + amount);
        }
    }
}
