using Guerdon.Kernel;

namespace Guerdon.Payroll;

/// <summary>Every expected "no" of conversion, pay lines and notices.</summary>
internal static class ConversionRefusals
{
    public static readonly Refusal TermsInvalid =
        new("compensation.terms_invalid", 422, Retryable: false, "Correct the lines listed and send the file again.");

    public static readonly Refusal TermsNeverOpen =
        new("compensation.terms_never_open", 422, Retryable: false,
            "Give a window a last day that is to come, or yearly_from and yearly_to.");

    public static readonly Refusal TermsTooLarge =
        new("compensation.terms_too_large", 413, Retryable: false, "Send terms of at most 64 KB.");

    public static readonly Refusal NoTerms =
        new("compensation.no_terms", 409, Retryable: true, "Ask an administrator to apply conversion terms.");

    public static readonly Refusal WishInvalid =
        new("compensation.conversion_invalid", 400, Retryable: false, "Correct the request; nothing was set aside.");

    public static readonly Refusal WindowClosed =
        new("compensation.window_closed", 409, Retryable: true, "Ask again while a window is open.");

    public static readonly Refusal FormNotOffered =
        new("compensation.form_not_offered", 409, Retryable: true, "Choose a form that the terms offer.");

    public static readonly Refusal NotEligible =
        new("compensation.not_eligible", 403, Retryable: false, "Choose another form, or ask an administrator.");

    public static readonly Refusal NoRate =
        new("compensation.no_rate", 409, Retryable: true, "Ask an administrator to add a rate for that currency.");

    public static readonly Refusal ClassCrossed =
        new("compensation.class_crossed", 409, Retryable: false,
            "Choose the form that the tokens' tax class becomes; a class is never crossed.");

    public static readonly Refusal NotEnough =
        new("compensation.not_enough_reward", 402, Retryable: true, "Ask for less, or wait for the next reward.");

    public static readonly Refusal TooLittle = new("compensation.too_little", 409, Retryable: false, "Ask for more.");

    public static readonly Refusal OverCap =
        new("compensation.over_cap", 409, Retryable: true,
            "Ask for what is left, or wait for the next window or year.");

    public static readonly Refusal KeyReused =
        new("compensation.conversion_key_reused", 409, Retryable: false, "Use a new key for a different request.");

    public static readonly Refusal Busy =
        new("compensation.conversion_busy", 409, Retryable: true, "Send the same request again.");

    public static readonly Refusal NotFound =
        new("compensation.conversion_not_found", 404, Retryable: false, "Name a conversion by its id, as cnv_….");

    public static readonly Refusal Decided =
        new("compensation.conversion_decided", 409, Retryable: false,
            "Read how it stands; only an open one can change.");

    public static readonly Refusal StepNeeded =
        new("compensation.conversion_step_needed", 422, Retryable: false,
            "Read the conversion (guerdon convert list --all), and name the step in which its reversal was asked for.");

    public static readonly Refusal StepDiffers =
        new("compensation.conversion_step_differs", 409, Retryable: false,
            "Read the conversion again (guerdon convert list --all): decide what is asked for now.");

    public static readonly Refusal LockEnded =
        new("compensation.lock_ended", 409, Retryable: false, "Have it asked for again, at the rate of that day.");

    public static readonly Refusal SelfApproval =
        new("compensation.self_approval", 403, Retryable: false, "Have somebody else decide it.");

    public static readonly Refusal ReasonMissing =
        new("compensation.reason_missing", 400, Retryable: false, "Say why, in 1 to 1,000 characters.");

    public static readonly Refusal PayLineNotFound =
        new("compensation.pay_line_not_found", 404, Retryable: false, "Name a pay line by its id, as pay_….");

    public static readonly Refusal DoesNotReAdd =
        new("compensation.does_not_re_add", 409, Retryable: false,
            "Run guerdon verify; the line is shown again once it matches the ledger.");
}
