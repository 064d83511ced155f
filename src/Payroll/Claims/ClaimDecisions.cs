using System.Security.Cryptography;
using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Notices;
using Guerdon.Payroll.Pay;
using Guerdon.Payroll.Terms;
using Guerdon.People.Employees;
using Npgsql;

namespace Guerdon.Payroll.Claims;

/// <summary>Files claims and decides them. A receipt is good for one claim, whoever hands it in again.</summary>
public sealed class ClaimDecisions(NpgsqlDataSource db, FourEyes fourEyes, TimeProvider clock)
{
    /// <summary>A decision's outcome: the claim as it stands, and whether this call changed it.</summary>
    public readonly record struct Outcome(FiledClaim Claim, bool Done);

    /// <summary>Files a person's own claim. The same receipt again is refused, so a repeat files
    /// nothing more.</summary>
    /// <param name="person">Who paid.</param>
    /// <param name="form">What for.</param>
    /// <param name="content">The receipt's bytes.</param>
    /// <param name="byAdmin">They may read other people's claims, so that they are told whose a receipt is.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<Result<FiledClaim>> FileAsync(
        Person person, ClaimForm form, byte[] content, bool byAdmin, CancellationToken ct)
    {
        var now = clock.GetUtcNow().ToMicros();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        if (await ConversionTermsStore.InEffectAsync(db, today, ct) is not { Terms.Claims: { } allowed } applied)
            return ClaimRefusals.NotOffered.With("No terms in effect take claims.");
        if (content.Length > Receipt.MostBytes)
            return ClaimRefusals.ReceiptTooLarge.With("The receipt is larger than 5 MB.");
        if (Receipt.TypeOf(content) is not { } type)
            return ClaimRefusals.ReceiptUnreadable.With("The receipt is not a PDF, PNG or JPEG file.");
        var (read, errors) = ClaimRules.Read(form, allowed, today);
        if (read is null)
            return ClaimRefusals.Invalid.With(
                errors.Count == 1 ? errors[0].Reason : $"The claim has {errors.Count} errors.") with
            {
                Errors = errors,
            };

        var sha256 = SHA256.HashData(content);
        if (await UsedAsync(sha256, person, byAdmin, ct) is { } used) return used;
        var claim = new FiledClaim
        {
            Id = Id.New<ClaimId>(clock), Person = person.Id, Email = person.Email, Vendor = read.Vendor,
            Service = read.Service, SpentOn = read.SpentOn, AmountCents = read.AmountCents, Currency = read.Currency,
            Purpose = read.Purpose, Receipt = Convert.ToHexStringLower(sha256), ContentType = type,
            NoticeDays = applied.Terms.NoticeDays, FiledAt = now, IsApproved = null, Alike = [],
        };
        return await ClaimStore.TryInsertAsync(db, claim, sha256, new(type, content), applied.Id, ct)
            ? (await ClaimStore.FindAsync(db, claim.Id, ct))!
            : await UsedAsync(sha256, person, byAdmin, ct)
                ?? ClaimRefusals.ReceiptUsed.With("The receipt is in another claim.");
    }

    /// <summary>Approves a claim: pay line and notice in the same commit.</summary>
    public async Task<Result<Outcome>> ApproveAsync(ClaimId id, Actor by, CancellationToken ct)
    {
        if (!(await FindForAsync(id, by, approves: true, ct)).Is(out var claim, out var no)) return no;
        var now = clock.GetUtcNow().ToMicros();
        var payOn = DateOnly.FromDateTime(now.UtcDateTime).AddDays(claim.NoticeDays);
        var explanation = $"{claim.Pays} paid to {claim.Vendor} for {claim.Service} on {claim.SpentOn:yyyy-MM-dd}, by "
            + $"the receipt whose SHA-256 begins with {claim.Receipt[..12]}.";
        var notice = NoticeWriter.New(claim.Person, NoticeKinds.ClaimApproved, $"{id}",
            $"{claim.Pays} will be paid back from {payOn:yyyy-MM-dd} on. {explanation}", now);
        var line = new PayLine
        {
            Id = PayLineId.Of(PayLine.OfClaim, $"{id}"), Person = claim.Person, Email = claim.Email,
            Kind = PayLine.OfClaim, Form = PayForms.Cash, TaxClass = FiledClaim.TaxClass, Amount = claim.AmountCents,
            Currency = claim.Currency, Unit = claim.Currency, PayOn = payOn, Explanation = explanation,
            Notice = notice.Id, Claim = id, CreatedAt = now, ApprovedBy = by.Name,
        };
        return await DecideAsync(
            claim with { IsApproved = true, DecidedAt = now }, by, PayLines.Insert(line, notice), ct);
    }

    /// <summary>Says no, with the reason. The receipt may then be handed in again by the same person.</summary>
    public async Task<Result<Outcome>> DeclineAsync(ClaimId id, string? reason, Actor by, CancellationToken ct)
    {
        if (!(await FindForAsync(id, by, approves: false, ct)).Is(out var claim, out var no)) return no;
        if (Reason.Check(ConversionRefusals.ReasonMissing, reason) is { } missing) return missing;
        reason = reason!.Trim();
        var now = clock.GetUtcNow().ToMicros();
        var notice = NoticeWriter.New(claim.Person, NoticeKinds.ClaimDeclined, $"{id}",
            $"Your claim of {claim.Pays} for {claim.Service} was declined: {reason}", now);
        return await DecideAsync(
            claim with { IsApproved = false, Reason = reason, DecidedAt = now }, by, [notice.Insert], ct);
    }

    private async Task<Result<Outcome>> DecideAsync(
        FiledClaim decided, Actor by, IReadOnlyList<Func<NpgsqlBatchCommand>> rows, CancellationToken ct)
    {
        var isOurs = await ClaimStore.DecideAsync(db, decided, by, rows, ct);
        var after = (await ClaimStore.FindAsync(db, decided.Id, ct))!;
        if (isOurs || (after.IsApproved == decided.IsApproved && by.Is(after.Decider!)))
            return new Outcome(after, isOurs);
        return ClaimRefusals.Decided.With($"{after.DecidedBy} has {after.State} it on {after.DecidedAt:yyyy-MM-dd}.");
    }

    private async Task<Result<FiledClaim>> FindForAsync(
        ClaimId id, Actor by, bool approves, CancellationToken ct)
    {
        if (await ClaimStore.FindAsync(db, id, ct) is not { } claim) return Unknown($"{id}");
        var no = approves ? (await fourEyes.MayApproveAsync(claim.Asked, by, saysAlone: false, ct)).No
            : await fourEyes.WhyNotAsBeneficiaryAsync(claim.Asked, by, withdraws: false, ct);
        return no is null ? claim : ConversionRefusals.SelfApproval.With(no);
    }

    // Only administrators are told whose claim it is in, since a claim is between its person and them.
    private async Task<Refused?> UsedAsync(byte[] sha256, Person person, bool byAdmin, CancellationToken ct)
    {
        var earlier = await ClaimStore.OfReceiptAsync(db, sha256, ct);
        if (earlier.FirstOrDefault(c => c.Person == person.Id && c.IsApproved != false) is { } own)
            return ClaimRefusals.ReceiptUsed.With(
                $"The receipt is in your claim {own.Id} of {own.FiledAt:yyyy-MM-dd}.");
        if (earlier.FirstOrDefault(c => c.Person != person.Id) is not { } other) return null;
        return ClaimRefusals.ReceiptUsed.With(byAdmin
            ? $"The receipt is in claim {other.Id} of {other.Email}, of {other.FiledAt:yyyy-MM-dd}."
            : "The receipt is in a claim of somebody else.");
    }

    internal static Refused Unknown(string id) => ClaimRefusals.NotFound.With($"There is no claim '{id}'.");
}
