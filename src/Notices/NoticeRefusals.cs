using Guerdon.Kernel;

namespace Guerdon.Notices;

/// <summary>Every expected "no" of notices.</summary>
internal static class NoticeRefusals
{
    public static readonly Refusal NotYourNotices = new(
        "compensation.not_your_notices", 403, Retryable: false,
        "Only the person a notice is for marks it seen, and chooses which come by e-mail.");

    public static readonly Refusal KindUnknown = new(
        "compensation.notice_kind_unknown", 400, Retryable: false,
        "Take one of the kinds that GET /api/v1/people/me/notices/choices lists.");

    public static readonly Refusal MustBeTold = new(
        "compensation.notice_must_be_told", 409, Retryable: false,
        "What takes something away or becomes pay is always told. Leave these kinds out, and switch others off.");

    public static readonly Refusal StateUnknown = new(
        "compensation.delivery_state_unknown", 400, Retryable: false,
        "Ask for failed, waiting, sent or skipped.");

    public static readonly Refusal ChannelUnknown = new(
        "compensation.notice_way_unknown", 400, Retryable: false, "Take email or webhook, or leave it out.");
}
