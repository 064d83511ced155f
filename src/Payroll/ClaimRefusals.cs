using Guerdon.Kernel;

namespace Guerdon.Payroll;

/// <summary>Every expected "no" of claims.</summary>
internal static class ClaimRefusals
{
    public static readonly Refusal Invalid =
        new("compensation.claim_invalid", 422, Retryable: false, "Correct what is listed and file the claim again.");

    public static readonly Refusal NotOffered =
        new("compensation.claims_not_offered", 409, Retryable: true,
            "Ask an administrator to apply conversion terms with claims.");

    public static readonly Refusal ReceiptUnreadable =
        new("compensation.receipt_unreadable", 415, Retryable: false, "Attach the receipt as PDF, PNG or JPEG.");

    public static readonly Refusal ReceiptTooLarge =
        new("compensation.receipt_too_large", 413, Retryable: false, "Attach a receipt of at most 5 MB.");

    public static readonly Refusal ReceiptUsed =
        new("compensation.receipt_used", 409, Retryable: false,
            "One receipt is good for one claim; attach another one, or ask an administrator.");

    public static readonly Refusal NotFound =
        new("compensation.claim_not_found", 404, Retryable: false, "Name a claim by its id, as clm_….");

    public static readonly Refusal Decided =
        new("compensation.claim_decided", 409, Retryable: false, "File another claim where this one was wrong.");
}
