using Guerdon.Kernel;

namespace Guerdon.Grants;

/// <summary>Every expected "no" of plans, grants, tiers, phases and vesting.</summary>
public static class GrantRefusals
{
    public static readonly Refusal PlanInvalid =
        new("compensation.plan_invalid", 422, Retryable: false, "Correct the lines listed and send the file again.");

    public static readonly Refusal PlanTooLarge =
        new("compensation.plan_too_large", 413, Retryable: false, "Send a plan of at most 64 KB.");

    public static readonly Refusal PlanNotFound =
        new("compensation.plan_not_found", 404, Retryable: false,
            "Apply the plan, or name one that 'guerdon plan list' lists (GET /api/v1/plans).");

    public static readonly Refusal PlanNotInEffect =
        new("compensation.plan_not_in_effect", 409, Retryable: false,
            "Name a period from the plan's effective date on.");

    public static readonly Refusal PlanTooEarly =
        new("compensation.plan_too_early", 409, Retryable: false,
            "Let it take effect from the day named, or reverse the months that are granted first.");

    public static readonly Refusal PeriodTooEarly =
        new("compensation.period_too_early", 409, Retryable: true, "Run it from one month ahead, or as a dry run.");

    public static readonly Refusal RunNotFound =
        new("compensation.run_not_found", 404, Retryable: false, "Name a run by the id that it was answered with.");

    public static readonly Refusal PageInvalid =
        new("compensation.page_invalid", 400, Retryable: false, "Ask for 1 to 1,000 rows.");

    public static readonly Refusal AwardInvalid =
        new("compensation.award_invalid", 422, Retryable: false, "Correct what is named and send all of it again.");

    public static readonly Refusal OwnApproval =
        new("compensation.own_approval", 403, Retryable: false, "Let someone else decide: the inbox says who may.");

    public static readonly Refusal RunDecided =
        new("compensation.run_decided", 409, Retryable: false,
            "Look at the run: guerdon grant show RUN (GET /api/v1/grants/runs/{id}).");

    public static readonly Refusal RunDigestNeeded =
        new("compensation.run_digest_needed", 422, Retryable: false,
            "Look at the run (guerdon grant show RUN), and approve it with the digest that it shows.");

    public static readonly Refusal RunDigestDiffers =
        new("compensation.run_digest_differs", 409, Retryable: false,
            "Look at the run again (guerdon grant show RUN): approve what it is now, or decline it.");

    public static readonly Refusal RunChanged =
        new("compensation.run_changed", 409, Retryable: false,
            "Decline or reverse the run, find out who changed its lines, and prepare it again.");

    public static readonly Refusal ReasonInvalid =
        new("compensation.reason_invalid", 422, Retryable: false, "Say why, in at most 1,000 characters.");

    public static readonly Refusal VestingFactInvalid =
        new("compensation.vesting_fact_invalid", 422, Retryable: false, "Correct what is named and record it again.");

    public static readonly Refusal VestingFactDecided =
        new("compensation.vesting_fact_decided", 409, Retryable: false,
            "Nothing more is to be decided; a declined fact can be recorded again.");

    public static readonly Refusal VestingFactNotFound =
        new("compensation.vesting_fact_not_found", 404, Retryable: false,
            "Name a fact by the id that it was answered with.");

    public static readonly Refusal FirstDayInvalid =
        new("compensation.first_day_invalid", 422, Retryable: false,
            "Name the first day of this month or of a later one, as 2026-12-01.");

    public static readonly Refusal TierInvalid =
        new("compensation.tier_invalid", 422, Retryable: false, "Correct what is named and ask again.");

    public static readonly Refusal TierAsked =
        new("compensation.tier_asked", 409, Retryable: false,
            "Read it: guerdon tier list (GET /api/v1/tiers/requests).");

    public static readonly Refusal TierNotFound =
        new("compensation.tier_not_found", 404, Retryable: false,
            "Name one that 'guerdon tier list --all' lists (GET /api/v1/tiers/requests?all=true).");

    public static readonly Refusal TierDecided =
        new("compensation.tier_decided", 409, Retryable: false,
            "Nothing more is to be decided; a declined tier can be asked for again.");

    public static readonly Refusal PhaseNotFound =
        new("compensation.phase_not_found", 404, Retryable: false,
            "Name one that 'guerdon phase list PLAN' lists (GET /api/v1/plans/{name}/phases).");

    public static readonly Refusal PhaseInvalid =
        new("compensation.phase_invalid", 422, Retryable: false,
            "Propose the next phase with a report, then let administrators vote.");

    public static readonly Refusal PhaseDigestNeeded =
        new("compensation.phase_digest_needed", 422, Retryable: false,
            "Read the phase (guerdon phase list PLAN, or the plan's page), and vote with the digest that it shows.");

    public static readonly Refusal PhaseDigestDiffers =
        new("compensation.phase_digest_differs", 409, Retryable: false,
            "Read the phase again (guerdon phase list PLAN, or the plan's page): vote on what is proposed now.");

    public static readonly Refusal PhaseOpen =
        new("compensation.phase_open", 409, Retryable: false, "It is open for good; propose the one that follows.");
}
