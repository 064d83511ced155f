using System.Globalization;
using Guerdon.Pricing.Costing;

namespace Guerdon.Metering.Reconciliation;

/// <summary>
/// Says how a model stands in a window, and what its estimated calls are corrected to. In this order: it matches; it
/// cannot be said yet; what remains after the certain calls cannot be the estimated ones'; it is theirs.
/// </summary>
internal sealed class Window(string model, IEnumerable<Span> spans, IReadOnlyList<Cell> cells, Reported reported)
{
    private readonly List<Span> _spans = [.. spans];
    private readonly List<Estimate> _estimates = [.. cells.SelectMany(c => c.Estimates)];
    private readonly Usage _exact = TokenClasses.Sum(cells.Select(c => c.Exact));
    private readonly long _calls = cells.Sum(c => c.Calls);

    private DateTime From => _spans[0].StartsAt;
    private DateTime To => _spans[^1].EndsAt;

    public Compared Judge(Func<Estimate, Usage, Priced?> price)
    {
        var now = _exact.Plus(TokenClasses.Sum(_estimates.Select(e => e.Now)));
        if (reported.Own.Minus(now).IsZero() && reported.OtherTokens == 0)
            return Is(_estimates.Any(e => e.Version > 0) ? WindowState.Corrected : WindowState.Balanced);

        var why = NotYet().ToList();
        if (why.Count > 0) return Is(WindowState.Open, why);

        why = [.. NotTheirs()];
        if (why.Count > 0) return Is(WindowState.Unexplained, why);

        var corrections = Correct(price);
        if (corrections is null)
            return Is(WindowState.Unexplained, ["The price book has no price for the calls that were estimated."]);
        return BeyondHolds(corrections) is { } beyond
            ? Is(WindowState.Unexplained, [beyond])
            : Is(WindowState.Correctable, [Theirs()], [.. corrections.Where(IsNews)]);
    }

    private Compared Is(
        WindowState state, IReadOnlyList<string>? why = null, IReadOnlyList<Correction>? corrections = null) => new(
        model, From, To, state, _calls, _estimates, _exact, reported, why ?? [], corrections ?? []);

    private IEnumerable<string> NotYet()
    {
        if (_spans.Any(s => !s.IsOver))
            yield return "The report was read before its time was over; fetch and import it again.";
        if (cells.Sum(c => c.Open) is > 0 and var open)
            yield return $"{open:#,0} calls are in flight, or not booked yet.";
        if (cells.Any(c => c.IsCut))
            yield return "Calls lay across its edge and may lie in the neighbouring bucket; import the report of the "
                + "days before and after it too.";
    }

    private IEnumerable<string> NotTheirs()
    {
        if (reported.OtherTokens > 0)
            yield return $"{reported.OtherTokens:#,0} tokens are of classes that are not compared, such as audio.";
        if (reported.Calls > _calls + _estimates.Count)
            yield return $"{reported.Calls:#,0} calls are reported and {_calls + _estimates.Count:#,0} booked: another "
                + "key of the organisation may have made them.";
        var left = reported.Own.Minus(_exact);
        foreach (var c in TokenClasses.All.Where(c => c.Of(left) < 0))
            yield return $"{c.Of(_exact):#,0} tokens of {c.Name} are booked from the provider's own answers, "
                + $"{c.Of(reported.Own):#,0} reported.";
        if (_estimates.Count == 0 && !left.IsZero())
            yield return _calls == 0
                ? "Nothing of it is booked: another key of the organisation may have used it."
                : "Every call booked was settled by the provider's own answer, so the rest is another's.";
    }

    private string Theirs() => string.Create(CultureInfo.InvariantCulture,
        $"{_estimates.Count:#,0} calls were estimated; what is reported beyond the certain ones is theirs.");

    // Input in proportion to estimated input, output to estimated output. A call of a dead node has no estimate of its
    // own, so where there is one, all shares go by what the calls were booked at.
    private List<Correction>? Correct(Func<Estimate, Usage, Priced?> price)
    {
        var left = reported.Own.Minus(_exact);
        var hasLost = _estimates.Any(e => e.Booked.IsZero() && e.BookedCost.Milli > 0);
        var shares = TokenClasses.All.ToDictionary(c => c, c => Shares.Of(
            c.Of(left), [.. _estimates.Select(e => (e.Id.Value, Weight(e, c, hasLost)))]));
        var reason = string.Create(CultureInfo.InvariantCulture,
            $"reported for {model}, {From:yyyy-MM-dd HH:mm} to {To:yyyy-MM-dd HH:mm} UTC");
        var report = _spans.MaxBy(s => s.Report.Value)!.Report;
        var corrections = new List<Correction>(_estimates.Count);
        for (var i = 0; i < _estimates.Count; i++)
        {
            var (row, call) = (i, _estimates[i]);
            var usage = TokenClasses.Each(c => shares[c][row]);
            usage = usage with { Reasoning = Math.Min(call.Booked.Reasoning, usage.Output) };
            if (price(call, usage) is not { } priced) return null;
            corrections.Add(new(call, usage, priced, report, reason));
        }

        return corrections;
    }

    private static long Weight(Estimate call, TokenClass c, bool byCost) =>
        byCost ? call.BookedCost.Milli : c.IsInput ? call.Booked.TotalInput : call.Booked.Output;

    // A call can never cost more than its hold, so more than that must be another key's. A free call has no hold.
    private static string? BeyondHolds(List<Correction> corrections)
    {
        if (corrections.Any(c => c.Call.Held.Milli == 0)) return null;
        var (cost, held) = (corrections.Sum(c => c.Priced.Cost.Charge.Milli), corrections.Sum(c => c.Call.Held.Milli));
        return cost <= held ? null
            : $"What is left would cost {new Kernel.Tokens(cost)} tokens, more than the {new Kernel.Tokens(held)} that "
                + "the estimated calls could: another key of the organisation may have used it.";
    }

    private static bool IsNews(Correction c) =>
        c.Usage != c.Call.Now with { Reasoning = c.Usage.Reasoning }
        || c.Priced.Cost.Money.Nanos != c.Call.NowCostNanos;
}
