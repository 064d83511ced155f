using Guerdon.Kernel;

namespace Guerdon.Policies;

/// <summary>What is said to administrators; callers hear those of the gateway.</summary>
public static class PolicyRefusals
{
    public static readonly Refusal Invalid = new("gateway.policy_invalid", 422, Retryable: false,
        "Correct the lines listed and send the file again; the policy in force is unchanged.");

    public static readonly Refusal TooLarge = new("gateway.policy_too_large", 413, Retryable: false,
        "Send a policy of at most 64 KB.");

    public static readonly Refusal FromPast = new("gateway.policy_from_past", 400, Retryable: false,
        "Name a time to come, or none: then it is in force at once.");

    public static readonly Refusal NotFound = new("gateway.policy_not_found", 404, Retryable: false,
        "Name a version that was applied.");

    public static readonly Refusal ReasonInvalid = new("gateway.close_reason_invalid", 400, Retryable: false,
        "Give a reason of one line and at most 500 characters: every caller reads it.");

    public static readonly Refusal ClosedByPolicy = new("gateway.closed_by_policy", 409, Retryable: false,
        "Apply a policy without 'closed'.");

    public static readonly Refusal Closed = new("gateway.closed", 503, Retryable: false,
        "Wait until an administrator opens it again. Nothing was sent to the provider, held or charged.");

    public static readonly Refusal ModelNotApproved = new("gateway.model_not_approved", 403, Retryable: false,
        "Use a model that GET /v1/models lists: the company's policy does not approve this one.");

    public static readonly Refusal ServiceNotApproved = new("gateway.service_not_approved", 403, Retryable: false,
        "Use a model that GET /v1/models lists: the company's policy does not approve this one's provider.");

    public static readonly Refusal RateLimited = new("gateway.rate_limited", 429, Retryable: true,
        "Wait as long as Retry-After says. Nothing was sent to the provider, held or charged.");

    public static readonly Refusal ToolNotApproved = new("gateway.tool_not_approved", 403, Retryable: false,
        "Leave the tool out: the company's policy does not let the provider run it.");

    public static readonly Refusal BodyTooLarge = new("gateway.body_too_large", 413, Retryable: false,
        "Send a smaller body.");
}
