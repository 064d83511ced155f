using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Notices;
using Guerdon.Payroll.Pay;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Payroll.Conversions;

/// <summary>Reverses what was paid out: one administrator asks, another agrees. The tokens come back to their lots, and
/// a pay line reverses the first one's amount.</summary>
public sealed class ConversionReversal(NpgsqlDataSource db, ConversionDecisions decisions, TimeProvider clock)
{
    private const string ConvertedSql = """
        select lot, transfer_id from ledger.v_entry where wallet_id = $1 and key = any ($2)
        """;

    /// <summary>Asks for it; moves nothing.</summary>
    public async Task<Result<ConversionDecisions.Outcome>> AskAsync(
        ConversionId id, string? reason, Actor by, CancellationToken ct)
    {
        if (await ConversionStore.FindAsync(db, id, ct) is not { } c) return ConversionDecisions.Unknown($"{id}");
        if (await decisions.OwnDecisionAsync(c, by, ct) is { } own) return own;
        if (Reason.Check(ConversionRefusals.ReasonMissing, reason) is { } missing) return missing;
        if (c.State == ConversionState.ReversalAsked && c.Now.Actor.Is(by)) return NothingNew(c);
        return c.State is ConversionState.Settled or ConversionState.ReversalDeclined
            ? await StepAsync(c, ConversionState.ReversalAsked, reason!.Trim(), by, ct)
            : ConversionDecisions.Decided(c);
    }

    /// <summary>Keeps the payment as it is.</summary>
    /// <param name="id">Which.</param>
    /// <param name="step">The step in which the reversal was asked for, as the decider read it.</param>
    /// <param name="by">Not whom it is for.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<Result<ConversionDecisions.Outcome>> DeclineAsync(
        ConversionId id, int? step, Actor by, CancellationToken ct)
    {
        if (await ConversionStore.FindAsync(db, id, ct) is not { } c) return ConversionDecisions.Unknown($"{id}");
        if (await decisions.OwnDecisionAsync(c, by, ct) is { } own) return own;
        if (c.State == ConversionState.ReversalDeclined && c.Now.Actor.Is(by)) return NothingNew(c);
        if (c.State != ConversionState.ReversalAsked) return ConversionDecisions.Decided(c);
        return Differs(c, step) is { } differs ? differs
            : await StepAsync(c, ConversionState.ReversalDeclined, null, by, ct);
    }

    /// <summary>Agrees, and undoes it: transfers, notice, pay line and step in one commit.</summary>
    /// <param name="id">Which.</param>
    /// <param name="step">The step in which the reversal was asked for, as the decider read it.</param>
    /// <param name="by">Neither whom it is for nor whoever asked.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<Result<ConversionDecisions.Outcome>> ApproveAsync(
        ConversionId id, int? step, Actor by, CancellationToken ct)
    {
        if (await ConversionStore.FindAsync(db, id, ct) is not { } c) return ConversionDecisions.Unknown($"{id}");
        if (c.State == ConversionState.Reversed && c.Now.Actor.Is(by)) return NothingNew(c);
        if (c.State != ConversionState.ReversalAsked) return ConversionDecisions.Decided(c);
        if (await decisions.OwnApprovalAsync(c.Reversal, by, ct) is { } own) return own;
        if (Differs(c, step) is { } differs) return differs;

        var now = clock.GetUtcNow().ToMicros();
        var paid = await PayLines.FindAsync(db, PayLineId.Of(PayLine.OfConversion, $"{id}"), ct)
            ?? throw new InvalidOperationException($"{id} is settled without its pay line.");
        var payOn = DateOnly.FromDateTime(now.UtcDateTime).AddDays(c.NoticeDays);
        var explanation = $"Reverses {paid.Pays} of {paid.Id}: {c.Now.Reason} "
            + $"{ConversionDecisions.Tokens(c)} reward tokens are back in their lots.";
        var notice = NoticeWriter.New(c.Person, NoticeKinds.ConversionReversed, $"{id}",
            $"A conversion was reversed; payroll deducts it from {payOn:yyyy-MM-dd} on. {explanation}", now);
        var line = paid with
        {
            Id = PayLineId.Of(PayLine.OfReversal, $"{id}"),
            Kind = PayLine.OfReversal,
            Amount = -paid.Amount,
            PayOn = payOn,
            Explanation = explanation,
            Notice = notice.Id,
            Corrects = paid.Id,
            CreatedAt = now,
            ApprovedBy = by.Name,
        };
        return await decisions.PostAsync(
            c, ConversionDecisions.Next(c, ConversionState.Reversed, by, null, now),
            ConversionTransfers.Reconvert(c, await ConvertedAsync(c, ct)), PayLines.Insert(line, notice), ct);
    }

    private static ConversionDecisions.Outcome NothingNew(Conversion c) => new(c, Done: false);

    // Decides only the reversal that was read: one that was declined can be asked for again, for another reason.
    private static Refused? Differs(Conversion c, int? step)
    {
        var asked = $"the reversal of {c.Id} was asked for in step {c.Step}, by {c.Now.By}: {c.Now.Reason}";
        if (step is null) return ConversionRefusals.StepNeeded.With($"No step was named; {asked}");
        return step == c.Step ? null : ConversionRefusals.StepDiffers.With($"Step {step} was named; {asked}");
    }

    private async Task<Result<ConversionDecisions.Outcome>> StepAsync(
        Conversion c, string state, string? reason, Actor by, CancellationToken ct)
    {
        var step = ConversionDecisions.Next(c, state, by, reason, clock.GetUtcNow().ToMicros());
        var isOurs = await ConversionStore.TryStepAsync(db, c.Id, step, ct);
        var after = (await ConversionStore.FindAsync(db, c.Id, ct))!;
        return isOurs || ConversionDecisions.IsAfter(after, step)
            ? new ConversionDecisions.Outcome(after, isOurs) : ConversionDecisions.Decided(after);
    }

    private async Task<Dictionary<int, TransferId>> ConvertedAsync(Conversion c, CancellationToken ct)
    {
        var keys = c.Lots.Select(l => ConversionTransfers.Key("convert", c.Id, l.Lot)).ToArray();
        var entries = await db.ReadAsync(
            ConvertedSql, row => (Lot: row.Int4("lot"), Transfer: row.Id<TransferId>("transfer_id")),
            [c.Person.Value, keys], ct);
        var transfers = new Dictionary<int, TransferId>();
        foreach (var (lot, transfer) in entries) transfers[lot] = transfer;
        return transfers;
    }
}
