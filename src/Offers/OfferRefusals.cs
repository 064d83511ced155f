using Guerdon.Kernel;

namespace Guerdon.Offers;

/// <summary>Every expected "no" of offers.</summary>
internal static class OfferRefusals
{
    public static readonly Refusal OfferInvalid =
        new("compensation.offer_invalid", 422, Retryable: false, "Correct the lines listed and send the offer again.");

    public static readonly Refusal OfferTooLarge =
        new("compensation.offer_too_large", 413, Retryable: false, "Send an offer of at most 64 KB.");

    public static readonly Refusal OfferNotFound =
        new("compensation.offer_not_found", 404, Retryable: false,
            "Name one that 'guerdon offer list' lists (GET /api/v1/offers).");

    public static readonly Refusal OfferNotOurs =
        new("compensation.offer_not_ours", 409, Retryable: false,
            "Name an offer of your own; a competitor's is only there to compare with.");

    public static readonly Refusal OfferOver =
        new("compensation.offer_over", 409, Retryable: false, "Make a new version with a later valid_until.");

    public static readonly Refusal OffersNotComparable =
        new("compensation.offers_not_comparable", 422, Retryable: false,
            "Compare one to four offers of one currency over 1 to 10 years.");

    public static readonly Refusal OfferLinkInvalid =
        new("compensation.offer_link_invalid", 400, Retryable: false, "Let a link last 1 to 90 days.");

    public static readonly Refusal OfferLinkNotFound =
        new("compensation.offer_link_not_found", 404, Retryable: false, "Name a link by the id that it was made with.");
}
