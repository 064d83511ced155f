using Guerdon.Kernel;

namespace Guerdon.Payroll;

/// <summary>Every expected "no" of payroll settings, pay periods, payroll files and the general ledger.</summary>
public static class PayrollRefusals
{
    public static readonly Refusal Invalid =
        new("compensation.payroll_invalid", 422, Retryable: false, "Correct the lines listed and send the file again.");

    public static readonly Refusal TooLarge =
        new("compensation.payroll_too_large", 413, Retryable: false, "Send payroll settings of at most 64 KB.");

    public static readonly Refusal NoSettings =
        new("compensation.payroll_unset", 409, Retryable: true,
            "Apply payroll settings that are in effect then: guerdon payroll apply payroll.yaml.");

    public static readonly Refusal IdentityUnknown =
        new("compensation.payroll_identity_unknown", 422, Retryable: false,
            "Name email or a kind that is declared, or declare yours: 'guerdon person kind NAME', "
                + "then import people with it.");

    public static readonly Refusal PeriodsBroken =
        new("compensation.payroll_periods_broken", 409, Retryable: false,
            "Let the settings come into effect on a day on which a pay period of those before begins.");

    public static readonly Refusal PeriodExported =
        new("compensation.payroll_period_exported", 409, Retryable: false,
            "Let the settings come into effect after the last pay period that payroll has a file of.");

    public static readonly Refusal PeriodInvalid =
        new("compensation.pay_period_invalid", 400, Retryable: false,
            "Name any day of the pay period as 2026-11-30, or a month as 2026-11 where pay periods are months.");

    public static readonly Refusal PeriodToCome =
        new("compensation.pay_period_to_come", 409, Retryable: true, "Export a pay period that has begun.");

    public static readonly Refusal LayoutUnknown =
        new("compensation.payroll_layout_unknown", 400, Retryable: false, "Name adp, gusto, workday or plain.");

    public static readonly Refusal LayoutUnset =
        new("compensation.payroll_layout_unset", 409, Retryable: false,
            "State the company's codes for it under layouts in the payroll settings.");

    public static readonly Refusal CodesMissing =
        new("compensation.payroll_codes_missing", 422, Retryable: false,
            "Add what is listed to the payroll settings or to people, and export again.");

    public static readonly Refusal NotExported =
        new("compensation.payroll_not_exported", 404, Retryable: false,
            "Make the file first: POST the same address, or guerdon payroll export.");

    public static readonly Refusal SpanInvalid =
        new("compensation.gl_span_invalid", 400, Retryable: false,
            "Name the first day and the day after the last: from=2026-11-01&to=2026-12-01.");

    public static readonly Refusal FormatUnknown =
        new("compensation.export_format_unknown", 400, Retryable: false, "Name one of the formats listed.");

    public static readonly Refusal RateMissing =
        new("compensation.rate_missing", 409, Retryable: false,
            "State what the currency is worth under currencies in the payroll settings.");
}
