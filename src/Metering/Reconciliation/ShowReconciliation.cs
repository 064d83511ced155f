using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;
using Guerdon.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Metering.Reconciliation;

/// <summary>
/// What providers report beside what is booked, bucket by bucket, and what nobody can explain. Sums over all people; no
/// person is in it.
/// </summary>
internal static class ShowReconciliation
{
    private const string ProvidersSql = """
        select distinct provider from metering.v_report_bucket where starts_at < $2 and ends_at > $1 order by provider
        """;

    /// <param name="From">First day (UTC).</param>
    /// <param name="To">Last day.</param>
    /// <param name="Totals">Of each provider; windows that are open count in them too.</param>
    /// <param name="Windows">By provider, model and time; none in works-council mode.</param>
    /// <param name="Costs">Money, by provider, bucket and model; none in works-council mode.</param>
    public sealed record Reply(
        DateOnly From, DateOnly To, IReadOnlyList<Total> Totals, IReadOnlyList<WindowLine> Windows,
        IReadOnlyList<CostLine> Costs);

    /// <summary>Tokens of all classes, windows by their state, and money in nano-USD. Reported is booked, corrected and
    /// unexplained.</summary>
    public sealed record Total(
        string Provider, long BookedTokens, long CorrectedTokens, long ReportedTokens, long UnexplainedTokens,
        int Windows, int Correctable, int Open, int Unexplained, long BookedNanos, long ReportedNanos,
        long DifferenceNanos);

    /// <summary>
    /// Nano-USD of a model, or of what else is billed, in one bucket. Booked is by the price book, after corrections;
    /// the difference is reported less booked. Where the usage matches, the difference is one of prices.
    /// </summary>
    public sealed record CostLine(
        string Provider, string Model, DateTimeOffset From, DateTimeOffset To, long BookedNanos, long ReportedNanos,
        long DifferenceNanos, long OtherKeysNanos);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string? provider, DateOnly? from, DateOnly? to, ClaimsPrincipal caller, [AsParameters] Tools tools,
        CancellationToken ct)
    {
        var (db, book, clock) = tools;
        var isGroupsOnly = Access.IsGroupsOnly(caller);
        var scoped = isGroupsOnly ? ScopeOf.ReadMonths(provider ?? "all", from, to, clock)
            : ScopeOf.Read(provider ?? "all", from, to, clock);
        if (!scoped.Is(out var asked, out var no)) return no.ToProblem();

        await book.ReloadAsync(ct);
        await using var connection = await db.OpenConnectionAsync(ct);
        var providers = provider is null ? await ProvidersAsync(connection, asked, ct) : [provider];
        var (totals, windows, costs) = (new List<Total>(), new List<WindowLine>(), new List<CostLine>());
        foreach (var name in providers)
        {
            var scope = asked with { Provider = name };
            if (await Reconciler.RunAsync(connection, book, scope, ct) is not { } outcome)
                return MeteringRefusals.TooManyEstimates.ToProblem(
                    $"More than {JournalReader.MostEstimates:#,0} calls of {name} were estimated in these days.");
            var money = await CostLines.ReadAsync(connection, book, scope, ct);
            if (outcome.Windows.Count + money.Count > 0) totals.Add(TotalOf(name, outcome.Windows, money));
            if (isGroupsOnly) continue; // an hour of a model may be one person's
            windows.AddRange(outcome.Windows.Select(w => WindowLine.Of(name, w)));
            costs.AddRange(money);
        }

        return TypedResults.Ok(new Reply(asked.From, asked.To, totals, windows, costs));
    }

    /// <summary>What it takes.</summary>
    internal sealed record Tools(NpgsqlDataSource Db, PriceBook Book, TimeProvider Clock);

    private static Task<List<string>> ProvidersAsync(NpgsqlConnection connection, Scope scope, CancellationToken ct) =>
        connection.ReadAsync(
            ProvidersSql, row => row.Text("provider"), [scope.Span.From, scope.Span.Until], ct);

    private static Total TotalOf(string provider, IReadOnlyList<Compared> windows, IReadOnlyList<CostLine> costs)
    {
        long Sum(Func<Compared, Usage> usage) => windows.Sum(w => usage(w).Total);
        int Of(WindowState state) => windows.Count(w => w.State == state);
        return new(
            provider, Sum(w => w.Booked), Sum(w => w.Corrected), Sum(w => w.Reported.Own), Sum(w => w.Difference),
            windows.Count, Of(WindowState.Correctable), Of(WindowState.Open), Of(WindowState.Unexplained),
            costs.Sum(c => c.BookedNanos), costs.Sum(c => c.ReportedNanos), costs.Sum(c => c.DifferenceNanos));
    }
}
