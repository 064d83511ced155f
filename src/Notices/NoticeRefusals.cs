using Guerdon.Kernel;

namespace Guerdon.Notices;

/// <summary>Every expected "no" of notices.</summary>
internal static class NoticeRefusals
{
    public static readonly Refusal NotYourNotices =
        new("compensation.not_your_notices", 403, Retryable: false, "Only the person a notice is for marks it seen.");
}
