using System.Security.Claims;
using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Ledger.Transfers;
using Guerdon.Metering.Settlement;
using Guerdon.Metering.UsageImports;
using Guerdon.Pricing.Book;
using Guerdon.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Metering.Reconciliation;

/// <summary>
/// Corrects what a preview showed: each call gets a row, each wallet its linked transfers, all in one commit, once, by
/// somebody other than whoever asked for the preview. Calls of either stay as they are, for another to correct. Refused
/// where what would be corrected is no longer what was shown.
/// </summary>
internal static class ApplyCorrections
{
    private const int Tries = 3;

    private const string AppliedSql = """
        select c.delta_milli,
               case when c.settled_by is null then 0 else c.cost_milli - c.charged_milli end as owed_milli
          from metering.correction c where c.reconciliation_id = $1
        """;

    /// <param name="Id">Which.</param>
    /// <param name="Done">False where it was applied before.</param>
    /// <param name="Corrections">How many calls it corrects.</param>
    /// <param name="RefundedMilli">What went back to wallets, in milli-tokens.</param>
    /// <param name="ChargedMilli">What wallets were charged further.</param>
    /// <param name="ShortMilli">What they should have been charged further and had not.</param>
    /// <param name="By">Who applied it.</param>
    /// <param name="At">When.</param>
    public sealed record Reply(
        ReconciliationId Id, bool Done, int Corrections, long RefundedMilli, long ChargedMilli, long ShortMilli,
        string By, DateTimeOffset At)
    {
        /// <summary>Calls of whoever asked for it or applied it, which stay estimated until another corrects
        /// them.</summary>
        public int SetAside { get; init; }

        /// <summary>True where the only administrator applied what they had asked for.</summary>
        public bool Alone { get; init; }
    }

    /// <param name="Alone">The only administrator says that they apply what they asked for themselves.</param>
    /// <param name="Digest">Of what was looked at; null: the id says it.</param>
    public sealed record Request(bool Alone = false, string? Digest = null);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string id, Request? request, ClaimsPrincipal caller, [AsParameters] Tools tools, CancellationToken ct)
    {
        var by = Actor.Of(caller);
        if (!ReconciliationId.TryParse(id, out var known)) return StoredReconciliation.Unknown(id).ToProblem();
        await tools.Book.ReloadAsync(ct);
        for (var tries = 1; ; tries++)
        {
            var result = await TryAsync(known, by, request ?? new(), tools, ct);
            var isConflict = result.Refused?.Refusal == MeteringRefusals.ReconciliationConflict;
            if (!isConflict || tries == Tries) return result.ToHttp();
        }
    }

    /// <summary>What it takes.</summary>
    internal sealed record Tools(
        NpgsqlDataSource Db, LedgerWriter Ledger, Settlements Settlements, PriceBook Book, FourEyes FourEyes,
        TimeProvider Clock);

    /// <summary>Steps: 1 a repeat gets its answer, and whoever asked is refused, 2 the comparison again, which must be
    /// what was shown, 3 without the calls of whoever asked or applies, and what wallets can pay, 4 rows, transfers and
    /// totals in one commit.</summary>
    private static async Task<Result<Reply>> TryAsync(
        ReconciliationId id, Actor by, Request request, Tools tools, CancellationToken ct)
    {
        var clock = tools.Clock;
        await using var connection = await tools.Db.OpenConnectionAsync(ct);
        if (await ReconciliationStore.FindAsync(connection, id, ct) is not { } kept) // 1
            return StoredReconciliation.Unknown($"{id}");
        if (kept.Decision is { } before)
            return before.IsApplied && by.Is(before.By) ? await AppliedAsync(connection, id, before, ct)
                : StoredReconciliation.Before(id, before);
        if (kept.Differs(request.Digest) is { } differs) return differs;
        var may = await tools.FourEyes.MayApproveAsync(kept.Asked, by, request.Alone, ct);
        if (may.No is { } own) return MeteringRefusals.OwnApproval.With(own);

        var all = await Reconciler.RunAsync(connection, tools.Book, kept.Scope, ct); // 2
        if (all?.IsStill(kept) != true)
            return MeteringRefusals.ReconciliationStale.With(
                "Calls, reports or prices have changed since this was shown.");
        var outcome = Others(all, may.By, may.Asker); // 3
        if (outcome.Corrections.Count == 0)
            return MeteringRefusals.OwnApproval.With($"{id} corrects only calls of whoever would apply it.");

        var wallets = outcome.Corrections.Select(c => c.Call.Wallet).Distinct().ToList();
        await tools.Settlements.OfWalletsAsync(wallets, null, ct); // what is corrected must be booked
        var available = await new ImportReader(tools.Db).AvailableAsync(wallets, clock.GetUtcNow(), ct);
        var rows = CorrectionRow.Of(outcome.Corrections, kept.Scope, id, available);
        var flushes = await CorrectionTransfers.FlushesAsync(connection, outcome.Corrections, ct);
        if (rows.FirstOrDefault(r => r.SettledBy is { } by && !flushes.ContainsKey((r.Wallet, by))) is { } unbooked)
            return MeteringRefusals.ReconciliationConflict.With(
                $"What {unbooked.Wallet} was charged could not be booked yet; guerdon verify says why.");
        var at = clock.GetUtcNow();
        var aside = all.Corrections.Count - outcome.Corrections.Count;
        try
        {
            var posted = await tools.Ledger.PostAsync( // 4
                CorrectionTransfers.Of(rows, flushes),
                CorrectionWriter.With(rows, outcome.Corrections, new(id, by, at, may.Alone, aside)), ct);
            if (posted.FirstOrDefault(p => !p.Done)?.Refused is { } refused)
                return MeteringRefusals.ReconciliationConflict.With($"A wallet has moved meanwhile: {refused}");
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return MeteringRefusals.ReconciliationConflict.With("Some of it was corrected at the same moment.");
        }

        var due = outcome.Corrections.Sum(c => Math.Max(0, (c.Due - c.Call.NowCharged).Milli));
        var reply = ReplyOf(id, true, [.. rows.Select(r => r.DeltaMilli)], (by.Name, at));
        return reply with { ShortMilli = due - reply.ChargedMilli, SetAside = aside, Alone = may.Alone };
    }

    // Calls of whoever applies never, those of whoever asked not among others'; alone they are another's to decide. A
    // wallet has its person's id: of an account that is nobody's, and whose e-mail nobody has, no calls are known.
    private static Reconciled Others(Reconciled all, Actor by, Actor maker)
    {
        var theirs = all.Corrections.Where(c => c.Call.Wallet.Value != by.Person).ToList();
        var others = theirs.Where(c => c.Call.Wallet.Value != maker.Person).ToList();
        return all with { Corrections = others.Count > 0 ? others : theirs };
    }

    private static async Task<Reply> AppliedAsync(
        NpgsqlConnection connection, ReconciliationId id, StoredReconciliation.Decided made, CancellationToken ct)
    {
        var corrections = await connection.ReadAsync(
            AppliedSql, row => (DeltaMilli: row.Bigint("delta_milli"), OwedMilli: row.Bigint("owed_milli")),
            [id.Value], ct);
        return ReplyOf(id, false, corrections.ConvertAll(c => c.DeltaMilli), (made.By.Name, made.At)) with
        {
            ShortMilli = corrections.Sum(c => c.OwedMilli),
        };
    }

    private static Reply ReplyOf(
        ReconciliationId id, bool done, List<long> deltas, (string By, DateTimeOffset At) applied) => new(
        id, done, deltas.Count, deltas.Where(d => d < 0).Sum(d => -d), deltas.Where(d => d > 0).Sum(), 0, applied.By,
        applied.At);
}
