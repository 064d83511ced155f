using Guerdon.Kernel;

namespace Guerdon.Pricing;

/// <summary>Every expected "no" of prices and token value.</summary>
internal static class PricingRefusals
{
    public static readonly Refusal UnknownModel =
        new("pricing.unknown_model", 404, Retryable: false,
            "Name a model of the price list, or ask for it to be priced.");

    public static readonly Refusal FormatUnknown =
        new("pricing.format_unknown", 400, Retryable: false, "Name the format: litellm or csv.");

    public static readonly Refusal ImportInvalid =
        new("pricing.import_invalid", 422, Retryable: false,
            "Correct what is listed and send the file again; nothing changed.");

    public static readonly Refusal ImportTooLarge =
        new("pricing.import_too_large", 413, Retryable: false, "Send a file of at most 20 MB.");

    public static readonly Refusal ProposalNotFound =
        new("pricing.proposal_not_found", 404, Retryable: false,
            "Name one that 'guerdon price show' lists (GET /api/v1/prices/proposals).");

    public static readonly Refusal ProposalDecided =
        new("pricing.proposal_decided", 409, Retryable: false, "Import the list again to decide again.");

    public static readonly Refusal OwnApproval =
        new("pricing.own_approval", 403, Retryable: false, "Let someone else who may approve prices decide.");

    public static readonly Refusal ProposalStale =
        new("pricing.proposal_stale", 409, Retryable: false,
            "Import the list again: the proposal compares it with a book that has changed since.");

    public static readonly Refusal OutliersNotAccepted =
        new("pricing.outliers_not_accepted", 409, Retryable: false,
            "Check the prices listed; then accept outliers, or decline the proposal.");

    public static readonly Refusal FromPast =
        new("pricing.from_past", 422, Retryable: false,
            "Name an instant that is still to come, or none for now: what was booked keeps its price.");

    public static readonly Refusal TokenValueTaken =
        new("pricing.token_value_taken", 409, Retryable: false,
            "Name another day: a token value is never changed, a later one follows it.");
}
