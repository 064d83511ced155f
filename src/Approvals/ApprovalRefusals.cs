using Guerdon.Kernel;

namespace Guerdon.Approvals;

/// <summary>What this module refuses by itself. What may not be decided is refused by the module that owns
/// it.</summary>
internal static class ApprovalRefusals
{
    public static readonly Refusal PageInvalid = new("approvals.page_invalid", 400, Retryable: false,
        "Ask for 1 to 1,000 rows, after the 'next' of the page before.");
}
