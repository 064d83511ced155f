using System.Security.Claims;
using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;
using Guerdon.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Pricing.Proposals;

/// <summary>
/// Puts a proposal's prices into the book, from an instant on that is not past: somebody other than whoever
/// imported them. Once: approving again changes nothing more. What was booked, and what is under way, keeps
/// the price it began with.
/// </summary>
internal static class ApproveProposal
{
    private static readonly string RowsAt = Sql.Read("Pricing/Proposals/RowsAt.sql");

    /// <param name="From">The first instant of its prices; null: now.</param>
    /// <param name="AcceptOutliers">Take prices that look wrong.</param>
    /// <param name="Alone">The only administrator says that they approve what they imported themselves.</param>
    public sealed record Request(DateTimeOffset? From = null, bool AcceptOutliers = false, bool Alone = false);

    /// <param name="Proposal">As it is decided.</param>
    /// <param name="Done">False where it was approved before.</param>
    public sealed record Reply(Proposal Proposal, bool Done);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string id, Request? request, ClaimsPrincipal caller, [AsParameters] Services books, CancellationToken ct)
    {
        if (!ProposalId.TryParse(id, out var known)) return GetProposal.Unknown(id).ToProblem();
        var result =
            await RunAsync(known, request ?? new(), Actor.Of(caller), books.Db, (books.FourEyes, books.Clock), ct);
        if (!result.Is(out var reply, out var refused)) return refused.ToProblem();

        await books.Prices.ReloadAsync(ct); // here without waiting for the notification
        return TypedResults.Ok(reply);
    }

    /// <summary>What it is decided with.</summary>
    internal sealed record Services(NpgsqlDataSource Db, PriceBook Prices, FourEyes FourEyes, TimeProvider Clock);

    /// <summary>Steps: 1 lock the book, 2 a repeat gets its first answer, 3 the rules, 4 prices, decision and
    /// notification in one commit.</summary>
    internal static async Task<Result<Reply>> RunAsync(
        ProposalId id, Request request, Actor by, NpgsqlDataSource db, (FourEyes FourEyes, TimeProvider Clock) with,
        CancellationToken ct)
    {
        var (fourEyes, clock) = with;
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await Locks.InTransactionAsync(connection, ProposalStore.BookLock, ct); // 1

        var found = await ProposalStore.FindAsync(connection, id, ct); // 2
        if (found is null) return GetProposal.Unknown($"{id}");
        var proposal = found.Proposal;
        if (proposal.Decision is { IsApproved: true } made && by.Is(made.Decider))
            return new Reply(proposal, Done: false);

        var now = clock.GetUtcNow(); // 3
        var from = (request.From ?? now).ToMicros();
        var may = await fourEyes.MayApproveAsync(proposal.Asked, by, request.Alone, ct);
        if (proposal.Decision is null && may.No is { } own) return PricingRefusals.OwnApproval.With(own);
        if (Check(found, request, now) is { } no) return no with { Errors = Doubts(found) };
        if (await StaleAsync(connection, found.Lines, from, ct) is { } stale) return stale;

        await using var batch = new NpgsqlBatch(connection, transaction); // 4
        foreach (var line in found.Lines)
            batch.BatchCommands.Add(PriceRow.Insert(ListPrices.PriceOf(line.Becomes) with
            {
                Id = Guid.CreateVersion7(now),
                EffectiveFrom = from,
            }));
        if (await batch.ExecuteNonQueryAsync(ct) < found.Lines.Count)
            return PricingRefusals.ProposalStale.With($"The book has another price from {Wording.Utc(from)} already.");

        var decision = new Decision(true, by.Name, now, from, request.AcceptOutliers && proposal.OutlierCount > 0)
        {
            Alone = may.Alone, Decider = by,
        };
        await ProposalStore.DecideAsync(connection, id, decision, ct);
        await Notify.InTransactionAsync(connection, PriceBookWatch.Channel, ct);
        await transaction.CommitAsync(ct);
        return new Reply(proposal with { Decision = decision }, Done: true);
    }

    private static Refused? Check(ProposalStore.Full found, Request request, DateTimeOffset now)
    {
        var proposal = found.Proposal;
        if (proposal.Decision is { } made)
            return PricingRefusals.ProposalDecided.With(
                $"{made.By} {(made.IsApproved ? "approved" : "declined")} it on {made.At:yyyy-MM-dd}.");
        if (request.From < now)
            return PricingRefusals.FromPast.With($"{Wording.Utc(request.From)} is past.");
        return proposal.OutlierCount > 0 && !request.AcceptOutliers
            ? PricingRefusals.OutliersNotAccepted.With(
                $"{proposal.OutlierCount} of {found.Lines.Count} prices look wrong.")
            : null;
    }

    private static IReadOnlyList<RowError>? Doubts(ProposalStore.Full found) => found.Proposal.Decision is null
        ? [.. found.Lines.SelectMany(l => l.Outliers.Select(reason => new RowError(0, l.Model, reason)))]
        : null;

    // The row that each price would follow must be the one that it was compared with.
    private static async Task<Refused?> StaleAsync(
        NpgsqlConnection connection, IReadOnlyList<ProposalLine> lines, DateTimeOffset from, CancellationToken ct)
    {
        var rows = (await connection.ReadAsync(
            RowsAt,
            row => KeyValuePair.Create((row.Text("model"), (ServiceTier)row.Smallint("service_tier")), row.Uuid("id")),
            [
                lines.Select(l => l.Model).ToArray(), lines.Select(l => (short)l.Becomes.ServiceTier).ToArray(), from,
            ], ct)).ToDictionary();

        var moved = lines.FirstOrDefault(
            l => (rows.TryGetValue((l.Model, l.Becomes.ServiceTier), out var row) ? row : (Guid?)null) != l.Was?.Id);
        return moved is null ? null : PricingRefusals.ProposalStale.With(
            $"The book has another price of {moved.Model} from then than when the list was imported.");
    }
}
