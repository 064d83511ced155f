using System.Text.Json;
using Guerdon.Notices.Deliveries;

namespace Guerdon.Notices.Webhook;

/// <summary>A notice as the receiver reads it. No name and no address of the person is in it, only the id.</summary>
/// <param name="Notice">Its id, <c>ntc_…</c>: the same for each try.</param>
/// <param name="Kind">What about.</param>
/// <param name="MustBeTold">Whether the person cannot switch it off.</param>
/// <param name="Person">Whom it tells, <c>prs_…</c>.</param>
/// <param name="Subject">The id of what it is about.</param>
/// <param name="Text">As the page has it.</param>
/// <param name="GivenAt">When.</param>
internal sealed record WebhookBody(
    string Notice, string Kind, bool MustBeTold, string Person, string Subject, string Text, DateTimeOffset GivenAt)
{
    /// <summary>The bytes that are sent: the same for each try.</summary>
    public static byte[] Of(DueNotice notice) => JsonSerializer.SerializeToUtf8Bytes(
        new WebhookBody(
            $"{notice.Notice}", notice.Kind, NoticeKinds.Find(notice.Kind) is not { MustBeTold: false },
            $"{notice.Person}", notice.Subject, notice.Text, notice.GivenAt.ToUniversalTime()),
        JsonSerializerOptions.Web);
}
