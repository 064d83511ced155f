using System.Reflection;

namespace Guerdon.Notices;

/// <summary>
/// Every kind of notice, once, with whether it must be told. What takes something away, becomes pay or opens an account
/// must be: nobody can switch it off. A notice of any other kind does not compile.
/// </summary>
public static class NoticeKinds
{
    public static readonly NoticeKind Grant = new("grant", false, "You were granted tokens");

    public static readonly NoticeKind ExpiryWeek = new("expiry_week", true, "Tokens expire within a week");

    public static readonly NoticeKind ExpiryDay = new("expiry_day", true, "Tokens expire within a day");

    public static readonly NoticeKind RolloverWeek = new("rollover_week", true, "Unused tokens lapse within a week");

    public static readonly NoticeKind RolloverDay = new("rollover_day", true, "Unused tokens lapse within a day");

    public static readonly NoticeKind ConversionSettled = new(
        "conversion_settled", true, "Your conversion is approved and will be paid");

    public static readonly NoticeKind ConversionDeclined = new(
        "conversion_declined", true, "Your conversion was declined");

    public static readonly NoticeKind ConversionLapsed = new(
        "conversion_lapsed", true, "Your conversion ended without a decision");

    public static readonly NoticeKind ConversionReversed = new(
        "conversion_reversed", true, "Your conversion was reversed");

    public static readonly NoticeKind ClaimApproved = new(
        "claim_approved", true, "Your claim is approved and will be paid");

    public static readonly NoticeKind ClaimDeclined = new("claim_declined", true, "Your claim was declined");

    public static readonly NoticeKind LinkMade = new("link_made", true, "A link was made that sets your password");

    public static readonly NoticeKind LinkUsed = new("link_used", true, "Your password was set by a link");

    public static readonly NoticeKind PasswordChanged = new(
        "password_changed", true, "Your password was changed");

    public static readonly NoticeKind PasskeyAdded = new("passkey_added", true, "A passkey was added to your account");

    public static readonly NoticeKind PasskeyRemoved = new(
        "passkey_removed", true, "A passkey was removed from your account");

    public static readonly NoticeKind PasskeyRefused = new("passkey_refused", true, "A passkey of yours was refused");

    /// <summary>All of the above, in their order.</summary>
    public static readonly IReadOnlyList<NoticeKind> All =
    [
        .. typeof(NoticeKinds).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(NoticeKind)).Select(field => (NoticeKind)field.GetValue(null)!),
    ];

    private static readonly Dictionary<string, NoticeKind> ByName = All.ToDictionary(kind => kind.Name);

    /// <summary>The kind of this name, or null: an earlier program may have had others.</summary>
    public static NoticeKind? Find(string? name) => name is null ? null : ByName.GetValueOrDefault(name);

    /// <summary>Whether a notice is sent by e-mail to whoever chose so. What is not known must be told.</summary>
    public static bool IsMailed(string kind, bool? chosen) =>
        chosen is not false || Find(kind) is not { MustBeTold: false };
}
