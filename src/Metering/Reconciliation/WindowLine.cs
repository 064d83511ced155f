using Guerdon.Metering.UsageImports;
using Guerdon.Pricing.Costing;

namespace Guerdon.Metering.Reconciliation;

/// <summary>
/// A model in one bucket, or in neighbouring ones that calls lay across. Class by class, reported is booked, corrected
/// and unexplained.
/// </summary>
/// <param name="Provider">As requests name it.</param>
/// <param name="Model">By the price book's name.</param>
/// <param name="From">First instant.</param>
/// <param name="To">The first instant after it.</param>
/// <param name="State">How it stands; <c>open</c>: it cannot be said yet.</param>
/// <param name="Calls">Booked, those without usage left out.</param>
/// <param name="Estimated">How many of them were estimated.</param>
/// <param name="ReportedCalls">Null where the provider does not count them.</param>
/// <param name="Booked">As calls were booked first.</param>
/// <param name="Corrected">What corrections have made of it since.</param>
/// <param name="Reported">Of Guerdon's keys.</param>
/// <param name="Unexplained">What is left; where it is correctable, what corrections would take away.</param>
/// <param name="OtherKeys">Reported of other keys of the organisation, and of batches; not compared.</param>
/// <param name="Why">Why it is in that state.</param>
internal sealed record WindowLine(
    string Provider, string Model, DateTimeOffset From, DateTimeOffset To, string State, long Calls, long Estimated,
    long? ReportedCalls, ImportUsage.Totals Booked, ImportUsage.Totals Corrected, ImportUsage.Totals Reported,
    ImportUsage.Totals Unexplained, ImportUsage.Totals OtherKeys, IReadOnlyList<string> Why)
{
    internal static WindowLine Of(string provider, Compared w) => new(
        provider, w.Model, w.From, w.To, w.State.ToString().ToLowerInvariant(), w.Calls + w.Estimates.Count,
        w.Estimates.Count, w.Reported.Calls, TotalsOf(w.Booked), TotalsOf(w.Corrected), TotalsOf(w.Reported.Own),
        TotalsOf(w.Difference), TotalsOf(w.Reported.Others), w.Why);

    internal static ImportUsage.Totals TotalsOf(Usage usage) =>
        new(usage.Input, usage.CachedInput, usage.CacheWrite5m, usage.CacheWrite1h, usage.Output);
}
