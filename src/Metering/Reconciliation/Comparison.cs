using Guerdon.Pricing.Costing;

namespace Guerdon.Metering.Reconciliation;

/// <summary>How a window stands.</summary>
internal enum WindowState
{
    /// <summary>Booked and reported are the same.</summary>
    Balanced,

    /// <summary>They are, since calls were corrected.</summary>
    Corrected,

    /// <summary>They would be, were its estimated calls corrected.</summary>
    Correctable,

    /// <summary>It cannot be said yet.</summary>
    Open,

    /// <summary>They differ, and nothing known says why.</summary>
    Unexplained,
}

/// <summary>A model in one bucket, or in a few that calls lay across.</summary>
internal sealed record Compared(
    string Model, DateTime From, DateTime To, WindowState State, long Calls, IReadOnlyList<Estimate> Estimates,
    Usage Exact, Reported Reported, IReadOnlyList<string> Why, IReadOnlyList<Correction> Corrections)
{
    public Usage Booked => Exact.Plus(TokenClasses.Sum(Estimates.Select(e => e.Booked)));
    public Usage Corrected => TokenClasses.Sum(Estimates.Select(e => e.Now.Minus(e.Booked)));

    /// <summary>Reported is booked, corrected and this.</summary>
    public Usage Difference => Reported.Own.Minus(Booked).Minus(Corrected);
}

/// <summary>
/// Compares what was booked of each model with what was reported, bucket by bucket and class by class, without
/// tolerance. A provider may count a call when it begins or when it ends. So where a bucket does not match, and
/// calls lay across its edge, it is settled together with its neighbour, over three days at the most. No I/O.
/// </summary>
internal sealed class Comparison(
    IReadOnlyList<Span> spans, Journal journal, Func<Estimate, Usage, Priced?> price)
{
    private static readonly TimeSpan WidestWindow = TimeSpan.FromDays(3);

    /// <param name="reported">By model and place (from 1); what is not in it is reported as nothing.</param>
    public IReadOnlyList<Compared> Run(IReadOnlyDictionary<(string Model, int Place), Reported> reported)
    {
        var models = reported.Keys.Select(k => k.Model).Concat(journal.Exact.Select(e => e.Model))
            .Concat(journal.Estimates.Select(e => e.Model)).Distinct().Order(StringComparer.Ordinal);
        return [.. models.SelectMany(model => OfModel(
            model, [.. spans.Select((_, i) => reported.GetValueOrDefault((model, i + 1), Reported.Nothing))]))];
    }

    private IEnumerable<Compared> OfModel(string model, Reported[] reported)
    {
        var cells = Cells(model);
        for (var first = 0; first < spans.Count;)
        {
            var end = first + 1;
            for (; end < spans.Count && cells[end - 1].IsLinked; end++)
            {
                if (IsEven(cells[end - 1], reported[end - 1]) && IsEven(cells[end], reported[end])) break;
                if (spans[end].EndsAt - spans[first].StartsAt <= WidestWindow) continue;
                cells[end - 1].IsCut = cells[end].IsCut = true;
                break;
            }

            var window = cells[first..end];
            var said = reported[first..end].Aggregate((a, b) => a.Plus(b));
            var isNothing = window.All(c => c.Calls == 0 && c.Estimates.Count == 0)
                && said.Own.IsZero() && said.Others.IsZero() && said.OtherTokens == 0;
            if (!isNothing)
                yield return new Window(model, spans.Skip(first).Take(end - first), window, said).Judge(price);
            first = end;
        }
    }

    private Cell[] Cells(string model)
    {
        var cells = spans.Select(_ => new Cell()).ToArray();
        foreach (var use in journal.Exact.Where(e => e.Model == model))
        {
            if (use.First > 0) cells[use.First - 1].Add(use);
            if (use.Calls > 0) Cross(cells, use.First, use.Last);
        }

        foreach (var call in journal.Estimates.Where(e => e.Model == model))
        {
            if (call.First > 0) cells[call.First - 1].Estimates.Add(call);
            Cross(cells, call.First, call.Last);
        }

        foreach (var open in journal.Open.Where(o => o.Model == model && o.Place > 0))
            cells[open.Place - 1].Open += open.Calls;
        return cells;
    }

    // A call from one bucket into another joins them only where each that it passed was
    // reported; otherwise the edge is open.
    private void Cross(Cell[] cells, int first, int last)
    {
        if (first == last) return;
        var isWhole = first > 0 && last > first;
        for (var i = first; isWhole && i < last; i++) isWhole = spans[i - 1].EndsAt == spans[i].StartsAt;
        if (isWhole)
        {
            for (var i = first; i < last; i++) cells[i - 1].IsLinked = true;
            return;
        }

        if (first > 0) cells[first - 1].IsCut = true;
        if (last > 0) cells[last - 1].IsCut = true;
    }

    private static bool IsEven(Cell cell, Reported reported) => reported.Own.Minus(cell.Sum()).IsZero();
}

/// <summary>What was booked of a model in one bucket.</summary>
internal sealed class Cell
{
    public Usage Exact { get; private set; }
    public long Calls { get; private set; }
    public long Open { get; set; }
    public List<Estimate> Estimates { get; } = [];

    /// <summary>Calls lay across its end, into the bucket after it.</summary>
    public bool IsLinked { get; set; }

    /// <summary>Calls lay across an edge to time that is not reported, or not in the same window.</summary>
    public bool IsCut { get; set; }

    public void Add(ExactUse use)
    {
        Exact = Exact.Plus(use.Usage);
        Calls += use.Calls;
    }

    /// <summary>As it is known now.</summary>
    public Usage Sum() => Exact.Plus(TokenClasses.Sum(Estimates.Select(e => e.Now)));
}
