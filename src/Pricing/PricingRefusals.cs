using Stipend.Kernel;

namespace Stipend.Pricing;

public static class PricingRefusals
{
    public static readonly Refusal UnknownModel =
        new("pricing.unknown_model", 404, Retryable: false,
            "Name a model of the price list, or ask for it to be priced.");
}
