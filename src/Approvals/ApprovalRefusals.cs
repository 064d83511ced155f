using Guerdon.Kernel;

namespace Guerdon.Approvals;

/// <summary>What this module refuses by itself. What may not be decided is refused by the module that owns
/// it.</summary>
internal static class ApprovalRefusals
{
    public static readonly Refusal PageInvalid = new("approvals.page_invalid", 400, Retryable: false,
        "Set limit from 1 to 1,000, and after to the next of the previous page.");

    public static readonly Refusal InputUnknown = new("approvals.input_unknown", 404, Retryable: false,
        "List what waits with 'guerdon approvals', or what was proposed with 'guerdon approvals list'.");

    public static readonly Refusal InputOwn = new("approvals.input_own", 403, Retryable: false,
        "Let somebody else decide: 'guerdon approvals show' says who may.");

    public static readonly Refusal InputDigestNeeded = new("approvals.input_digest_needed", 422, Retryable: false,
        "Look at the proposal (guerdon approvals show ID), and approve it with the digest that it shows.");

    public static readonly Refusal InputChanged = new("approvals.input_changed", 409, Retryable: false,
        "Look at the proposal again (guerdon approvals show ID): approve what it is now, or decline it.");

    public static readonly Refusal InputBusy = new("approvals.input_busy", 503, Retryable: true,
        "Send it again in a minute; nothing was written.");

    public static readonly Refusal InputDecided = new("approvals.input_decided", 409, Retryable: false,
        "Look at what was decided (guerdon approvals show ID). Propose it again if it should be otherwise.");

    public static readonly Refusal InputsMany = new("approvals.inputs_many", 409, Retryable: false,
        "Withdraw some of them (guerdon approvals decline ID), or have them decided.");

    public static readonly Refusal ReasonInvalid = new("approvals.reason_invalid", 422, Retryable: false,
        "Say why in 1 to 1,000 characters.");
}
