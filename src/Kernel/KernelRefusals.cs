namespace Guerdon.Kernel;

/// <summary>What any module may have to refuse.</summary>
public static class KernelRefusals
{
    public static readonly Refusal PeriodInvalid =
        new("compensation.period_invalid", 400, Retryable: false, "Name a month as 2026-11.");

    public static readonly Refusal PostingRefused =
        new("compensation.posting_refused", 409, Retryable: true, "Read the reason, then repeat the run; it goes on.");
}
