using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Metering.UsageImports;
using Guerdon.Pricing.Book;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Metering.Reconciliation;

/// <summary>
/// Says which estimated calls a provider's reports would correct, and by how much, and saves that to be applied.
/// Nothing is charged or given back. The same again, while it waits, is the same reconciliation.
/// </summary>
internal static class PreviewCorrections
{
    internal const int MostCorrections = 10_000;

    /// <param name="Provider">As requests name it.</param>
    /// <param name="From">First day (UTC); null: 35 days with the last.</param>
    /// <param name="To">Last day; null: today.</param>
    public sealed record Request(string? Provider, DateOnly? From = null, DateOnly? To = null);

    /// <param name="Id">To apply; null where there is nothing to correct.</param>
    /// <param name="Added">False where it was shown before and waits.</param>
    /// <param name="Provider">Whose reports.</param>
    /// <param name="From">First day.</param>
    /// <param name="To">Last day.</param>
    /// <param name="RefundMilli">What goes back to wallets, in milli-tokens.</param>
    /// <param name="ChargeMilli">What wallets are charged further, as far as they have it.</param>
    /// <param name="Windows">All that do not come out; none in works-council mode.</param>
    /// <param name="Corrections">Call by call; none in works-council mode.</param>
    public sealed record Reply(
        ReconciliationId? Id, bool Added, string Provider, DateOnly From, DateOnly To, long RefundMilli,
        long ChargeMilli, IReadOnlyList<WindowLine> Windows, IReadOnlyList<Line> Corrections);

    /// <param name="Wallet">Who pays.</param>
    /// <param name="Request">Which call.</param>
    /// <param name="StartedAt">When it began.</param>
    /// <param name="Model">By the price book's name.</param>
    /// <param name="Was">Its tokens as they are known now.</param>
    /// <param name="Becomes">Its share of what was reported.</param>
    /// <param name="ChargedMilli">What the wallet has paid for it.</param>
    /// <param name="DueMilli">What it should have paid.</param>
    public sealed record Line(
        WalletId Wallet, RequestId Request, DateTimeOffset StartedAt, string Model, ImportUsage.Totals Was,
        ImportUsage.Totals Becomes, long ChargedMilli, long DueMilli);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        Request request, ClaimsPrincipal caller, NpgsqlDataSource db, PriceBook book, TimeProvider clock,
        CancellationToken ct)
    {
        var named = ScopeOf.Read(request.Provider, request.From, request.To, clock);
        if (!named.Is(out var scope, out var no)) return no.ToProblem();

        await book.ReloadAsync(ct);
        await using var connection = await db.OpenConnectionAsync(ct);
        if (await Reconciler.RunAsync(connection, book, scope, ct) is not { } outcome)
            return MeteringRefusals.TooManyEstimates.ToProblem(
                $"More than {JournalReader.MostEstimates:#,0} calls were estimated in these days.");
        if (outcome.Corrections.Count > MostCorrections)
            return MeteringRefusals.TooManyEstimates.ToProblem(
                $"{outcome.Corrections.Count:#,0} calls would be corrected.");

        var (id, added) = outcome.Corrections.Count == 0
            ? ((ReconciliationId?)null, false)
            : await ReconciliationStore.AddAsync(db, scope, outcome, (Actor.Of(caller), clock), ct);
        var reply = ReplyOf(id, added, scope, outcome);
        return TypedResults.Ok(Access.IsGroupsOnly(caller) ? reply with { Windows = [], Corrections = [] } : reply);
    }

    private static Reply ReplyOf(ReconciliationId? id, bool added, Scope scope, Reconciled outcome)
    {
        var lines = LinesOf(outcome);
        return new(
            id, added, scope.Provider, scope.From, scope.To,
            lines.Sum(l => Math.Max(0, l.ChargedMilli - l.DueMilli)),
            lines.Sum(l => Math.Max(0, l.DueMilli - l.ChargedMilli)), WindowsOf(scope, outcome), lines);
    }

    /// <summary>What would be corrected, call by call, in the order in which they began.</summary>
    internal static IReadOnlyList<Line> LinesOf(Reconciled outcome) =>
    [
        .. outcome.Corrections.OrderBy(c => c.Call.StartedAt).ThenBy(c => c.Call.Id.Value).Select(c => new Line(
            c.Call.Wallet, c.Call.Id, c.Call.StartedAt, c.Call.Model, WindowLine.TotalsOf(c.Call.Now),
            WindowLine.TotalsOf(c.Usage), c.Call.NowCharged.Milli, c.Due.Milli)),
    ];

    /// <summary>All windows that do not come out.</summary>
    internal static IReadOnlyList<WindowLine> WindowsOf(Scope scope, Reconciled outcome) =>
    [
        .. outcome.Windows.Where(w => w.State is not (WindowState.Balanced or WindowState.Corrected))
            .Select(w => WindowLine.Of(scope.Provider, w)),
    ];
}
