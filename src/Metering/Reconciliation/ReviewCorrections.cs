using System.Security.Claims;
using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Pricing.Book;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Metering.Reconciliation;

/// <summary>
/// Shows whoever decides what a preview would correct, as it was shown: the comparison is made again and is the same,
/// or it is said that it has changed. Changes nothing, and asks for nothing.
/// </summary>
internal static class ReviewCorrections
{
    /// <param name="Id">As a decision names it.</param>
    /// <param name="Digest">What a decision may name besides, so that it is on this and nothing else.</param>
    /// <param name="State">waiting, applied or declined.</param>
    /// <param name="Provider">Whose reports.</param>
    /// <param name="From">First day (UTC).</param>
    /// <param name="To">Last day.</param>
    /// <param name="AskedBy">Who asked for it.</param>
    /// <param name="AskedAt">When.</param>
    /// <param name="Calls">How many it would correct.</param>
    /// <param name="RefundMilli">What would go back to wallets, in milli-tokens.</param>
    /// <param name="ChargeMilli">What wallets would be charged further.</param>
    public sealed record Reply(
        ReconciliationId Id, string Digest, string State, string Provider, DateOnly From, DateOnly To, string AskedBy,
        DateTimeOffset AskedAt, int Calls, long RefundMilli, long ChargeMilli)
    {
        /// <summary>False: calls, reports or prices are others by now, so that it cannot be applied, and the lists are
        /// empty; or it is decided.</summary>
        public required bool IsCurrent { get; init; }

        /// <summary>Who may apply it, in words; null: it is decided.</summary>
        public string? WhoMay { get; init; }

        /// <summary>Whether whoever reads it may apply it; not where the calls are theirs alone.</summary>
        public required bool YouMay { get; init; }

        /// <summary>Whether they may decline it, or withdraw it where they asked for it.</summary>
        public required bool YouMayDecline { get; init; }

        /// <summary>Whether they asked for it, so that they may apply it only where they say that they do so alone.
        /// </summary>
        public required bool YouAsked { get; init; }

        /// <summary>Who applied or declined it; null: nobody did.</summary>
        public string? DecidedBy { get; init; }

        public DateTimeOffset? DecidedAt { get; init; }

        /// <summary>Why it was declined.</summary>
        public string? Reason { get; init; }

        /// <summary>All that do not come out; none in works-council mode, as of the next.</summary>
        public required IReadOnlyList<WindowLine> Windows { get; init; }

        /// <summary>Call by call.</summary>
        public required IReadOnlyList<PreviewCorrections.Line> Corrections { get; init; }
    }

    /// <summary>What it takes.</summary>
    internal sealed record Tools(NpgsqlDataSource Db, PriceBook Book, FourEyes FourEyes);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string id, ClaimsPrincipal caller, [AsParameters] Tools tools, CancellationToken ct)
    {
        if (!ReconciliationId.TryParse(id, out var known)) return StoredReconciliation.Unknown(id).ToProblem();
        await tools.Book.ReloadAsync(ct);
        await using var connection = await tools.Db.OpenConnectionAsync(ct);
        if (await ReconciliationStore.FindAsync(connection, known, ct) is not { } stored)
            return StoredReconciliation.Unknown(id).ToProblem();
        var reply = new Reply(
            stored.Id, stored.Digest, StateOf(stored.Decision), stored.Scope.Provider, stored.Scope.From,
            stored.Scope.To, stored.Maker.Name, stored.MadeAt, stored.Corrections, stored.RefundMilli,
            stored.ChargeMilli)
        {
            IsCurrent = false, YouMay = false, YouMayDecline = false, YouAsked = false, Windows = [],
            Corrections = [],
        };
        if (stored.Decision is { } made)
            return TypedResults.Ok(reply with
            {
                DecidedBy = made.By.Name,
                DecidedAt = made.At,
                Reason = made.Reason,
            });

        var by = Actor.Of(caller);
        var right = await tools.FourEyes.RightAsync(stored.Asked, by, ct);
        var now = await Reconciler.RunAsync(connection, tools.Book, stored.Scope, ct);
        var isOwn = stored.IsOnlyOf(now, (await tools.FourEyes.KnownAsync(by, ct)).Person);
        reply = reply with
        {
            WhoMay = right.WhoMay,
            YouMay = right.YouMay && !isOwn,
            YouMayDecline = right.YouAsked || !isOwn,
            YouAsked = right.YouAsked,
        };
        if (now?.IsStill(stored) != true) return TypedResults.Ok(reply);
        if (Access.IsGroupsOnly(caller)) return TypedResults.Ok(reply with { IsCurrent = true });
        return TypedResults.Ok(reply with
        {
            IsCurrent = true,
            Windows = PreviewCorrections.WindowsOf(stored.Scope, now),
            Corrections = PreviewCorrections.LinesOf(now),
        });
    }

    private static string StateOf(StoredReconciliation.Decided? made) => made switch
    {
        null => "waiting",
        { IsApplied: true } => "applied",
        _ => "declined",
    };
}
