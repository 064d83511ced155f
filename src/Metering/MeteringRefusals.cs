using Guerdon.Kernel;

namespace Guerdon.Metering;

/// <summary>Every expected "no" about usage.</summary>
internal static class MeteringRefusals
{
    public static readonly Refusal ImportInvalid = new("metering.import_invalid", 422, Retryable: false,
        "Correct the rows listed, or ask to skip them; nothing of the file was booked.");

    public static readonly Refusal MapInvalid = new("metering.map_invalid", 400, Retryable: false,
        "Map columns as time=TIMESTAMP,input=ContextTokens,output=GeneratedTokens.");

    public static readonly Refusal ChargeInvalid = new("metering.charge_invalid", 400, Retryable: false,
        "Charge 'available' (as far as wallets go), 'never', or 'must' (a row that its wallet cannot pay is refused).");

    public static readonly Refusal ImportConflict = new("metering.import_conflict", 409, Retryable: true,
        "Import the file again: what is booked already will not be booked twice.");

    public static readonly Refusal IndexInvalid = new("metering.index_invalid", 400, Retryable: false,
        "Name a quarter as 2027Q1, an earlier one as its base, a buffer from 0 to 100 %, and a day in the quarter.");

    public static readonly Refusal BasketEmpty = new("metering.basket_empty", 409, Retryable: false,
        "Name a base quarter in which priced models were used.");

    public static readonly Refusal ReportInvalid = new("metering.report_invalid", 422, Retryable: false,
        "Correct what is listed, or fetch the report from the provider again; nothing of it was saved.");

    public static readonly Refusal ReportOverlaps = new("metering.report_overlaps", 409, Retryable: false,
        "Import reports of a provider in buckets of one width: minutes, hours or days.");

    public static readonly Refusal ScopeInvalid = new("metering.scope_invalid", 400, Retryable: false,
        "Name a provider, and days from one to the same or a later one, at most 366.");

    public static readonly Refusal TooManyEstimates = new("metering.too_many_estimates", 422, Retryable: false,
        "Name fewer days: a comparison takes 50,000 estimated calls, a reconciliation corrects 10,000.");

    public static readonly Refusal ReconciliationNotFound = new("metering.reconciliation_not_found", 404,
        Retryable: false, "Name one that 'guerdon reconcile preview' made.");

    public static readonly Refusal OwnApproval = new("metering.own_approval", 403, Retryable: false,
        "Let someone else who may apply corrections decide.");

    public static readonly Refusal ReconciliationApplied = new("metering.reconciliation_applied", 409,
        Retryable: false, "Nothing more is to be done; preview again for what is to be corrected now.");

    public static readonly Refusal ReconciliationDeclined = new("metering.reconciliation_declined", 409,
        Retryable: false, "Preview again to ask for what is to be corrected now.");

    public static readonly Refusal ReconciliationDiffers = new("metering.reconciliation_differs", 409,
        Retryable: false, "Look at it again, and name the digest that it shows: guerdon reconcile review.");

    public static readonly Refusal ReasonInvalid = new("metering.reason_invalid", 422, Retryable: false,
        "Say why, in at most 1,000 characters.");

    public static readonly Refusal ReconciliationStale = new("metering.reconciliation_stale", 409, Retryable: false,
        "Look at what there is to correct now, and apply that: guerdon reconcile preview.");

    public static readonly Refusal ReconciliationConflict = new("metering.reconciliation_conflict", 409,
        Retryable: true, "Decide it again: nothing was booked.");
}
