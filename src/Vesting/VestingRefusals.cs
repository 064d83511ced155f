using Guerdon.Kernel;

namespace Guerdon.Vesting;

/// <summary>Every expected "no" to vesting terms and what they are asked for.</summary>
internal static class VestingRefusals
{
    public static readonly Refusal VestingInvalid =
        new("compensation.vesting_invalid", 422, Retryable: false, "Correct the lines listed and send the file again.");

    public static readonly Refusal VestingTooLarge =
        new("compensation.vesting_too_large", 413, Retryable: false, "Send vesting terms of at most 256 KB.");

    public static readonly Refusal VestingFactsInvalid =
        new("compensation.vesting_facts_invalid", 400, Retryable: false,
            "Name quantity as a whole number, and start (and left, where somebody leaves) as 2026-11-30.");
}
