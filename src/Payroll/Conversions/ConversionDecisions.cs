using System.Globalization;
using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Ledger.Transfers;
using Guerdon.Notices;
using Guerdon.Payroll.Pay;
using Guerdon.Payroll.Terms;
using Npgsql;

namespace Guerdon.Payroll.Conversions;

/// <summary>
/// Decides conversions and carries decisions out. What moves tokens is one commit with its step, its notice
/// and its pay line; the number of the step lets only one of two opposite decisions follow the same state.
/// Every call can be repeated.
/// </summary>
public sealed class ConversionDecisions(NpgsqlDataSource db, LedgerWriter ledger, FourEyes fourEyes, TimeProvider clock)
{
    /// <summary>A decision's outcome: the conversion as it stands, and whether this call changed it.</summary>
    public readonly record struct Outcome(Conversion Conversion, bool Done);

    /// <summary>Approves and pays out. Where it stops between the two, the next call or the background job goes
    /// on.</summary>
    public async Task<Result<Outcome>> ApproveAsync(ConversionId id, Actor by, CancellationToken ct)
    {
        if (await ConversionStore.FindAsync(db, id, ct) is not { } c) return Unknown($"{id}");
        if (await OwnApprovalAsync(c.Request, by, ct) is { } own) return own;
        if (c.State != ConversionState.Locked) return await ApprovedAsync(c, by, ct);
        var now = clock.GetUtcNow().ToMicros();
        if (now >= c.LockUntil)
            return ConversionRefusals.LockEnded.With($"The rate of {id} was locked until {Wording.Utc(c.LockUntil)}.");

        await ConversionStore.TryStepAsync(db, id, Next(c, ConversionState.Approved, by, null, now), ct);
        var after = await ConversionStore.FindAsync(db, id, ct); // or what somebody else decided first
        return await ApprovedAsync(after!, by, ct);
    }

    // What is approved goes on; only for whoever approved it is that the answer.
    private async Task<Result<Outcome>> ApprovedAsync(Conversion c, Actor by, CancellationToken ct)
    {
        if (c.State is not (ConversionState.Approved or ConversionState.Settled) || !by.Is(c.Approval!.Actor))
            return Decided(c);
        return c.State == ConversionState.Approved ? await SettleAsync(c, ct) : new Outcome(c, false);
    }

    /// <summary>Pays out what is approved: transfers, notice, pay line and step in one commit.</summary>
    public async Task<Result<Outcome>> SettleAsync(Conversion c, CancellationToken ct)
    {
        var now = clock.GetUtcNow().ToMicros();
        var payOn = DateOnly.FromDateTime(now.UtcDateTime).AddDays(c.NoticeDays);
        var explanation = $"{Tokens(c)} reward tokens of class {c.TaxClass} at {RateOf(c)}, asked for on "
            + $"{c.RequestedAt:yyyy-MM-dd} in the window {c.Window}.";
        var notice = NoticeWriter.New(
            c.Person, NoticeKinds.ConversionSettled, $"{c.Id}",
            $"{c.Pays} will be paid from {payOn:yyyy-MM-dd} on. {explanation}{ValuesOf(c)}", now);
        var line = new PayLine
        {
            Id = PayLineId.Of(PayLine.OfConversion, $"{c.Id}"), Person = c.Person, Email = c.Email,
            Kind = PayLine.OfConversion, Form = c.Form, TaxClass = c.TaxClass, Amount = c.Units, Currency = c.Currency,
            Unit = c.Unit, PayOn = payOn, Explanation = explanation, Notice = notice.Id, Conversion = c.Id,
            CreatedAt = now, ApprovedBy = c.Approval!.By,
        };
        var step = Next(c, ConversionState.Settled, Actor.Guerdon, null, now);
        return await PostAsync(c, step, ConversionTransfers.Convert(c), PayLines.Insert(line, notice), ct);
    }

    /// <summary>Says no; all tokens come back.</summary>
    public async Task<Result<Outcome>> DeclineAsync(ConversionId id, string? reason, Actor by, CancellationToken ct)
    {
        if (await ConversionStore.FindAsync(db, id, ct) is not { } c) return Unknown($"{id}");
        if (await OwnDecisionAsync(c, by, ct) is { } own) return own;
        if (Reason.Check(ConversionRefusals.ReasonMissing, reason) is { } missing) return missing;
        reason = reason!.Trim();
        var now = clock.GetUtcNow().ToMicros();
        return await GiveBackAsync(c, Next(c, ConversionState.Declined, by, reason, now),
            NoticeWriter.New(c.Person, NoticeKinds.ConversionDeclined, $"{c.Id}",
                $"Your conversion of {Tokens(c)} reward tokens was declined: {reason} All of them are yours again.",
                now), ct);
    }

    /// <summary>Takes a request back; all tokens come back.</summary>
    public async Task<Result<Outcome>> WithdrawAsync(ConversionId id, Actor by, CancellationToken ct)
    {
        if (await ConversionStore.FindAsync(db, id, ct) is not { } c || !IsOf(c, by)) return Unknown($"{id}");
        var now = clock.GetUtcNow().ToMicros();
        return await GiveBackAsync(c, Next(c, ConversionState.Withdrawn, by, null, now), null, ct);
    }

    /// <summary>Ends a request whose lock has ended; all tokens come back.</summary>
    internal Task<Result<Outcome>> LapseAsync(Conversion c, CancellationToken ct)
    {
        var now = clock.GetUtcNow().ToMicros();
        return GiveBackAsync(c, Next(c, ConversionState.Lapsed, Actor.Guerdon, null, now),
            NoticeWriter.New(c.Person, NoticeKinds.ConversionLapsed, $"{c.Id}",
                $"Nobody decided your conversion of {Tokens(c)} reward tokens before its rate ended on "
                + $"{c.LockUntil:yyyy-MM-dd HH:mm} UTC. All of them are yours again.", now), ct);
    }

    /// <summary>Posts what a step moves, with the step and what goes with it, in one commit.</summary>
    internal async Task<Result<Outcome>> PostAsync(
        Conversion c, ConversionStep step, IReadOnlyList<Transfer> transfers,
        IReadOnlyList<Func<NpgsqlBatchCommand>> rows, CancellationToken ct)
    {
        try
        {
            var with = new InSameCommit { Commands = [.. rows, ConversionStore.Step(c.Id, step)] };
            var posted = await ledger.PostAsync(transfers, with, ct);
            if (posted.FirstOrDefault(p => !p.Done) is { Refused: { } why })
                return KernelRefusals.PostingRefused.With($"The ledger refused {c.Id}: {why}");
            if (!posted[0].Replayed) return new Outcome((await ConversionStore.FindAsync(db, c.Id, ct))!, true);
        }
        catch (PostgresException e) when (ConversionStore.IsTaken(e))
        {
            // The step's number is taken, so another decision came first: it counts instead, as where the transfers
            // were there before.
        }

        var after = (await ConversionStore.FindAsync(db, c.Id, ct))!;
        return IsAfter(after, step) ? new Outcome(after, false) : Decided(after);
    }

    // By the same hand too, since otherwise somebody would be told that a decision of another's was theirs.
    internal static bool IsAfter(Conversion c, ConversionStep step) =>
        c.State == step.State && c.Now.Actor.Is(step.Actor);

    private async Task<Result<Outcome>> GiveBackAsync(
        Conversion c, ConversionStep step, NewNotice? notice, CancellationToken ct)
    {
        if (IsAfter(c, step)) return new Outcome(c, false);
        if (c.State != ConversionState.Locked) return Decided(c);
        return await PostAsync(c, step, ConversionTransfers.Unlock(c), notice is null ? [] : [notice.Insert], ct);
    }

    internal static ConversionStep Next(
        Conversion c, string state, Actor by, string? reason, DateTimeOffset at) =>
        new(c.Now.Number + 1, state, by.Name, at, reason) { ByPerson = by.Person, ByAccount = by.Account };

    /// <summary>Why somebody may not approve a request or a reversal, by whichever account: it is for them, or they
    /// asked for it.</summary>
    internal async Task<Refused?> OwnApprovalAsync(Asked asked, Actor by, CancellationToken ct) =>
        (await fourEyes.MayApproveAsync(asked, by, saysAlone: false, ct)).No is { } no
            ? ConversionRefusals.SelfApproval.With(no) : null;

    /// <summary>Why somebody may not decline it, or ask for its reversal: it is for them.</summary>
    internal async Task<Refused?> OwnDecisionAsync(Conversion c, Actor by, CancellationToken ct) =>
        await fourEyes.WhyNotAsBeneficiaryAsync(c.Request, by, withdraws: false, ct) is { } no
            ? ConversionRefusals.SelfApproval.With(no) : null;

    internal static Refused Unknown(string id) => ConversionRefusals.NotFound.With($"There is no conversion '{id}'.");

    /// <summary>How it stands, where it cannot be decided as somebody meant to.</summary>
    public static Refused Decided(Conversion c) => ConversionRefusals.Decided.With(
        $"{c.Id} is {c.State.Replace('_', ' ')} since {Wording.Utc(c.Now.At)}, by "
        + $"{(c.State == ConversionState.Settled ? c.Approval!.By : c.Now.By)}.");

    internal static string Tokens(Conversion c) => new Tokens(c.AmountMilli).ToString();

    private static bool IsOf(Conversion c, Actor by) => by.Person == c.Person.Value;

    // What went in and what comes out in one unit, so that an odd rate is seen by whoever gets it.
    private static string ValuesOf(Conversion c) => c.WorthNanos is not { } worth ? "" : c.PaysNanos is { } pays
        ? $" The tokens were worth {new Usd(worth).Cents} USD; what is paid for them is {new Usd(pays).Cents} USD."
        : $" The tokens were worth {new Usd(worth).Cents} USD.";

    private static string RateOf(Conversion c) => string.Create(
        CultureInfo.InvariantCulture,
        $"{PayForms.Text(c.Form, c.Rate.Units, c.Unit)} for {new Tokens(c.Rate.Milli)} tokens");
}
